/* SPDX-License-Identifier: MIT
 *
 * The order of rows, and sorting by it.
 */
#include "flowagg/rank_sort.h"

#include <stdlib.h>
#include <string.h>

#include "flowagg/crew.h"
#include "flowagg/pages.h"
#include "lib/xalloc.h"

/*
 * The total order.
 */

/* By one end, ours or theirs: IPv4 first, address, port. */
static int
by_end(const struct flow *a, const struct flow *b, bool ours)
{
	if (a->key.family != b->key.family)
		return a->key.family < b->key.family ? -1 : 1;
	int order = memcmp(rank_address(a, ours),
	    rank_address(b, ours), 16);
	return order != 0 ? order :
	    (int)rank_port(a, ours) - (int)rank_port(b, ours);
}

static int
by_key(const struct flows *t, uint32_t one, uint32_t other,
    enum rank_key key)
{
	const struct flow *a = flows_at(t, one), *b = flows_at(t, other);
	int order = by_end(a, b, key != RANK_DST);
	if (order == 0)
		order = by_end(a, b, key == RANK_DST);
	if (order == 0)
		order = (int)a->key.protocol - (int)b->key.protocol;
	if (order == 0)
		order = (int)a->key.kind - (int)b->key.kind;
	if (order != 0)
		return order;
	/* Only an ended flow and its successor have the same key. */
	uint64_t first = ledger_at(&t->ledger, one)->id;
	uint64_t second = ledger_at(&t->ledger, other)->id;
	return (first > second) - (first < second);
}

static bool
is_before(const struct flows *t, enum rank_key key, const struct row *a,
    const struct row *b)
{
	for (unsigned i = 0; i < RANK_WORDS; i++)
		if (a->words[i] != b->words[i])
			return a->words[i] < b->words[i];
	return by_key(t, a->number, b->number, key) < 0;
}

/*
 * Sorting: into buckets by the first word, each of which fits into the
 * cache; then merges, bottom up, from runs sorted by insertion.
 */

enum { RUN = 8, PARTS = 16,
	BY_WORD = 64 * 128, BUCKETS = 2 * BY_WORD };

/* Which bucket: as a number of bytes is rounded to seven digits in binary,
 * the largest first. */
static unsigned
bucket_of_word(uint64_t word)
{
	uint64_t n = ~word;
	if (n < 128)
		return BY_WORD - 1 - (unsigned)n;
	unsigned drop = 56 - (unsigned)__builtin_clzll(n);
	return BY_WORD - 1 - (drop * 128 + (unsigned)(n >> drop));
}

/* Rows without bytes in the window, often a good part of all, would be one
 * bucket: the second word spreads them. */
static unsigned
bucket(const struct row *row)
{
	return row->words[0] != UINT64_MAX ? bucket_of_word(row->words[0]) :
	    BY_WORD + bucket_of_word(row->words[1]);
}

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

/* Sort `rows`, with room for as many in `spare`. */
static void
sort_rows(const struct flows *t, enum rank_key key, struct row *rows,
    struct row *spare, size_t count)
{
	struct row *from = rows, *to = spare;
	sort_runs(t, key, rows, count);
	for (size_t run = RUN; run < count; run *= 2) {
		for (size_t at = 0; at < count; at += 2 * run) {
			size_t both = count - at < 2 * run ? count - at :
			    2 * run;
			merge(t, key, from + at, both < run ? both : run,
			    both, to + at);
		}
		struct row *swap = from;
		from = to;
		to = swap;
	}
	if (from != rows)
		memcpy(rows, from, count * sizeof(*rows));
}

/* A part counts or moves a slice of the rows, and sorts the buckets that
 * begin in a slice. */
struct sorting {
	const struct flows *t;
	enum rank_key key;
	struct row *from, *to;
	size_t count;
	uint32_t (*places)[BUCKETS];	/* for each part: rows in a bucket,
					 * then where its next one goes */
	uint32_t ends[BUCKETS];
};

static size_t
slice(const struct sorting *s, unsigned part)
{
	return s->count * part / PARTS;
}

static void
count_part(void *context, unsigned part)
{
	struct sorting *s = context;
	pages_populate(s->to + slice(s, part), (slice(s, part + 1) -
	    slice(s, part)) * sizeof(*s->to));
	for (size_t i = slice(s, part); i < slice(s, part + 1); i++)
		s->places[part][bucket(&s->from[i])]++;
}

static void
move_part(void *context, unsigned part)
{
	struct sorting *s = context;
	for (size_t i = slice(s, part); i < slice(s, part + 1); i++) {
		unsigned in = bucket(&s->from[i]);
		s->to[s->places[part][in]++] = s->from[i];
	}
}

static void
sort_part(void *context, unsigned part)
{
	struct sorting *s = context;
	size_t from = slice(s, part), to = slice(s, part + 1);
	uint32_t at = 0;
	for (unsigned i = 0; i < BUCKETS && at < to; at = s->ends[i++])
		if (at >= from)
			sort_rows(s->t, s->key, s->to + at, s->from + at,
			    s->ends[i] - at);
}

/* From the numbers of rows to their places. */
static void
find_places(struct sorting *s)
{
	uint32_t at = 0;
	for (unsigned i = 0; i < BUCKETS; i++) {
		for (unsigned part = 0; part < PARTS; part++) {
			uint32_t count = s->places[part][i];
			s->places[part][i] = at;
			at += count;
		}
		s->ends[i] = at;
	}
}

void
rank_sort(struct rank *r, const struct flows *t, enum rank_key key)
{
	if (r->count < RANK_MANY) {
		sort_rows(t, key, r->rows, r->spare, r->count);
		return;
	}
	struct sorting s = { .t = t, .key = key, .from = r->rows,
		.to = r->spare, .count = r->count };
	s.places = xcalloc(PARTS, sizeof(*s.places));
	crew_do(PARTS, count_part, &s);
	find_places(&s);
	crew_do(PARTS, move_part, &s);
	crew_do(PARTS, sort_part, &s);
	free(s.places);
	r->rows = s.to;
	r->spare = s.from;
}
