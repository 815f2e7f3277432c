/* SPDX-License-Identifier: MIT
 *
 * Two clocks: packets carry wall time, the kernel's events time since boot.
 */
#ifndef PROCMAP_CLOCK_H
#define PROCMAP_CLOCK_H

#include <stdint.h>
#include <time.h>

#include "lib/clock.h"

#ifndef CLOCK_BOOTTIME		/* elsewhere monotonic time will do */
#define CLOCK_BOOTTIME CLOCK_MONOTONIC
#endif

static inline int64_t
clock_us(clockid_t id)
{
	return (int64_t)(clock_ns(id) / 1000);
}

/* Microseconds since boot, suspended time included. */
static inline int64_t
clock_boot_us(void)
{
	return clock_us(CLOCK_BOOTTIME);
}

/* Microseconds of work of this thread: a time to work that ends when others
 * have the processor would end sooner where there is more to do. */
static inline int64_t
clock_work_us(void)
{
	return clock_us(CLOCK_THREAD_CPUTIME_ID);
}

/* Add this to wall time to get time since boot.  Another process may run
 * between two looks at clocks: of some tries the quickest counts. */
static inline int64_t
clock_offset_us(void)
{
	enum { TRIES = 5, QUICK = 3 };
	int64_t offset = 0, took = INT64_MAX;
	for (int i = 0; i < TRIES && took > QUICK; i++) {
		int64_t before = clock_boot_us();
		int64_t wall = clock_us(CLOCK_REALTIME);
		int64_t now = clock_boot_us();
		if (now - before < took) {
			took = now - before;
			offset = before + took / 2 - wall;
		}
	}
	return offset;
}

#endif
