/* SPDX-License-Identifier: MIT
 *
 * The clock of packets in a live capture; clock_ms() is that of what is due.
 */
#ifndef CAPD_CLOCK_H
#define CAPD_CLOCK_H

#include <stdint.h>
#include <time.h>

#include "lib/clock.h"

#define CLOCK_MS UINT64_C(1000000)	/* ns */
#define CLOCK_S UINT64_C(1000000000)

/* ns since 1970, as packets are stamped. */
static inline uint64_t
clock_wall(void)
{
	return clock_ns(CLOCK_REALTIME);
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
