/* SPDX-License-Identifier: MIT
 *
 * Objects of one size known by number, in address space reserved once: they
 * never move, nothing is copied as they grow in number, and memory is used
 * only for those that were.  Number 0 is never given out.
 */
#ifndef FLOWAGG_POOL_H
#define FLOWAGG_POOL_H

#include <stddef.h>
#include <stdint.h>

struct pool {
	char *base;
	size_t size;		/* of an object, bytes */
	uint32_t max;		/* objects */
	uint32_t used;		/* numbers given out so far */
	uint32_t ready;		/* the memory up to this number is there */
	uint32_t freed;		/* head of the list of those given back */
};

/* Room for `max` objects of `size` (at least 4) bytes; exits when the
 * address space cannot be had. */
void pool_init(struct pool *, size_t size, uint32_t max);
void pool_done(struct pool *);

/* Objects are used at random: fewer, larger pages, beyond the first few. */
void pool_at_random(struct pool *);

/* An object of this number will be used, which is about the next one: its
 * memory is made ready, once there is much, with that of some more. */
void pool_make_ready(struct pool *, uint32_t number);

static inline void
pool_reach(struct pool *p, uint32_t number)
{
	if (number > p->ready)
		pool_make_ready(p, number);
}

/* A zeroed object's number, 0 when all are in use; and give one back. */
uint32_t pool_take(struct pool *);
void pool_give(struct pool *, uint32_t number);

static inline void *
pool_at(const struct pool *p, uint32_t number)
{
	return p->base + (size_t)number * p->size;
}

#endif
