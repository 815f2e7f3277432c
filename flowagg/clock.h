/* SPDX-License-Identifier: MIT
 *
 * Stream time, and what happens as it passes: alerts are looked at every
 * second, a snapshot is told at every interval.  Part of the aggregate.
 */
#ifndef FLOWAGG_CLOCK_H
#define FLOWAGG_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "flowagg/aggregate.h"

static inline uint32_t
clock_second(uint64_t ns)
{
	return (uint32_t)(ns / NS_PER_SECOND);
}

/* Seconds have 32 bits, so time stands still in 2106, with room for every
 * second that is still to be scheduled. */
static const uint64_t CLOCK_LATEST = (uint64_t)(UINT32_MAX - 7 * 86400) *
    NS_PER_SECOND;

/* The stream's time of a record. */
static inline uint64_t
clock_time(const struct aggregate *a, uint64_t ts)
{
	uint64_t ns = ts + a->offset;
	return ns < ts || ns > CLOCK_LATEST ? CLOCK_LATEST : ns;
}

/* The next multiple of the interval, not sooner than half an interval. */
uint64_t clock_next_multiple(uint64_t ns, uint64_t interval);

/* The stream begins then, unless it has begun. */
void clock_start(struct aggregate *, uint64_t ns);

/* Let stream time pass up to `ns`, telling at each interval on the way. */
void clock_advance(struct aggregate *, uint64_t ns);

/* Does a record of this time, known to be in order, say that the clock of the
 * capturing host was set back? */
static inline bool
clock_went_back(const struct aggregate *a, uint64_t ts)
{
	return a->started && clock_time(a, ts) + NS_PER_SECOND < a->now;
}

/* It was, to this time: stream time goes on from where it was. */
void clock_follow(struct aggregate *, uint64_t ts);

/* Tell a snapshot, or skip it when the reader is not ready; the last one is
 * never skipped. */
void clock_snapshot(struct aggregate *, uint64_t at, bool last);

#endif
