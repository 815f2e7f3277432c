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
	uint64_t head;		/* struct rate_log_head */
	uint32_t newest;
	struct logged logged[LOG_ENTRIES];
	uint8_t zero[4];	/* read with the last entry */
};

_Static_assert(sizeof(struct rate_log) == 128, "two cache lines");

/* What a log's head says: 8 bits, 8, 24 and 24. */
struct rate_log_head {
	unsigned first, count;
	uint32_t peaks[2];
};

static inline struct rate_log_head
rate_log_head(const struct rate_log *l)
{
	return (struct rate_log_head){ .first = (uint8_t)l->head,
		.count = (uint8_t)(l->head >> 8),
		.peaks = { l->head >> 16 & BYTES3_MAX,
		    (uint32_t)(l->head >> 40) } };
}

static inline void
rate_log_set_head(struct rate_log *l, const struct rate_log_head *h)
{
	l->head = h->first | h->count << 8 | (uint64_t)h->peaks[0] << 16 |
	    (uint64_t)h->peaks[1] << 40;
}

/* What an entry says; it is read as a word, and written as one. */
struct logged_values {
	uint32_t ago;		/* seconds before the newest of the log */
	uint32_t bytes[2];
};

static inline uint64_t
logged_little_endian(uint64_t word)
{
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? word :
	    __builtin_bswap64(word);
}

static inline struct logged_values
logged_values(const struct rate_log *l, const struct logged *e)
{
	uint64_t word;
	memcpy(&word, e, sizeof(word));
	word = logged_little_endian(word);
	return (struct logged_values){ .ago = (uint8_t)(l->newest - word),
		.bytes = { word >> 8 & BYTES3_MAX, word >> 32 & BYTES3_MAX } };
}

static inline void
logged_set(struct logged *e, uint32_t second, const uint32_t bytes[2])
{
	uint64_t word = logged_little_endian((uint8_t)second |
	    (uint64_t)bytes[0] << 8 | (uint64_t)bytes[1] << 32);
	memcpy(e, &word, sizeof(*e));
}

/* Add bytes to a second; false when the log is full or the sum too large for
 * an entry: a ring is needed. */
bool rate_log_add(struct rate_log *, uint32_t second,
    const uint32_t bytes[2]);

/* As rate_sums(), rate_recent(), rate_history() and rate_second() in
 * rate.h. */
void rate_log_sums(const struct rate_log *, uint32_t now,
    uint64_t sums[RATE_WINDOWS][2]);
struct recent rate_log_recent(const struct rate_log *, uint32_t now,
    uint32_t seconds);
void rate_log_history(const struct rate_log *, uint32_t now,
    uint64_t samples[RATE_HISTORY]);
void rate_log_second(const struct rate_log *, uint32_t second,
    uint64_t bytes[2]);

#endif
