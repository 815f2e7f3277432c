/* SPDX-License-Identifier: MIT
 *
 * A pool over one reserved mapping.
 */
#include "flowagg/pool.h"

#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "flowagg/pages.h"

#ifndef MAP_NORESERVE
#define MAP_NORESERVE 0		/* what lacks it reserves nothing, either */
#endif

enum {
	SMALL = 1 << 20,	/* bytes that are not made ready before */
	AHEAD = 64 << 10,	/* ... and those that are, at once */
	/* About what a processor finds in small pages without walking their
	 * table. */
	FEW_BYTES = 16 << 20,
};

void
pool_init(struct pool *p, size_t size, uint32_t max)
{
	uint64_t bytes = ((uint64_t)max + 1) * size;
	*p = (struct pool){ .size = size, .max = max,
		.ready = (uint32_t)(SMALL / size - 1) };
	errno = ENOMEM;		/* more than a processor can address */
	void *base = bytes > SIZE_MAX ? MAP_FAILED :
	    mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (base == MAP_FAILED)
		err(EXIT_FAILURE, "cannot reserve %llu bytes for %u entries "
		    "(a smaller --max-flows needs less)",
		    (unsigned long long)bytes, (unsigned)max);
	p->base = base;
}

void
pool_done(struct pool *p)
{
	if (p->base != NULL)
		munmap(p->base, ((size_t)p->max + 1) * p->size);
	*p = (struct pool){ 0 };
}

void
pool_make_ready(struct pool *p, uint32_t number)
{
	size_t all = ((size_t)p->max + 1) * p->size;
	size_t from = (size_t)number * p->size / AHEAD * AHEAD;
	size_t end = (((size_t)number + 1) * p->size + AHEAD - 1) / AHEAD *
	    AHEAD;
	if (end > all)
		end = all;
	pages_populate(p->base + from, end - from);
	p->ready = (uint32_t)(end / p->size - 1);
}

uint32_t
pool_take(struct pool *p)
{
	uint32_t number = p->freed;
	if (number != 0) {
		void *at = pool_at(p, number);
		memcpy(&p->freed, at, sizeof(p->freed));
		memset(at, 0, p->size);
		return number;
	}
	if (p->used == p->max)
		return 0;
	pool_reach(p, ++p->used);
	return p->used;
}

void
pool_give(struct pool *p, uint32_t number)
{
	memcpy(pool_at(p, number), &p->freed, sizeof(p->freed));
	p->freed = number;
}

void
pool_at_random(struct pool *p)
{
	size_t bytes = ((size_t)p->max + 1) * p->size;
	if (bytes > FEW_BYTES)
		pages_enlarge(p->base + FEW_BYTES, bytes - FEW_BYTES);
}
