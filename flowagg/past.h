/* SPDX-License-Identifier: MIT
 *
 * The past of each flow in steps of the interval, for `history`, when the
 * interval is not the one second that the rate rings have anyway.  Indexed
 * by flow number; memory is used only for flows that were counted.
 */
#ifndef FLOWAGG_PAST_H
#define FLOWAGG_PAST_H

#include <stdbool.h>
#include <stdint.h>

#include "flowagg/pool.h"
#include "flowagg/prefetch.h"
#include "flowagg/rate.h"

struct past_ring {
	uint64_t newest;	/* step of the newest slot */
	uint64_t slots[RATE_SLOTS];
};

struct past {
	struct pool pool;	/* of struct past_ring; base null: not in use */
};

/* Remember for flow numbers up to `max`, or forget everything. */
void past_start(struct past *, uint32_t max);
void past_stop(struct past *);

/* Is it remembered at all? */
static inline bool
past_is_kept(const struct past *p)
{
	return p->pool.base != NULL;
}

/* A flow is new, in the interval `step`: nothing is known of its number. */
void past_open(struct past *, uint32_t number, uint64_t step);

/* Bring into the cache what past_count() will touch. */
PREFETCHES
past_prefetch(const struct past *p, uint32_t number, uint64_t step)
{
	const struct past_ring *r = pool_at(&p->pool, number);
	__builtin_prefetch(&r->newest, 1);
	__builtin_prefetch(&r->slots[step % RATE_SLOTS], 1);
}

/* Count bytes of a flow in the interval `step`. */
void past_count(struct past *, uint32_t number, uint64_t step,
    uint64_t bytes);

/* The same of bytes that came between two times, ns, at an even pace. */
void past_spread(struct past *, uint32_t number, uint64_t from, uint64_t to,
    uint64_t interval, uint64_t bytes);

/* Bytes of the 40 intervals before `step`, oldest first. */
void past_samples(const struct past *, uint32_t number, uint64_t step,
    uint64_t samples[RATE_HISTORY]);

#endif
