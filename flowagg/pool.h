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
	uint32_t freed;		/* head of the list of those given back */
};

/* Room for `max` objects of `size` (at least 4) bytes; exits when the
 * address space cannot be had. */
void pool_init(struct pool *, size_t size, uint32_t max);
void pool_done(struct pool *);

/* Objects are used at random: fewer, larger pages, beyond the first few. */
void pool_at_random(struct pool *);

/* A zeroed object's number, 0 when all are in use; and give one back. */
uint32_t pool_take(struct pool *);
void pool_give(struct pool *, uint32_t number);

static inline void *
pool_at(const struct pool *p, uint32_t number)
{
	return p->base + (size_t)number * p->size;
}

#endif
