/* SPDX-License-Identifier: MIT
 *
 * Rings of intervals.
 */
#include "flowagg/past.h"

#include <string.h>

#include "flowagg/share.h"

void
past_start(struct past *p, uint32_t max)
{
	past_stop(p);
	pool_init(&p->pool, sizeof(struct past_ring), max);
}

void
past_stop(struct past *p)
{
	pool_done(&p->pool);
}

void
past_open(struct past *p, uint32_t number, uint64_t step)
{
	struct past_ring *r = pool_at(&p->pool, number);
	*r = (struct past_ring){ .newest = step };
}

void
past_count(struct past *p, uint32_t number, uint64_t step, uint64_t bytes)
{
	struct past_ring *r = pool_at(&p->pool, number);
	if (step > r->newest) {
		if (step - r->newest >= RATE_SLOTS)
			memset(r->slots, 0, sizeof(r->slots));
		else
			for (uint64_t s = r->newest + 1; s <= step; s++)
				r->slots[s % RATE_SLOTS] = 0;
		r->newest = step;
	}
	if (r->newest - step < RATE_SLOTS)
		r->slots[step % RATE_SLOTS] += bytes;
}

void
past_spread(struct past *p, uint32_t number, uint64_t from, uint64_t to,
    uint64_t interval, uint64_t bytes)
{
	uint64_t given = 0;
	for (uint64_t at = from; at < to;) {
		uint64_t step = at / interval;
		at = (step + 1) * interval < to ? (step + 1) * interval : to;
		uint64_t due = share_of(bytes, at - from, to - from);
		past_count(p, number, step, due - given);
		given = due;
	}
}

void
past_samples(const struct past *p, uint32_t number, uint64_t step,
    uint64_t samples[RATE_HISTORY])
{
	const struct past_ring *r = pool_at(&p->pool, number);
	for (uint64_t age = 1; age <= RATE_HISTORY && age <= step; age++) {
		uint64_t s = step - age;
		if (s <= r->newest && r->newest - s < RATE_SLOTS)
			samples[RATE_HISTORY - age] = r->slots[s % RATE_SLOTS];
	}
}
