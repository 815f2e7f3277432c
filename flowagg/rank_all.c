/* SPDX-License-Identifier: MIT
 *
 * Rows of all flows.  A part takes a slice of the numbers.
 */
#include "flowagg/rank_all.h"

#include "flowagg/crew.h"
#include "flowagg/pages.h"
#include "flowagg/rank_sort.h"

enum { PARTS = 64 };

struct taking {
	const struct flows *t;
	enum rank_key key;
	uint32_t now;
	struct row *rows;
	uint32_t starts[PARTS + 1];	/* a part's first row */
};

static uint32_t
first_number(const struct taking *k, unsigned part)
{
	return 1 + (uint32_t)((uint64_t)k->t->pool.used * part / PARTS);
}

static bool
is_taken(const struct taking *k, uint32_t number)
{
	return (flows_at(k->t, number)->flags & FLOW_FREE) == 0;
}

static void
count_part(void *context, unsigned part)
{
	struct taking *k = context;
	uint32_t end = first_number(k, part + 1), count = 0;
	for (uint32_t n = first_number(k, part); n < end; n++)
		count += is_taken(k, n);
	k->starts[part + 1] = count;
}

static void
take_part(void *context, unsigned part)
{
	enum { AHEAD = 16 };
	const struct taking *k = context;
	const struct flows *t = k->t;
	struct row *row = k->rows + k->starts[part];
	uint32_t end = first_number(k, part + 1);
	pages_populate(row, (k->starts[part + 1] - k->starts[part]) *
	    sizeof(*row));
	for (uint32_t n = first_number(k, part); n < end; n++) {
		if (n + AHEAD < end)
			ledger_prefetch_seconds(&t->ledger, n + AHEAD);
		if (!is_taken(k, n))
			continue;
		row->number = n;
		rank_fill_words(t, n, k->key, k->now, row->words);
		row++;
	}
}

static void
do_parts(uint32_t flows, void (*part)(void *, unsigned), struct taking *k)
{
	if (flows >= RANK_MANY) {
		crew_do(PARTS, part, k);
		return;
	}
	for (unsigned i = 0; i < PARTS; i++)
		part(k, i);
}

void
rank_all(struct row_list *l, const struct flows *t, enum rank_key key,
    uint32_t now)
{
	struct taking k = { .t = t, .key = key, .now = now };
	do_parts(t->pool.used, count_part, &k);
	for (unsigned part = 0; part < PARTS; part++)
		k.starts[part + 1] += k.starts[part];
	l->count = k.starts[PARTS];
	if (l->count == 0)
		return;
	row_list_reserve(l, l->count);
	k.rows = l->rows;
	do_parts(t->pool.used, take_part, &k);
}
