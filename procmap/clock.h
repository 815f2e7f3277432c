/* SPDX-License-Identifier: MIT
 *
 * Two clocks: packets carry wall time, the kernel's events time since boot.
 */
#ifndef PROCMAP_CLOCK_H
#define PROCMAP_CLOCK_H

#include <stdint.h>
#include <time.h>

#ifndef CLOCK_BOOTTIME		/* elsewhere monotonic time will do */
#define CLOCK_BOOTTIME CLOCK_MONOTONIC
#endif

static inline int64_t
clock_us(clockid_t id)
{
	struct timespec t;
	clock_gettime(id, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Microseconds since boot, suspended time included. */
static inline int64_t
clock_boot_us(void)
{
	return clock_us(CLOCK_BOOTTIME);
}

/* Add this to wall time to get time since boot. */
static inline int64_t
clock_offset_us(void)
{
	return clock_boot_us() - clock_us(CLOCK_REALTIME);
}

#endif
