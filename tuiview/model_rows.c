/* SPDX-License-Identifier: MIT
 *
 * Grouping by a 64-bit key, then a sort of what is left.
 */
#include "tuiview/model_rows.h"

#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"
#include "tuiview/model_keys.h"
#include "tuiview/model_order.h"

/* Room for every flow to be a row. */
static void
make_room(struct rows *r, size_t flows)
{
	if (r->size >= flows)
		return;
	r->size = flows;
	r->groups = xreallocarray(r->groups, flows, sizeof(*r->groups));
	r->keys = xreallocarray(r->keys, flows, sizeof(*r->keys));
	r->state = xreallocarray(r->state, flows, sizeof(*r->state));
	r->row_of = xreallocarray(r->row_of, flows, sizeof(*r->row_of));
}

/* An empty index of at most half full. */
static void
make_slots(struct rows *r, size_t flows)
{
	size_t slots = 1024;
	while (slots < flows * 2)
		slots *= 2;
	if (r->slot_count != slots) {
		free(r->slots);
		r->slots = xcalloc(slots, sizeof(*r->slots));
		r->slot_count = slots;
	} else {
		memset(r->slots, 0, slots * sizeof(*r->slots));
	}
}

static struct slot *
find_slot(const struct rows *r, uint64_t key)
{
	size_t mask = r->slot_count - 1;
	size_t i = (size_t)((key * 0x9e3779b97f4a7c15u) >> 20) & mask;
	while (r->slots[i].key != 0 && r->slots[i].key != key)
		i = (i + 1) & mask;
	return &r->slots[i];
}

/* Rates of packets: in parts, as long as they are summed up. */
static void
figures_of(const struct flow *f, const struct rows_how *how,
    struct figures *n)
{
	*n = f->n;
	if (how->unit != FORMAT_PACKETS)
		return;
	n->watched = history_packets(how->history, f->id, n->sent, n->recv);
	n->total_sent = n->packets_sent;
	n->total_recv = n->packets_recv;
}

bool
rows_alerts(const uint64_t *ids, size_t count, uint64_t id)
{
	size_t low = 0;
	while (low < count) {
		size_t middle = low + (count - low) / 2;
		if (ids[middle] == id)
			return true;
		if (ids[middle] < id)
			low = middle + 1;
		else
			count = middle;
	}
	return false;
}

static uint64_t
both(const struct figures *n, int window)
{
	return n->sent[window] + n->recv[window];
}

static void
join(struct row *row, const struct flow *f, const struct figures *n)
{
	const struct flow *first = row->flow;
	figures_add(&row->n, n);
	row->flows++;
	if (f->pid != first->pid || (f->process != first->process &&
	    strcmp(f->process, first->process) != 0))
		row->mixed_process = true;
	if (f->proto != first->proto)
		row->mixed_protocol = true;
	if (f->direction != first->direction &&
	    strcmp(f->direction, first->direction) != 0)
		row->mixed_direction = true;
	if (f->src_port != first->src_port)
		row->mixed_src = true;
	if (f->dst_port != first->dst_port)
		row->mixed_dst = true;
	/* One that lives stands for the row before one that has ended. */
	if (f->ended != first->ended ? first->ended :
	    both(&f->n, 1) > both(&first->n, 1))
		row->flow = f;
}

static bool
is_drilled(const struct flow *f, const struct rows_how *how)
{
	if (how->view != VIEW_FLOWS || how->drill == NULL ||
	    how->drill->view == VIEW_FLOWS)
		return true;
	struct rows_how group = *how;
	group.view = how->drill->view;
	return rows_key(f, &group) == how->drill->key;
}

const struct flow *
rows_flow(const struct rows *r, uint32_t number)
{
	return r->lazy ? &r->flows->list[number] : r->groups[number].flow;
}

const struct figures *
rows_figures(const struct rows *r, uint32_t number)
{
	return r->lazy ? &r->flows->list[number].n : &r->groups[number].n;
}

/* Each flow is a row, which stands for itself until somebody looks. */
static void
list_flows(struct rows *r)
{
	const struct rows_how *how = &r->how;
	r->all = r->matched = 0;
	r->numbers = r->flows->count;
	if (r->numbers > 0)
		memset(r->state, 0, r->numbers);
	for (uint32_t i = 0; i < r->numbers; i++) {
		const struct flow *f = &r->flows->list[i];
		r->keys[i] = 0;
		if (!is_drilled(f, how))
			continue;
		r->keys[i] = rows_key(f, how);
		r->all++;
		if (!filter_matches(how->filter, f, 0))
			continue;
		if (rows_alerts(how->alerts, how->alert_count, f->id))
			r->state[i] |= ROW_ALERTING;
		order_add(r, i);
	}
	r->matched = r->count;
}

/* The row of a key, or null with a fresh one for the flow announced. */
static struct row *
find_row(struct rows *r, size_t i, uint64_t key, bool alone)
{
	if (!alone) {
		struct slot *slot = find_slot(r, key);
		if (slot->key != 0) {
			r->row_of[i] = slot->row;
			return &r->groups[slot->row];
		}
		*slot = (struct slot){ key, (uint32_t)r->all };
	}
	r->row_of[i] = (uint32_t)r->all;
	return NULL;
}

/* All flows of a row are summed up. */
static void
finish_figures(struct row *row, const struct rows_how *how)
{
	const struct ended_row *ended = ended_find(&how->history->ended,
	    how->view, row->key);
	bool packets = how->unit == FORMAT_PACKETS;
	if (packets)
		figures_round(&row->n, HISTORY_PARTS);
	if (ended == NULL)
		return;
	row->n.total_sent += packets ? ended->packets_sent :
	    ended->total_sent;
	row->n.total_recv += packets ? ended->packets_recv :
	    ended->total_recv;
}

static void
group(struct rows *r, bool alone)
{
	const struct rows_how *how = &r->how;
	r->all = r->matched = 0;
	for (size_t i = 0; i < r->flows->count; i++) {
		const struct flow *f = &r->flows->list[i];
		struct figures n;
		figures_of(f, how, &n);
		r->row_of[i] = ROWS_NONE;
		if (!is_drilled(f, how))
			continue;
		uint64_t key = rows_key(f, how);
		struct row *row = find_row(r, i, key, alone);
		if (row == NULL) {
			r->keys[r->all] = key;
			row = &r->groups[r->all++];
			*row = (struct row){ .key = key, .n = n, .flow = f,
				.flows = 1 };
		} else {
			join(row, f, &n);
		}
		if (rows_alerts(how->alerts, how->alert_count, f->id))
			row->alerting = true;
	}
	r->numbers = r->all;
	for (size_t i = 0; i < r->all; i++)
		finish_figures(&r->groups[i], how);
	if (r->numbers > 0)
		memset(r->state, 0, r->numbers);
}

/* How many processes each publisher has: distinct pids and names. */
static void
count_members(struct rows *r)
{
	struct rows seen = { .groups = NULL };
	struct rows_how process = r->how;
	process.view = VIEW_PROCESSES;
	make_slots(&seen, r->flows->count);
	for (size_t i = 0; i < r->flows->count; i++) {
		const struct flow *f = &r->flows->list[i];
		if (r->row_of[i] == ROWS_NONE)
			continue;
		uint64_t key = keys_mix(rows_key(f, &process), r->row_of[i]);
		struct slot *slot = find_slot(&seen, key != 0 ? key : 1);
		if (slot->key != 0)
			continue;
		slot->key = key != 0 ? key : 1;
		r->groups[r->row_of[i]].members++;
	}
	rows_done(&seen);
}

/* Rows with flows that match; the words of a group's own name are those of
 * its flows, too. */
static void
match(struct rows *r)
{
	const struct rows_how *how = &r->how;
	for (uint32_t i = 0; i < r->numbers && how->view != VIEW_FLOWS; i++) {
		char name[ROWS_NAME];
		rows_name(&r->groups[i], how->view, true, true, name);
		r->groups[i].words = filter_words_in(how->filter, name);
	}
	for (size_t i = 0; i < r->flows->count; i++) {
		if (r->row_of[i] == ROWS_NONE)
			continue;
		struct row *row = &r->groups[r->row_of[i]];
		if (filter_matches(how->filter, &r->flows->list[i],
		    row->words)) {
			row->matched = true;
			r->matched++;
		}
	}
}

/* All rows, or those that match. */
static void
choose(struct rows *r)
{
	bool filtered = r->how.filter->count > 0;
	if (filtered)
		match(r);
	for (uint32_t i = 0; i < r->numbers; i++) {
		struct row *row = &r->groups[i];
		if (!filtered) {
			row->matched = true;
			r->matched += row->flows;
		}
		if (row->matched)
			order_add(r, i);
	}
}

void
rows_build(struct rows *r, const struct flows *flows,
    const struct rows_how *how)
{
	bool frozen = how->frozen && r->flows != NULL &&
	    r->how.sort == how->sort && r->how.reverse == how->reverse;
	bool alone = how->view == VIEW_FLOWS && keys_keep_flows(how);
	if (frozen)
		order_keep(r);
	r->flows = flows;
	r->view = how->view;
	r->how = *how;
	/* Packets are counted from the past, once a build. */
	r->lazy = alone && how->unit != FORMAT_PACKETS;
	make_room(r, flows->count);
	order_begin(r, frozen);
	if (r->lazy) {
		list_flows(r);
	} else {
		if (!alone)
			make_slots(r, flows->count);
		group(r, alone);
		if (how->view == VIEW_PUBLISHERS)
			count_members(r);
		choose(r);
	}
	order_end(r);
}

void
rows_done(struct rows *r)
{
	free(r->groups);
	free(r->keys);
	free(r->state);
	free(r->row_of);
	free(r->slots);
	order_done(r);
	*r = (struct rows){ .groups = NULL };
}

struct row *
rows_at(const struct rows *r, size_t place)
{
	uint32_t number = order_at(r, place);
	struct row *row = &r->groups[number];
	if (r->state[number] & ROW_MADE)
		return row;
	if (r->lazy) {
		const struct flow *f = &r->flows->list[number];
		*row = (struct row){ .key = r->keys[number], .n = f->n,
			.flow = f, .flows = 1, .matched = true,
			.alerting = r->state[number] & ROW_ALERTING };
	}
	row->pinned = r->state[number] & ROW_PINNED;
	r->state[number] |= ROW_MADE;
	return row;
}

long
rows_find(const struct rows *r, uint64_t key)
{
	for (uint32_t i = 0; key != 0 && i < r->numbers; i++)
		if (r->keys[i] == key)
			return order_place(r, i);
	return -1;
}

uint64_t
rows_rate(const struct row *row, enum pref_line line, int window)
{
	switch (line) {
	case LINE_SENT:
		return row->n.sent[window];
	case LINE_RECEIVED:
		return row->n.recv[window];
	default:
		return both(&row->n, window);
	}
}

/* How long each sample of the stream's own is; 0: not told, as by the one
 * snapshot of a whole file, whose interval is all of it. */
static double
sample_length(const struct flows *f)
{
	return f->elapsed == f->interval ? 0 : f->interval;
}

int
rows_history(const struct rows *r, const struct row *row,
    const struct rows_how *how, float samples[HISTORY], double *seconds)
{
	const struct flows *flows = r->flows;
	uint32_t number = (uint32_t)(row - r->groups);
	int count = 0, own_count = 0;
	for (int i = 0; i < HISTORY; i++)
		samples[i] = 0;
	for (size_t i = r->lazy ? number : 0; i < flows->count; i++) {
		const struct flow *f = &flows->list[i];
		float own[HISTORY];
		const float *from = own;
		int n = f->history_count;
		if (r->lazy && i != number)
			break;
		if (!r->lazy && r->row_of[i] != number)
			continue;
		if (n > 0) {
			from = flows->samples + f->history;
		} else {
			n = history_samples(how->history, f->id, own);
			own_count = n > own_count ? n : own_count;
		}
		/* The newest samples line up. */
		for (int k = 0; k < n; k++)
			samples[HISTORY - n + k] += from[k];
		if (n > count)
			count = n;
	}
	memmove(samples, samples + HISTORY - count,
	    (size_t)count * sizeof(samples[0]));
	*seconds = own_count < count ? sample_length(flows) * count :
	    history_span(how->history, count);
	return count;
}
