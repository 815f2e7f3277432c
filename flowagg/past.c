/* SPDX-License-Identifier: MIT
 *
 * Rings of intervals.
 */
#include "flowagg/past.h"

#include <string.h>

struct ring {
	uint64_t id;		/* whose: a number is used again */
	uint64_t newest;	/* step of the newest slot */
	uint64_t slots[RATE_SLOTS];
};

void
past_start(struct past *p, uint32_t max)
{
	past_stop(p);
	pool_init(&p->pool, sizeof(struct ring), max);
}

void
past_stop(struct past *p)
{
	pool_done(&p->pool);
}

void
past_count(struct past *p, uint32_t number, uint64_t id, uint64_t step,
    uint64_t bytes)
{
	struct ring *r = pool_at(&p->pool, number);
	if (r->id != id) {
		memset(r, 0, sizeof(*r));
		r->id = id;
		r->newest = step;
	}
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
past_spread(struct past *p, uint32_t number, uint64_t id, uint64_t from,
    uint64_t to, uint64_t interval, uint64_t bytes)
{
	uint64_t given = 0;
	for (uint64_t at = from; at < to;) {
		uint64_t step = at / interval;
		at = (step + 1) * interval < to ? (step + 1) * interval : to;
		uint64_t due = (uint64_t)((unsigned __int128)bytes *
		    (at - from) / (to - from));
		past_count(p, number, id, step, due - given);
		given = due;
	}
}

void
past_samples(const struct past *p, uint32_t number, uint64_t id,
    uint64_t step, uint64_t samples[RATE_HISTORY])
{
	const struct ring *r = pool_at(&p->pool, number);
	if (r->id != id)
		return;
	for (uint64_t age = 1; age <= RATE_HISTORY && age <= step; age++) {
		uint64_t s = step - age;
		if (s <= r->newest && r->newest - s < RATE_SLOTS)
			samples[RATE_HISTORY - age] = r->slots[s % RATE_SLOTS];
	}
}
