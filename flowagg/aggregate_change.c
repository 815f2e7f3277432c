/* SPDX-License-Identifier: MIT
 *
 * Changes while running: another interval, other rows, totals from 0.
 */
#include <stdlib.h>
#include <string.h>

#include "flowagg/aggregate.h"
#include "flowagg/clock.h"
#include "lib/xalloc.h"

/* What the last 40 seconds held goes into steps of the new interval: exactly
 * where these are whole seconds, else as if each second's pace was even. */
static void
remember_past(struct aggregate *a)
{
	struct flows *t = aggregate_rows(a);
	uint32_t end = clock_second(a->now) + 1;
	flows_post(t);
	for (uint32_t n = 1; n <= t->pool.used; n++) {
		uint64_t samples[RATE_HISTORY] = { 0 };
		if ((flows_at(t, n)->flags & FLOW_FREE) != 0)
			continue;
		ledger_history(&t->ledger, n, end, samples);
		for (uint32_t i = 0; i < RATE_HISTORY; i++) {
			uint64_t from = (uint64_t)(end - RATE_HISTORY + i) *
			    NS_PER_SECOND, to = from + NS_PER_SECOND;
			if (samples[i] == 0)
				continue;
			if (i == RATE_HISTORY - 1)	/* it still runs */
				to = a->now + 1;
			past_spread(&a->past, n, from, to,
			    a->settings.interval, samples[i]);
		}
	}
}

void
aggregate_set_interval(struct aggregate *a, uint64_t ns)
{
	if (ns == a->settings.interval)
		return;
	a->settings.interval = ns;
	a->next_snapshot = clock_next_multiple(a->now, ns);
	past_stop(&a->past);
	if (a->settings.history > 0 && ns != NS_PER_SECOND) {
		past_start(&a->past, a->settings.max_flows);
		remember_past(a);
	}
}

/* Close all rows; what they had counts as expired. */
static void
expire_everything(struct aggregate *a)
{
	struct flows *t = aggregate_rows(a);
	for (uint32_t n = 1; n <= t->pool.used; n++) {
		if ((flows_at(t, n)->flags & FLOW_FREE) != 0)
			continue;
		alerts_flow_left(&a->alerts, ledger_at(&t->ledger, n)->id);
		journal_close(&t->journal, n);
	}
	flows_post(t);
	aggregate_expired(a, &a->expired);
}

/* The conversations that there are; to be freed. */
static struct flow *
copy_conversations(const struct flows *t, uint32_t *count)
{
	struct flow *kept = xreallocarray(NULL, (size_t)t->count + 1,
	    sizeof(*kept));
	*count = 0;
	for (uint32_t n = 1; n <= t->pool.used; n++) {
		const struct flow *f = flows_at(t, n);
		if (flow_is_in_table(f))
			kept[(*count)++] = *f;
	}
	return kept;
}

/* They keep their ends, for who spoke first will not be seen again; what they
 * counted is gone. */
static void
add_conversations(struct flows *t, const struct flow *kept, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++) {
		const struct flow *old = &kept[i];
		struct flow *f = flows_at(t, flows_add(t, &old->key,
		    flows_hash(t, &old->key), old->interface, old->second,
		    old->last_ms));
		f->first_second = old->first_second;
		f->first_ms = old->first_ms;
		f->direction = old->direction;
		f->b_opened = old->b_opened;
		f->flags |= old->flags & (FLOW_B_IS_OURS | FLOW_FIN_A |
		    FLOW_FIN_B | FLOW_CLOSED);
	}
}

void
aggregate_set_by(struct aggregate *a, enum group by)
{
	struct flows *t = aggregate_rows(a);
	uint64_t next_id = t->next_id;
	uint32_t count;
	if (by == a->settings.by)
		return;
	struct flow *kept = copy_conversations(&a->flows, &count);
	expire_everything(a);
	a->alerts.suspect_count = 0;
	flows_done(t);
	if (t == &a->rows)
		flows_done(&a->flows);
	a->settings.by = by;
	aggregate_start_tables(a);
	if (past_is_kept(&a->past))	/* of numbers that are others' now */
		past_start(&a->past, a->settings.max_flows);
	a->flows.next_id = a->rows.next_id = next_id;
	add_conversations(&a->flows, kept, count);
	rank_forget(&a->rank);
	free(kept);
	aggregate_watch(a);
}

void
aggregate_reset(struct aggregate *a)
{
	struct flows *t = aggregate_rows(a);
	uint64_t slots[RATE_SLOTS][2];
	uint32_t now = clock_second(a->now);
	/* Windows are no totals: they stay. */
	memcpy(slots, a->totals.slots, sizeof(slots));
	a->totals = (struct totals){ .since = now,
		.newest = a->totals.newest, .started = a->totals.started };
	memcpy(a->totals.slots, slots, sizeof(slots));
	a->before = a->totals;
	a->expired = (struct sum){ 0 };
	a->base = (struct record_counters){ 0 };
	a->base = aggregate_counters(a);
	a->uncounted_packets = a->uncounted_bytes = 0;
	a->record_packets += a->lost;
	a->ticked_packets += a->lost;
	a->lost = 0;
	flows_reset(t, now);
	flows_next_interval(t);
}
