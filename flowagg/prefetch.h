/* SPDX-License-Identifier: MIT
 *
 * Functions that only bring memory into the cache.
 *
 * gcc 12 takes such a function for one without any effect and drops calls
 * of it, unless it is told to inline it, whatever it thinks of that.  The same
 * goes for a function that only calls such ones: what is left shows
 *
 *	objdump -d bin/flowagg | grep prefetch
 */
#ifndef FLOWAGG_PREFETCH_H
#define FLOWAGG_PREFETCH_H

#define PREFETCHES __attribute__((always_inline)) static inline void

#endif
