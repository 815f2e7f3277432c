/* SPDX-License-Identifier: MIT
 *
 * What a flow with few seconds of traffic has in place of a ring: a log of
 * those, with the bytes of each, both ways (0 sent, 1 received).  rate.h
 * tells how the two go together.
 */
#ifndef FLOWAGG_RATE_LOG_H
#define FLOWAGG_RATE_LOG_H

#include <stdbool.h>
#include <stdint.h>

#include "flowagg/bytes3.h"
#include "flowagg/rate.h"

enum { LOG_ENTRIES = 16 };

/* A second with traffic. */
struct logged {
	uint8_t second;		/* the lowest 8 bits of it */
	uint8_t bytes[2][3];
};

/* Seconds in order, from logged[first] on, round the end.  None is older
 * than the ring of 41 slots would have, so 8 bits tell them apart. */
struct rate_log {
	uint32_t newest;
	uint8_t first, count;
	uint8_t peaks[2][3];
	struct logged logged[LOG_ENTRIES];
	uint8_t zero[4];
};

_Static_assert(sizeof(struct rate_log) == 128, "two cache lines");

/* The second of an entry, whole. */
static inline uint32_t
logged_second(const struct rate_log *l, const struct logged *e)
{
	return l->newest - (uint8_t)(l->newest - e->second);
}

/* An entry, from the oldest on. */
static inline const struct logged *
rate_log_at(const struct rate_log *l, unsigned i)
{
	return &l->logged[(l->first + i) % LOG_ENTRIES];
}

/* Add bytes to a second; false when the log is full or the sum too large for
 * an entry: a ring is needed. */
bool rate_log_add(struct rate_log *, uint32_t second,
    const uint32_t bytes[2]);

/* As rate_sums(), rate_history() and rate_second() in rate.h. */
void rate_log_sums(const struct rate_log *, uint32_t now,
    uint64_t sums[RATE_WINDOWS][2]);
void rate_log_history(const struct rate_log *, uint32_t now,
    uint64_t samples[RATE_HISTORY]);
void rate_log_second(const struct rate_log *, uint32_t second,
    uint64_t bytes[2]);

#endif
