/* SPDX-License-Identifier: MIT
 *
 * Pieces of two sizes from one pool: a whole, or half of one.  Two halves
 * that are given back make a whole again, so what grows from a half to a
 * whole leaves no hole behind that only halves could fill.
 *
 * Pieces are known by number; halves 2n and 2n + 1 are those of whole n,
 * which begins at half 2n.  0 is never given out.
 */
#ifndef FLOWAGG_HALVES_H
#define FLOWAGG_HALVES_H

#include <stddef.h>
#include <stdint.h>

#include "flowagg/pool.h"

struct halves {
	struct pool wholes;
	struct pool used;	/* a byte for each whole: which halves are */
	uint32_t free_half;	/* head of the list of single free halves */
};

/* Room for `max` wholes of `size` bytes, which is a multiple of 16. */
void halves_init(struct halves *, size_t size, uint32_t max);
void halves_done(struct halves *);

/* Zeroed pieces, 0 when there are none left; and give them back. */
uint32_t halves_take_half(struct halves *);
uint32_t halves_take_whole(struct halves *);
void halves_give_half(struct halves *, uint32_t half);
void halves_give_whole(struct halves *, uint32_t whole);

static inline void *
halves_at_half(const struct halves *h, uint32_t half)
{
	return h->wholes.base + (size_t)half * (h->wholes.size / 2);
}

static inline void *
halves_at_whole(const struct halves *h, uint32_t whole)
{
	return h->wholes.base + (size_t)whole * h->wholes.size;
}

#endif
