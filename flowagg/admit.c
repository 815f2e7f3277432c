/* SPDX-License-Identifier: MIT
 *
 * New flows and rows, and who has to go for them.
 */
#include "flowagg/admit.h"

#include <string.h>

#include "flowagg/clock.h"

/* A flow leaves early, without being shown once more. */
static void
evict(struct aggregate *a, struct flows *t, uint32_t number)
{
	if (t == aggregate_rows(a)) {
		a->evicted++;
		alerts_flow_left(&a->alerts, ledger_at(&t->ledger, number)->id);
	}
	flows_remove(t, number);
}

/* Make room by removing whoever was silent longest; where all have ended
 * and wait to be shown, as when snapshots are skipped, one of those. */
static uint32_t
add_flow(struct aggregate *a, struct flows *t, const struct flow_key *k,
    uint32_t hash, uint16_t interface, uint64_t ns)
{
	uint16_t ms = (uint16_t)(ns % NS_PER_SECOND / NS_PER_MS);
	for (;;) {
		uint32_t number = flows_add(t, k, hash, interface,
		    clock_second(ns), ms);
		if (number != 0) {
			if (past_is_kept(&a->past) &&
			    t == aggregate_rows(a))
				past_open(&a->past, number,
				    ns / a->settings.interval);
			return number;
		}
		uint32_t oldest = flows_oldest(t);
		if (oldest != 0)
			evict(a, t, oldest);
		else if (t->pool.freed == 0)
			evict(a, t, t->ended[--t->ended_count]);
	}
}

uint32_t
admit_conversation(struct aggregate *a, const struct arrival *r, uint64_t ns)
{
	const struct record_packet *p = r->packet;
	enum orient_scope scope;
	enum orient_end end = orient_packet(&a->orient, p, &scope);
	if (end == END_NOT_COUNTED)
		return 0;
	uint32_t number = add_flow(a, &a->flows, &r->key, r->hash,
	    interfaces_number(&a->interfaces, p->interface), ns);
	struct flow *f = flows_at(&a->flows, number);
	bool a_is_ours = end == END_NUMERIC ? true :
	    (end == END_DST) == r->from_b;
	bool a_opened = r->from_b != orient_sender_opened(p);
	if (!a_is_ours)
		f->flags |= FLOW_B_IS_OURS;
	f->b_opened = !a_opened;
	f->direction = scope == SCOPE_LOCAL ? FLOW_LOCAL :
	    scope == SCOPE_TRANSIT ? FLOW_TRANSIT :
	    a_is_ours == a_opened ? FLOW_OUT : FLOW_IN;
	return number;
}

/* Where a row's packets differ, it says neither the one nor the other. */
static void
merge(struct flow *row, uint8_t direction, uint16_t interface)
{
	if (row->interface != interface)
		row->interface = 0;
	if (row->direction != direction)
		row->direction = FLOW_MERGED;
}

/* The same as the row's other end has it: of two hosts that each call the
 * other, the one that was ours first stays that.  0: there is no such row. */
static uint32_t
find_swapped(struct aggregate *a, const struct flow_key *k,
    const struct flow *conversation, uint16_t interface)
{
	struct flow_key swapped = *k;
	memcpy(swapped.a, k->b, sizeof(swapped.a));
	memcpy(swapped.b, k->a, sizeof(swapped.b));
	uint32_t number = flows_find(&a->rows, &swapped,
	    flows_hash(&a->rows, &swapped));
	uint8_t d = conversation->direction;
	if (number != 0)
		merge(flows_at(&a->rows, number), d == FLOW_OUT ? FLOW_IN :
		    d == FLOW_IN ? FLOW_OUT : d, interface);
	return number;
}

uint32_t
admit_row(struct aggregate *a, const struct flow *conversation,
    const struct record_packet *p, uint64_t ns, unsigned *way)
{
	uint16_t interface = interfaces_number(&a->interfaces, p->interface);
	struct flow_key k = group_key(a->settings.by, conversation, interface);
	uint32_t hash = flows_hash(&a->rows, &k);
	uint32_t number = flows_find(&a->rows, &k, hash);
	if (number != 0) {
		merge(flows_at(&a->rows, number), conversation->direction,
		    interface);
		return number;
	}
	if (a->settings.by == GROUP_HOSTS &&
	    (number = find_swapped(a, &k, conversation, interface)) != 0) {
		*way ^= 1;
		return number;
	}
	number = add_flow(a, &a->rows, &k, hash, interface, ns);
	struct flow *row = flows_at(&a->rows, number);
	row->direction = (k.kind & (KIND_NO_SRC | KIND_NO_DST)) == 0 ?
	    conversation->direction : FLOW_MERGED;
	return number;
}
