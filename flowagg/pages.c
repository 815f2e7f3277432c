/* SPDX-License-Identifier: MIT
 *
 * Advice to the kernel.
 */
#include "flowagg/pages.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

void
pages_populate(void *from, size_t bytes)
{
#ifdef MADV_POPULATE_WRITE
	/* Only pages that lie in there wholly. */
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	size_t before = (page - (uintptr_t)from % page) % page;
	if (bytes >= before + page)
		madvise((char *)from + before, (bytes - before) / page * page,
		    MADV_POPULATE_WRITE);
#else
	(void)from;
	(void)bytes;
#endif
}

void
pages_enlarge(void *from, size_t bytes)
{
#ifdef MADV_HUGEPAGE
	madvise(from, bytes, MADV_HUGEPAGE);
#else
	(void)from;
	(void)bytes;
#endif
}
