/* SPDX-License-Identifier: MIT
 *
 * The list of quiet flows.
 */
#include "flowagg/rank_quiet.h"

#include <string.h>

#include "flowagg/rank_sort.h"

enum { MORE = 2048 };		/* rows: many may go before the list is filled
				 * again */

void
quiet_done(struct quiet *q)
{
	row_list_done(&q->list);
}

void
quiet_forget(struct quiet *q)
{
	q->list.count = 0;
	q->sorted = true;
	q->cut = false;
}

/* Of a flow without bytes in any window. */
static void
fill_words(const struct flow *f, enum rank_key key,
    uint64_t words[RANK_WORDS])
{
	unsigned n = 0;
	while (n < RATE_WINDOWS - (unsigned)key)
		words[n++] = UINT64_MAX;
	rank_fill_ends(f, key, words, n);
}

/* Is it still that flow, and quiet? */
static bool
is_quiet(const struct flows *t, enum rank_key key, const struct row *row)
{
	const struct flow *f = flows_at(t, row->number);
	uint64_t words[RANK_WORDS];
	if (ledger_limits(&t->ledger)[row->number] != 0 ||
	    (f->flags & FLOW_FREE) != 0)
		return false;
	fill_words(f, key, words);
	return rank_compare_words(words, row->words) == 0;
}

/* Sorting may move the rows to other memory. */
static void
sort(struct quiet *q, const struct flows *t, enum rank_key key)
{
	if (!q->sorted)
		rank_sort(&q->list, t, key);
	q->sorted = true;
}

/* Does it come behind all that the list has? */
static bool
is_beyond(const struct quiet *q, const struct flows *t, enum rank_key key,
    const struct row *row)
{
	if (!q->cut)
		return false;
	int order = rank_compare_words(q->bound.words, row->words);
	if (order != 0)
		return order < 0;
	return rank_is_before(&q->bound_flow, q->bound_id,
	    flows_at(t, row->number),
	    ledger_at(&t->ledger, row->number)->id, key);
}

/* At most `most` of the list, which is sorted, that are quiet, in order and
 * each once, to `rows`, which may be the list's own; how many.  A number that
 * is another flow's now may stand where this one does not belong. */
static size_t
take(const struct quiet *q, const struct flows *t, enum rank_key key,
    size_t most, struct row *rows)
{
	const struct row_list *l = &q->list;
	size_t count = 0;
	for (size_t i = 0; i < l->count && count < most; i++) {
		struct row row = l->rows[i];
		if ((count == 0 || rows[count - 1].number != row.number) &&
		    is_quiet(t, key, &row) && !is_beyond(q, t, key, &row))
			rows[count++] = row;
	}
	return count;
}

/* The list is full: what is none of it any more leaves, and what comes
 * last, if that is not enough. */
static void
tidy(struct quiet *q, const struct flows *t, enum rank_key key, size_t most)
{
	struct row_list *l = &q->list;
	sort(q, t, key);
	l->count = take(q, t, key, l->count, l->rows);
	if (l->count <= most)
		return;
	l->count = most;
	q->cut = true;
	q->bound = l->rows[most - 1];
	q->bound_flow = *flows_at(t, q->bound.number);
	q->bound_id = ledger_at(&t->ledger, q->bound.number)->id;
}

void
quiet_add(struct quiet *q, const struct flows *t, enum rank_key key,
    size_t top, const struct row *row)
{
	struct row_list *l = &q->list;
	if (is_beyond(q, t, key, row))
		return;
	if (l->count == 0)
		row_list_reserve(l, 4 * top + MORE);
	if (l->count == l->size)
		tidy(q, t, key, l->size / 2);
	l->rows[l->count++] = *row;
	q->sorted = false;
}

/* The list is at its end, but not all quiet flows are in it: look for them
 * among all. */
static void
fill_again(struct quiet *q, const struct flows *t, enum rank_key key,
    size_t top)
{
	const uint32_t *limits = ledger_limits(&t->ledger);
	quiet_forget(q);
	for (uint32_t n = 1; n <= t->pool.used; n++) {
		struct row row = { .number = n };
		if (limits[n] != 0 ||
		    (flows_at(t, n)->flags & FLOW_FREE) != 0)
			continue;
		fill_words(flows_at(t, n), key, row.words);
		quiet_add(q, t, key, top, &row);
	}
}

size_t
quiet_first(struct quiet *q, const struct flows *t, enum rank_key key,
    size_t top, struct row *rows)
{
	sort(q, t, key);
	size_t count = take(q, t, key, top, rows);
	if (count == top || !q->cut)
		return count;
	fill_again(q, t, key, top);
	sort(q, t, key);
	return take(q, t, key, top, rows);
}
