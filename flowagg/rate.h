/* SPDX-License-Identifier: MIT
 *
 * The last 41 seconds of something, second by second and both ways, from
 * which the 2, 10 and 40 s averages come.  Slots are whole seconds on a
 * fixed grid; only complete ones count, so a steady rate reads as itself
 * and a burst leaves each window exactly when it is that old.
 *
 * What a flow needs is small as long as the flow is: a log of up to 16
 * seconds that had traffic (128 bytes); then a ring of 41 slots of three
 * bytes each way (256 bytes); and only beyond 16 MB in one second a wide
 * ring.  Each gives way to the next by itself.
 */
#ifndef FLOWAGG_RATE_H
#define FLOWAGG_RATE_H

#include <stdbool.h>
#include <stdint.h>

#include "flowagg/halves.h"
#include "flowagg/pool.h"
#include "flowagg/prefetch.h"

enum { RATE_SLOTS = 41, RATE_WINDOWS = 3, RATE_HISTORY = 40 };

/* Seconds of each window: 2, 10, 40. */
extern const uint32_t rate_windows[RATE_WINDOWS];

/* All rings; a ring is known by number, whose two highest bits say what it is;
 * 0 is "none yet". */
#define RATE_NARROW_BIT 0x40000000u
#define RATE_WIDE_BIT 0x80000000u
#define RATE_NUMBER_BITS 0x3fffffffu
struct rates {
	struct halves small;	/* logs in halves, narrow rings in wholes */
	struct pool wide;
};

void rates_init(struct rates *, uint32_t max);
void rates_done(struct rates *);

/* Add bytes to a second's slot, each way (0 sent, 1 received); a second that
 * has left the ring is ignored.  Returns the ring's number, which is new
 * when there was none or when it had to grow. */
uint32_t rate_add(struct rates *, uint32_t ring, uint32_t second,
    const uint32_t bytes[2]);

/* Bytes of the 2, 10 and 40 whole seconds before `now`, added to sums. */
void rate_sums(const struct rates *, uint32_t ring, uint32_t now,
    uint64_t sums[RATE_WINDOWS][2]);

/* Bytes both ways: of the `seconds` whole ones before `now`, 40 at most, and of
 * `now` itself so far. */
struct recent {
	uint64_t bytes, running;
};
struct recent rate_recent(const struct rates *, uint32_t ring, uint32_t now,
    uint32_t seconds);

/* Bytes both ways of each of the 40 seconds before `now`, oldest first,
 * added to samples. */
void rate_history(const struct rates *, uint32_t ring, uint32_t now,
    uint64_t samples[RATE_HISTORY]);

/* The largest second so far, each way, where larger than in peaks. */
void rate_peaks(const struct rates *, uint32_t ring, uint64_t peaks[2]);

/* The largest second is this now, each way; no larger than there was one. */
void rate_set_peaks(struct rates *, uint32_t ring, const uint64_t peaks[2]);

/* Bytes of one second's slot, each way, added to bytes. */
void rate_second(const struct rates *, uint32_t ring, uint32_t second,
    uint64_t bytes[2]);

/* Bring into the cache what rate_add() will touch.  Of a wide ring that would
 * be more: there are few. */
PREFETCHES
rate_prefetch(const struct rates *r, uint32_t ring)
{
	bool narrow = (ring & RATE_NARROW_BIT) != 0;
	uint32_t half = (ring & RATE_NUMBER_BITS) << narrow;
	if (ring == 0 || (ring & RATE_WIDE_BIT) != 0)
		return;
	const char *at = halves_at_half(&r->small, half);
	__builtin_prefetch(at, 1);
	__builtin_prefetch(at + 64, 1);
}

void rate_free(struct rates *, uint32_t ring);

/* An average in bytes per second: bytes over a window of `seconds` at
 * `now_ns`, when the stream began at `start_ns`: divided by what is really
 * covered, rounded to nearest; 0 when that is less than half a second. */
uint64_t rate_average(uint64_t bytes, uint32_t seconds, uint64_t start_ns,
    uint64_t now_ns);

#endif
