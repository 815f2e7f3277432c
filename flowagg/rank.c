/* SPDX-License-Identifier: MIT
 *
 * Sorting flows.
 */
#include "flowagg/rank.h"

#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"

static const char *const names[] = {
	[RANK_2S] = "2s", [RANK_10S] = "10s", [RANK_40S] = "40s",
	[RANK_TOTAL] = "total", [RANK_SRC] = "src", [RANK_DST] = "dst",
};

bool
rank_parse(const char *name, enum rank_key *key)
{
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i], name) == 0) {
			*key = (enum rank_key)i;
			return true;
		}
	return false;
}

const char *
rank_name(enum rank_key key)
{
	return names[key];
}

void
rank_done(struct rank *r)
{
	free(r->rows);
	*r = (struct rank){ 0 };
}

static int
descending(uint64_t a, uint64_t b)
{
	return (a < b) - (a > b);
}

/* From window `w` on, the longer ones breaking ties. */
static int
by_windows(const struct row *a, const struct row *b, unsigned w)
{
	for (; w < RATE_WINDOWS; w++) {
		int order = descending(a->sums[w][0] + a->sums[w][1],
		    b->sums[w][0] + b->sums[w][1]);
		if (order != 0)
			return order;
	}
	return 0;
}

static const uint8_t *
address(const struct flow *f, bool ours)
{
	bool b = ((f->flags & FLOW_B_IS_OURS) != 0) == ours;
	return b ? f->key.b : f->key.a;
}

static uint16_t
port(const struct flow *f, bool ours)
{
	bool b = ((f->flags & FLOW_B_IS_OURS) != 0) == ours;
	return b ? f->key.port_b : f->key.port_a;
}

/* By one end, ours or theirs: IPv4 first, address, port. */
static int
by_end(const struct flow *a, const struct flow *b, bool ours)
{
	if (a->key.family != b->key.family)
		return a->key.family < b->key.family ? -1 : 1;
	int order = memcmp(address(a, ours), address(b, ours), 16);
	return order != 0 ? order : (int)port(a, ours) - (int)port(b, ours);
}

static int
by_key(const struct flow *a, const struct flow *b)
{
	int order = by_end(a, b, true);
	if (order == 0)
		order = by_end(a, b, false);
	if (order == 0)
		order = (int)a->key.protocol - (int)b->key.protocol;
	if (order == 0)
		order = (int)a->key.kind - (int)b->key.kind;
	/* Only an ended flow and its successor have the same key. */
	return order != 0 ? order : (a->id > b->id) - (a->id < b->id);
}

static int
compare(const void *left, const void *right, enum rank_key key)
{
	const struct row *a = left, *b = right;
	int order = 0;
	switch (key) {
	case RANK_2S:
	case RANK_10S:
	case RANK_40S:
		order = by_windows(a, b, (unsigned)key);
		break;
	case RANK_TOTAL:
		order = descending(a->flow->total[0] + a->flow->total[1],
		    b->flow->total[0] + b->flow->total[1]);
		break;
	case RANK_SRC:
	case RANK_DST:
		order = by_end(a->flow, b->flow, key == RANK_SRC);
		break;
	}
	if (order == 0 && key > RANK_40S)
		order = by_windows(a, b, 0);
	return order != 0 ? order : by_key(a->flow, b->flow);
}

#define COMPARE(name, key)						\
	static int							\
	name(const void *left, const void *right)			\
	{								\
		return compare(left, right, key);			\
	}

COMPARE(compare_2s, RANK_2S)
COMPARE(compare_10s, RANK_10S)
COMPARE(compare_40s, RANK_40S)
COMPARE(compare_total, RANK_TOTAL)
COMPARE(compare_src, RANK_SRC)
COMPARE(compare_dst, RANK_DST)

static int (*const compares[])(const void *, const void *) = {
	compare_2s, compare_10s, compare_40s, compare_total, compare_src,
	compare_dst,
};

/* Room for one row more, without counting it in. */
static struct row *
reserve(struct rank *r)
{
	if (r->count == r->size) {
		r->size = r->size != 0 ? r->size * 2 : 256;
		r->rows = xreallocarray(r->rows, r->size, sizeof(*r->rows));
	}
	return &r->rows[r->count];
}

/* Sort what is there and keep the first ones. */
static void
cut(struct rank *r, enum rank_key key, size_t top)
{
	qsort(r->rows, r->count, sizeof(*r->rows), compares[key]);
	if (top != 0 && r->count > top)
		r->count = top;
}

void
rank_rows(struct rank *r, const struct flows *t, enum rank_key key,
    size_t top, uint32_t now)
{
	bool was_cut = false;
	r->count = 0;
	for (uint32_t n = 1; n <= t->pool.used; n++) {
		const struct flow *f = flows_at(t, n);
		if ((f->flags & FLOW_FREE) != 0)
			continue;
		struct row *row = reserve(r);
		*row = (struct row){ .flow = f, .number = n };
		flows_sums(t, f, now, row->sums);
		if (was_cut && compares[key](row, &r->rows[top - 1]) > 0)
			continue;
		r->count++;
		if (top != 0 && r->count > 2 * top + 1024) {
			cut(r, key, top);
			was_cut = true;
		}
	}
	cut(r, key, top);
}
