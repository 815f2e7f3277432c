/* SPDX-License-Identifier: MIT
 *
 * The two clocks of a live capture.
 */
#ifndef CAPD_CLOCK_H
#define CAPD_CLOCK_H

#include <stdint.h>
#include <time.h>

#define CLOCK_MS UINT64_C(1000000)	/* ns */
#define CLOCK_S UINT64_C(1000000000)

/* ns since 1970, as packets are stamped. */
static inline uint64_t
clock_wall(void)
{
	struct timespec t;
	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * CLOCK_S + (uint64_t)t.tv_nsec;
}

/* ms that only go forward, for what is due when. */
static inline uint64_t
clock_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / CLOCK_MS;
}

/* ms from now, 1 at least, until the time `behind` ms ago is a multiple of
 * `period`. */
static inline unsigned
clock_until(unsigned period, unsigned behind)
{
	uint64_t ago = clock_wall() / CLOCK_MS - behind;
	return period - (unsigned)(ago % period);
}

#endif
