/* SPDX-License-Identifier: MIT
 *
 * The journal: what packets bring is first written down, and later posted
 * to the ledger.  Flows with neighbouring numbers share a sheet, so posting
 * one touches a small part of the ledger's memory over and over instead of
 * jumping about in all of it; with a million flows that is what a packet
 * costs most.  Packets of a flow that come in the same second share an
 * entry.  Sheets that are full are posted by others: poster.h.
 */
#ifndef FLOWAGG_JOURNAL_H
#define FLOWAGG_JOURNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "flowagg/ledger.h"
#include "flowagg/poster.h"
#include "flowagg/prefetch.h"

struct journal {
	struct poster *poster;
	struct sheet *sheets;	/* each has the flows of a page, or of a part */
	uint32_t flow_bits;	/* ... whose numbers agree but for so many */
	uint32_t sheet_count;
	uint32_t in_use;	/* sheets that were ever written on */
	bool seldom;		/* all is posted only at the end */
	bool sharing;		/* packets of a flow in a second share an
				 * entry */
	bool hurried;		/* it is waited for: two may be at work, and
				 * beforehand */
	uint32_t next_base;
};

/* A journal of this ledger, which must stay where it is. */
void journal_init(struct journal *, struct ledger *);
void journal_done(struct journal *);

/* All is posted only at the end, so room may be spent on that.  Before
 * anything is written. */
void journal_post_seldom(struct journal *);

/* A flow is new: a serial number that no entry of it will have. */
uint32_t journal_open(struct journal *, uint32_t flow);

static inline struct sheet *
journal_sheet(struct journal *j, uint32_t flow)
{
	return &j->sheets[flow >> j->flow_bits];
}

/* Are entries that journal_add() looks at too many for the cache?  Then they
 * are worth to be fetched ahead. */
static inline bool
journal_is_wide(const struct journal *j)
{
	return j->sharing && j->in_use > 1;
}

/* Bring an entry of a flow into the cache, if it is there. */
PREFETCHES
journal_prefetch(const struct journal *j, uint32_t flow, uint32_t serial)
{
	const struct sheet *s = &j->sheets[flow >> j->flow_bits];
	uint32_t at = serial - s->base;
	if (at < s->count)
		__builtin_prefetch(&s->entries[at], 1);
}

/* Room on a sheet for one more. */
void journal_turn_over(struct journal *, struct sheet *);

static inline struct entry *
journal_next_entry(struct journal *j, struct sheet *s)
{
	enum { AHEAD = 6 };	/* two cache lines */
	if (s->count == s->size)
		journal_turn_over(j, s);
	struct entry *e = &s->entries[s->count++];
	/* There are more sheets than the processor fetches ahead of by
	 * itself. */
	__builtin_prefetch(e + AHEAD, 1);
	return e;
}

/* Write a new entry of a flow that is open; its serial number. */
static inline uint32_t
journal_append(struct journal *j, uint32_t flow, uint32_t second,
    unsigned way, uint32_t bytes)
{
	struct sheet *s = journal_sheet(j, flow);
	struct entry *e = journal_next_entry(j, s);
	e->flow = flow;
	e->second = second;
	e->bytes[way] = bytes;
	e->bytes[way ^ 1] = 0;
	e->packets[way] = 1;
	e->packets[way ^ 1] = 0;
	return s->base + s->count - 1;
}

/* Write down a packet of a flow, where `serial` is that of the flow's
 * newest entry; what it is now. */
static inline uint32_t
journal_add(struct journal *j, uint32_t flow, uint32_t serial,
    uint32_t second, unsigned way, uint32_t bytes)
{
	const struct sheet *s = journal_sheet(j, flow);
	uint32_t at = serial - s->base;
	if (j->sharing && at < s->count) {
		struct entry *e = &s->entries[at];
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

/* Everything will be posted soon: where that is waited for, give the thread
 * sheets that are not full, if it has nothing to do, so that less is left
 * then. */
void journal_relieve(struct journal *);

/* Post some of what was given to the thread; false when nothing is left of
 * that. */
bool journal_help(struct journal *);

/* Post everything.  Only then, and before more is written, may the ledger
 * be touched by others. */
void journal_post(struct journal *);

/* Hardly anything will be written any more: post everything, and free the
 * memory of the sheets. */
void journal_post_last(struct journal *);

#endif
