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
	free(r->spare);
	*r = (struct rank){ 0 };
}

/*
 * The total order.
 */

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
by_key(const struct flow *a, const struct flow *b, enum rank_key key)
{
	int order = by_end(a, b, key != RANK_DST);
	if (order == 0)
		order = by_end(a, b, key == RANK_DST);
	if (order == 0)
		order = (int)a->key.protocol - (int)b->key.protocol;
	if (order == 0)
		order = (int)a->key.kind - (int)b->key.kind;
	/* Only an ended flow and its successor have the same key. */
	return order != 0 ? order : (a->id > b->id) - (a->id < b->id);
}

/* The bytes at the end of an address and its port as one number, in which
 * every IPv4 end is told from every other; IPv6 ends may be alike. */
static uint64_t
end_word(const struct flow *f, bool ours)
{
	const uint8_t *at = address(f, ours);
	uint64_t word = 0;
	for (int i = 0; i < 5; i++)
		word = word << 8 | at[i];
	return (uint64_t)f->key.family << 56 | word << 16 |
	    (f->key.family == ADDR_IPV6 ? (uint64_t)at[5] << 8 | at[6] :
	    port(f, ours));
}

static void
fill_words(const struct flows *t, const struct flow *f, enum rank_key key,
    uint32_t now, uint64_t words[RANK_WORDS])
{
	uint64_t sums[RATE_WINDOWS][2] = { 0 };
	unsigned n = 0;
	flows_sums(t, f, now, sums);
	/* Larger comes first, so the complement sorts upwards. */
	if (key == RANK_TOTAL)
		words[n++] = ~(f->total[0] + f->total[1]);
	else if (key == RANK_SRC || key == RANK_DST)
		words[n++] = end_word(f, key == RANK_SRC);
	for (unsigned w = key <= RANK_40S ? (unsigned)key : 0;
	    w < RATE_WINDOWS && n < RANK_WORDS && key < RANK_SRC; w++)
		words[n++] = ~(sums[w][0] + sums[w][1]);
	while (n < RANK_WORDS)
		words[n++] = key < RANK_SRC ? end_word(f, true) : 0;
}

static bool
is_before(const struct flows *t, enum rank_key key, const struct row *a,
    const struct row *b)
{
	for (unsigned i = 0; i < RANK_WORDS; i++)
		if (a->words[i] != b->words[i])
			return a->words[i] < b->words[i];
	return by_key(flows_at(t, a->number), flows_at(t, b->number),
	    key) < 0;
}

/*
 * Sorting: merges, bottom up, from runs sorted by insertion.
 */

enum { RUN = 8 };

static void
sort_runs(const struct flows *t, enum rank_key key, struct row *rows,
    size_t count)
{
	for (size_t from = 0; from < count; from += RUN) {
		size_t to = count - from < RUN ? count : from + RUN;
		for (size_t i = from + 1; i < to; i++) {
			struct row row = rows[i];
			size_t k = i;
			for (; k > from && is_before(t, key, &row,
			    &rows[k - 1]); k--)
				rows[k] = rows[k - 1];
			rows[k] = row;
		}
	}
}

static void
merge(const struct flows *t, enum rank_key key, const struct row *from,
    size_t left_count, size_t count, struct row *to)
{
	const struct row *left = from, *left_end = from + left_count;
	const struct row *right = left_end, *right_end = from + count;
	while (left < left_end && right < right_end)
		*to++ = is_before(t, key, right, left) ? *right++ : *left++;
	memcpy(to, left, (size_t)(left_end - left) * sizeof(*to));
	to += left_end - left;
	memcpy(to, right, (size_t)(right_end - right) * sizeof(*to));
}

static void
sort(struct rank *r, const struct flows *t, enum rank_key key)
{
	sort_runs(t, key, r->rows, r->count);
	for (size_t run = RUN; run < r->count; run *= 2) {
		for (size_t at = 0; at < r->count; at += 2 * run) {
			size_t count = r->count - at < 2 * run ?
			    r->count - at : 2 * run;
			merge(t, key, r->rows + at,
			    count < run ? count : run, count, r->spare + at);
		}
		struct row *swap = r->rows;
		r->rows = r->spare;
		r->spare = swap;
	}
}

static void
grow(struct rank *r)
{
	if (r->count < r->size)
		return;
	r->size = r->size != 0 ? r->size * 2 : 256;
	r->rows = xreallocarray(r->rows, r->size, sizeof(*r->rows));
	r->spare = xreallocarray(r->spare, r->size, sizeof(*r->spare));
}

static void
cut(struct rank *r, const struct flows *t, enum rank_key key, size_t top)
{
	sort(r, t, key);
	if (top != 0 && r->count > top)
		r->count = top;
}

/* Can this flow not be among the first any more, as far as can be told
 * without its ring?  A window holds no more than the flow's total, unless
 * that was reset within it, and nothing once the flow was silent for as
 * long. */
static bool
is_beaten(const struct flows *t, const struct flow *f, enum rank_key key,
    uint32_t now, const struct row *last)
{
	uint64_t score = ~last->words[0];
	if (key > RANK_40S || score == 0)
		return false;
	return f->second + rate_windows[key] < now ||
	    (t->reset + rate_windows[key] < now &&
	    f->total[0] + f->total[1] < score);
}

void
rank_rows(struct rank *r, const struct flows *t, enum rank_key key,
    size_t top, uint32_t now)
{
	enum { AHEAD = 16 };
	bool was_cut = false;
	r->count = 0;
	for (uint32_t n = 1; n <= t->pool.used; n++) {
		const struct flow *f = flows_at(t, n);
		if (!was_cut && n + AHEAD <= t->pool.used)
			flows_prefetch_ring(t, n + AHEAD);
		if ((f->flags & FLOW_FREE) != 0 || (was_cut &&
		    is_beaten(t, f, key, now, &r->rows[top - 1])))
			continue;
		grow(r);
		struct row *row = &r->rows[r->count];
		row->number = n;
		fill_words(t, f, key, now, row->words);
		if (was_cut && !is_before(t, key, row, &r->rows[top - 1]))
			continue;
		r->count++;
		if (top != 0 && r->count > 2 * top + 128) {
			cut(r, t, key, top);
			was_cut = true;
		}
	}
	cut(r, t, key, top);
}
