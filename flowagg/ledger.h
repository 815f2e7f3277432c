/* SPDX-License-Identifier: MIT
 *
 * What every flow has sent and received: in all, in this interval, and
 * second by second, from which its rates come.
 *
 * Accounts are known by their flows' numbers.  They are written when the
 * journal is posted (journal.h), at times by a thread, and are up to date
 * for readers once journal_post() has returned.
 *
 * Beside its account each flow has a limit, which what it is ranked by does
 * not exceed: the ranking passes over flows whose limit is too low without
 * looking at them, so its cost follows those that were active.
 */
#ifndef FLOWAGG_LEDGER_H
#define FLOWAGG_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "flowagg/pool.h"
#include "flowagg/prefetch.h"
#include "flowagg/rate.h"

/* Way 0 is sent, 1 received.  The number at the end is told of a new flow by
 * whoever adds it; all else comes from the journal.  48 bytes, so that a flow
 * of one packet needs little. */
struct account {
	uint64_t total[2];		/* bytes */
	uint64_t counts[2];		/* packets << 16; below that: the
					 * interval that opened it; that which
					 * `mark` is of */
	uint32_t ring;			/* its seconds, see rate.h; 0: there */
	uint32_t mark;			/* ... was only this one, with all of
					 * total[]; else a place in marks */
	uint64_t id;
};

_Static_assert(sizeof(struct account) == 48, "no holes in an account");

/* What an older account's totals were when an interval began: their lowest
 * 48 bits, which is enough for differences. */
struct mark {
	uint32_t low[2];
	uint16_t high[2];
};

enum { ACCOUNT_SHIFT = 16 };	/* of packets in ->counts */

static inline void
account_packets(const struct account *a, uint64_t packets[2])
{
	packets[0] = a->counts[0] >> ACCOUNT_SHIFT;
	packets[1] = a->counts[1] >> ACCOUNT_SHIFT;
}

/* Packets of a flow in a second, each way; none at all: the flow is gone,
 * and its number will be another's. */
struct entry {
	uint32_t flow, second;
	uint32_t bytes[2];
	uint16_t packets[2];
};

/* Sums of flows. */
struct sum {
	uint64_t flows;
	uint64_t bytes[2], packets[2];
	uint64_t delta[2];	/* bytes of this interval */
	uint64_t windows[RATE_WINDOWS][2];
};

/* A flow's second that held much. */
struct heavy {
	uint32_t flow, second;
};

/* Accounts are in volumes that share nothing which posting changes, so two
 * threads may post at once, each in one volume.  A page of 16,384 accounts is
 * in the one, the next in the other. */
enum { LEDGER_VOLUMES = 2, LEDGER_PAGE_BITS = 14, LEDGER_BLOCK = 256 };
_Static_assert((1 << LEDGER_PAGE_BITS) % LEDGER_BLOCK == 0,
    "a block lies in one volume");

/* A limit of n bytes is kept as n + LEDGER_BYTES.  The values below that are
 * for the ranking, to tell apart flows without bytes. */
enum { LEDGER_BYTES = 2 * 8192 };

struct volume {
	struct pool marks;	/* struct mark, of this interval */
	uint32_t mark_count;
	struct rates rates;
	struct sum gone;	/* flows that are; without windows */
	struct heavy *heavy;	/* noted since they were last taken */
	uint32_t heavy_count, heavy_size;
};

struct ledger {
	struct pool accounts;	/* struct account */
	bool limited;		/* limits are kept */
	struct pool limits;	/* uint32_t; UINT32_MAX: no limit */
	struct pool blocks;	/* uint32_t: no limit of LEDGER_BLOCK flows is
				 * higher */
	uint16_t epoch;		/* of this interval, never 0 */
	uint64_t heavy_at;	/* bytes in a second to be noted; 0: none */
	uint32_t since;		/* no second before it is a peak */
	struct volume volumes[LEDGER_VOLUMES];
};

/* For flows numbered 1 to max. */
void ledger_init(struct ledger *, uint32_t max);
void ledger_done(struct ledger *);

static inline uint32_t
ledger_page(uint32_t flow)
{
	return flow >> LEDGER_PAGE_BITS;
}

static inline uint32_t
ledger_volume(uint32_t flow)
{
	return ledger_page(flow) % LEDGER_VOLUMES;
}

static inline const struct rates *
ledger_rates(const struct ledger *l, uint32_t flow)
{
	return &l->volumes[ledger_volume(flow)].rates;
}

static inline struct account *
ledger_at(const struct ledger *l, uint32_t flow)
{
	return (struct account *)(void *)l->accounts.base + flow;
}

static inline uint32_t *
ledger_limits(const struct ledger *l)
{
	return (uint32_t *)(void *)l->limits.base;
}

static inline uint32_t *
ledger_blocks(const struct ledger *l)
{
	return (uint32_t *)(void *)l->blocks.base;
}

static inline void
ledger_set_limit(const struct ledger *l, uint32_t flow, uint32_t limit)
{
	uint32_t *block = &ledger_blocks(l)[flow / LEDGER_BLOCK];
	ledger_limits(l)[flow] = limit;
	if (limit > *block)
		*block = limit;
}

/* Drop the limits of flows 1 to `used`: any of them may be high.  Limits are
 * kept from the first call on; until something is ranked by them they would
 * only cost. */
void ledger_forget_limits(struct ledger *, uint32_t used);

/* A flow is new, and this number its own. */
static inline void
ledger_open(struct ledger *l, uint32_t flow, uint64_t id)
{
	pool_reach(&l->accounts, flow);
	ledger_at(l, flow)->id = id;
}

/* Post entries of one volume.  Two threads may do so at once in different
 * volumes; all else is for one. */
void ledger_post(struct ledger *, const struct entry *, uint32_t count);

/* Bring into the cache what ledger_post() and ledger_sums() touch; the
 * seconds only once the account has come. */
PREFETCHES
ledger_prefetch(const struct ledger *l, uint32_t flow)
{
	const char *a = (const char *)ledger_at(l, flow);
	__builtin_prefetch(a, 1);
	__builtin_prefetch(a + sizeof(struct account) - 1, 1);
	if (l->limited)
		__builtin_prefetch(ledger_limits(l) + flow, 1);
}

PREFETCHES
ledger_prefetch_seconds(const struct ledger *l, uint32_t flow)
{
	rate_prefetch(ledger_rates(l, flow), ledger_at(l, flow)->ring);
}

/* Bytes in the 2, 10, 40 whole seconds before `now`, added to sums; those
 * of some, as rate_recent() tells them; those of each of the 40; the largest
 * second; a certain one; this interval. */
void ledger_sums(const struct ledger *, uint32_t flow, uint32_t now,
    uint64_t sums[RATE_WINDOWS][2]);
struct recent ledger_recent(const struct ledger *, uint32_t flow,
    uint32_t now, uint32_t seconds);
void ledger_history(const struct ledger *, uint32_t flow, uint32_t now,
    uint64_t samples[RATE_HISTORY]);
void ledger_peaks(const struct ledger *, uint32_t flow, uint64_t peaks[2]);
void ledger_second(const struct ledger *, uint32_t flow, uint32_t second,
    uint64_t bytes[2]);
void ledger_delta(const struct ledger *, uint32_t flow, uint64_t delta[2]);

/* Sums of the flows that are gone, without windows, are added. */
void ledger_gone(const struct ledger *, struct sum *);

/* Forget totals and peaks of flows 1 to `used`, and all that is gone, at
 * the second `now`; the windows stay. */
void ledger_reset(struct ledger *, uint32_t used, uint32_t now);

/* A new interval starts: deltas begin at zero.  Every 65,535th time the
 * flows 1 to `used` are visited, so that none takes an old interval for
 * this one. */
void ledger_next_interval(struct ledger *, uint32_t used);

#endif
