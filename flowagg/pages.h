/* SPDX-License-Identifier: MIT
 *
 * How the kernel gives memory that is used for the first time: a hint only,
 * and nothing where there is no such thing.
 */
#ifndef FLOWAGG_PAGES_H
#define FLOWAGG_PAGES_H

#include <stddef.h>

/* All of it will be written soon: one call for many pages costs about half
 * of what a fault for each would (MADV_POPULATE_WRITE, madvise(2)). */
void pages_populate(void *from, size_t bytes);

/* It is used at random: larger pages, so that the processor finds them
 * without walking their table (MADV_HUGEPAGE).  From a page's start on. */
void pages_enlarge(void *from, size_t bytes);

#endif
