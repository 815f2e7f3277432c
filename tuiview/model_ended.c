/* SPDX-License-Identifier: MIT
 *
 * A hash table for each view.
 */
#include "tuiview/model_ended.h"

#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"
#include "tuiview/model_rows.h"

enum { FEW = 64 };

static struct ended_row *
slot_of(const struct ended_table *t, uint64_t key)
{
	size_t mask = t->slot_count - 1;
	size_t i = (size_t)((key * 0x9e3779b97f4a7c15u) >> 20) & mask;
	while (t->slots[i].key != 0 && t->slots[i].key != key)
		i = (i + 1) & mask;
	return &t->slots[i];
}

/* The same rows in as many slots, but those before a time. */
static void
move(struct ended_table *t, size_t slots, uint64_t since)
{
	struct ended_table old = *t;
	*t = (struct ended_table){ .slots = xcalloc(slots,
	    sizeof(*t->slots)), .slot_count = slots };
	for (size_t i = 0; i < old.slot_count; i++) {
		const struct ended_row *row = &old.slots[i];
		if (row->key == 0 || row->when < since)
			continue;
		*slot_of(t, row->key) = *row;
		t->count++;
	}
	free(old.slots);
}

static int
compare_times(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return x < y ? -1 : x > y;
}

static void
forget_half(struct ended_table *t)
{
	uint64_t times[ENDED_ROWS];
	size_t count = 0;
	for (size_t i = 0; i < t->slot_count; i++)
		if (t->slots[i].key != 0)
			times[count++] = t->slots[i].when;
	qsort(times, count, sizeof(times[0]), compare_times);
	move(t, t->slot_count, times[count / 2]);
}

/* For one row more. */
static void
make_room(struct ended_table *t)
{
	if (t->count == ENDED_ROWS)
		forget_half(t);
	if (t->count * 2 >= t->slot_count)
		move(t, t->slot_count != 0 ? t->slot_count * 2 : FEW, 0);
}

static void
count_flow(struct ended_table *t, uint64_t key, const struct ended_row *n)
{
	struct ended_row *row = t->count > 0 ? slot_of(t, key) : NULL;
	if (row == NULL || row->key == 0) {
		make_room(t);
		row = slot_of(t, key);
		row->key = key;
		t->count++;
	}
	row->when = n->when;
	row->total_sent += n->total_sent;
	row->total_recv += n->total_recv;
	row->packets_sent += n->packets_sent;
	row->packets_recv += n->packets_recv;
}

static void
note(struct ended *e, const struct flow *f)
{
	struct rows_how how = { .view = VIEW_FLOWS };
	if (e->latest_count == e->latest_size) {
		e->latest_size = e->latest_size != 0 ? e->latest_size * 2 :
		    FEW;
		e->latest = xreallocarray(e->latest, e->latest_size,
		    sizeof(*e->latest));
	}
	struct ended_flow *flow = &e->latest[e->latest_count++];
	*flow = (struct ended_flow){ .n = { .when = ++e->count,
		.total_sent = f->n.total_sent, .total_recv = f->n.total_recv,
		.packets_sent = f->n.packets_sent,
		.packets_recv = f->n.packets_recv } };
	for (int view = VIEW_FLOWS + 1; view < ENDED_VIEWS; view++) {
		how.view = (enum pref_view)view;
		flow->keys[view] = rows_key(f, &how);
	}
}

void
ended_add(struct ended *e, const struct flows *f)
{
	/* The same snapshot again is no later one. */
	if (f->seq != e->seq || f->ts != e->ts)
		for (size_t i = 0; i < e->latest_count; i++)
			for (int v = VIEW_FLOWS + 1; v < ENDED_VIEWS; v++)
				count_flow(&e->views[v], e->latest[i].keys[v],
				    &e->latest[i].n);
	e->latest_count = 0;
	e->seq = f->seq;
	e->ts = f->ts;
	for (size_t i = 0; i < f->count; i++)
		if (f->list[i].ended)
			note(e, &f->list[i]);
}

const struct ended_row *
ended_find(const struct ended *e, enum pref_view view, uint64_t key)
{
	const struct ended_table *t = &e->views[view];
	const struct ended_row *row = t->count > 0 ? slot_of(t, key) : NULL;
	return row != NULL && row->key != 0 ? row : NULL;
}

void
ended_copy(struct ended *to, const struct ended *from)
{
	*to = (struct ended){ .count = 0 };
	for (int v = 0; v < ENDED_VIEWS; v++) {
		const struct ended_table *t = &from->views[v];
		if (t->count == 0)
			continue;
		to->views[v] = *t;
		to->views[v].slots = xreallocarray(NULL, t->slot_count,
		    sizeof(*t->slots));
		memcpy(to->views[v].slots, t->slots,
		    t->slot_count * sizeof(*t->slots));
	}
}

void
ended_done(struct ended *e)
{
	for (int v = 0; v < ENDED_VIEWS; v++)
		free(e->views[v].slots);
	free(e->latest);
	*e = (struct ended){ .count = 0 };
}
