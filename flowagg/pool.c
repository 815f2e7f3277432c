/* SPDX-License-Identifier: MIT
 *
 * A pool over one reserved mapping.
 */
#include "flowagg/pool.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#ifndef MAP_NORESERVE
#define MAP_NORESERVE 0		/* what lacks it reserves nothing, either */
#endif

/* About what a processor finds in small pages without walking their table. */
enum { FEW_BYTES = 16 << 20 };

void
pool_init(struct pool *p, size_t size, uint32_t max)
{
	size_t bytes = ((size_t)max + 1) * size;
	*p = (struct pool){ .size = size, .max = max };
	void *base = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (base == MAP_FAILED)
		err(EXIT_FAILURE, "cannot reserve %zu bytes for %u entries "
		    "(a smaller --max-flows needs less)", bytes,
		    (unsigned)max);
	p->base = base;
}

void
pool_done(struct pool *p)
{
	if (p->base != NULL)
		munmap(p->base, ((size_t)p->max + 1) * p->size);
	*p = (struct pool){ 0 };
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
	return p->used < p->max ? ++p->used : 0;
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
#ifdef MADV_HUGEPAGE
	size_t bytes = ((size_t)p->max + 1) * p->size;
	if (bytes > FEW_BYTES)
		madvise(p->base + FEW_BYTES, bytes - FEW_BYTES,
		    MADV_HUGEPAGE);
#else
	(void)p;
#endif
}
