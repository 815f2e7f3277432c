/* SPDX-License-Identifier: MIT
 *
 * The journal: what packets bring is first written down in their order, and
 * later posted to the ledger in the order of the flows, so that its memory
 * is walked through instead of jumped about in.  Packets of a flow that
 * come in the same second share an entry.  A journal that has grown long is
 * posted by a thread of its own while the next one fills.  On a million
 * flows that is worth a factor of two; with few, the journal stays short and
 * in the cache.
 */
#ifndef FLOWAGG_JOURNAL_H
#define FLOWAGG_JOURNAL_H

#include <stdint.h>

#include "flowagg/ledger.h"

enum { JOURNAL_ENTRIES = 1 << 14, JOURNAL_STEP = 1 << 13 };

struct journal {
	struct ledger *ledger;
	struct entry *entries;	/* JOURNAL_ENTRIES of them */
	uint32_t count;
	uint32_t look;		/* at this count: can it be handed over? */
	uint32_t base;		/* serial number of the first */
	struct poster *poster;
};

/* A journal of this ledger, which must stay where it is. */
void journal_init(struct journal *, struct ledger *);
void journal_done(struct journal *);

/* Write a new entry; its serial number. */
uint32_t journal_append(struct journal *, uint32_t flow, uint32_t second,
    unsigned way, uint32_t bytes);

/* A serial number that no entry has at this time. */
static inline uint32_t
journal_none(const struct journal *j)
{
	return j->base - 1;
}

/* Bring an entry into the cache, if it is there. */
static inline void
journal_prefetch(const struct journal *j, uint32_t serial)
{
	uint32_t at = serial - j->base;
	if (at < j->count)
		__builtin_prefetch(&j->entries[at], 1);
}

/* Write down a packet of a flow, where `serial` is that of the flow's
 * newest entry; what it is now. */
static inline uint32_t
journal_add(struct journal *j, uint32_t flow, uint32_t serial,
    uint32_t second, unsigned way, uint32_t bytes)
{
	uint32_t at = serial - j->base;
	if (at < j->count) {
		struct entry *e = &j->entries[at];
		if (e->flow == flow && e->second == second &&
		    e->bytes[way] <= UINT32_MAX - bytes &&
		    e->packets[way] < UINT16_MAX) {
			e->bytes[way] += bytes;
			e->packets[way]++;
			return serial;
		}
	}
	return journal_append(j, flow, second, way, bytes);
}

/* The flow is gone: its account is to be closed. */
void journal_close(struct journal *, uint32_t flow);

/* Post everything.  Only then, and before more is written, may the ledger
 * be touched by others. */
void journal_post(struct journal *);

#endif
