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
by_key(const struct flow *a, const struct flow *b, enum rank_key key)
{
	int order = by_end(a, b, key != RANK_DST);
	if (order == 0)
		order = by_end(a, b, key == RANK_DST);
	if (order == 0)
		order = (int)a->key.protocol - (int)b->key.protocol;
	if (order == 0)
		order = (int)a->key.kind - (int)b->key.kind;
	return order;
}

bool
rank_is_before(const struct flow *a, uint64_t id, const struct flow *b,
    uint64_t other_id, enum rank_key key)
{
	int order = by_key(a, b, key);
	/* Only an ended flow and its successor have the same key. */
	return order != 0 ? order < 0 : id < other_id;
}

static bool
is_before(const struct flows *t, enum rank_key key, const struct row *a,
    const struct row *b)
{
	int order = rank_compare_words(a->words, b->words);
	if (order != 0)
		return order < 0;
	return rank_is_before(flows_at(t, a->number),
	    ledger_at(&t->ledger, a->number)->id, flows_at(t, b->number),
	    ledger_at(&t->ledger, b->number)->id, key);
}

/* The flow's ends, this one first, as numbers that are in the order of the
 * flows, as far as they go: of IPv4 an end is one word. */
static void
end_words(const struct flow *f, bool ours, uint64_t words[3])
{
	uint64_t family = (uint64_t)f->key.family << 56;
	uint64_t port = rank_port(f, ours), end[2], other[2];
	memcpy(end, rank_address(f, ours), sizeof(end));
	memcpy(other, rank_address(f, !ours), sizeof(other));
	for (unsigned i = 0; i < 2; i++) {
		end[i] = flow_big_endian(end[i]);
		other[i] = flow_big_endian(other[i]);
	}
	words[0] = family | end[0] >> 8;
	if (f->key.family == ADDR_IPV6) {
		words[1] = end[0] << 56 | end[1] >> 8;
		words[2] = end[1] << 56 | port << 40 | other[0] >> 24;
	} else {
		words[0] |= port;
		words[1] = family | other[0] >> 8 | rank_port(f, !ours);
		words[2] = 0;
	}
}

void
rank_fill_ends(const struct flow *f, enum rank_key key,
    uint64_t words[RANK_WORDS], unsigned n)
{
	uint64_t ends[3];
	end_words(f, key != RANK_DST, ends);
	for (unsigned i = 0; n < RANK_WORDS; i++)
		words[n++] = i < 3 ? ends[i] : 0;
}

void
rank_fill_words(const struct flows *t, uint32_t number, enum rank_key key,
    uint32_t now, uint64_t words[RANK_WORDS])
{
	const struct account *account = ledger_at(&t->ledger, number);
	uint64_t sums[RATE_WINDOWS][2] = { 0 };
	bool by_end = key >= RANK_SRC;
	unsigned n = 0;
	/* Larger comes first, so the complement sorts upwards. */
	if (key == RANK_TOTAL)
		words[n++] = ~(account->total[0] + account->total[1]);
	if (!by_end)
		ledger_sums(&t->ledger, number, now, sums);
	for (unsigned w = key == RANK_TOTAL ? 0 : (unsigned)key;
	    w < RATE_WINDOWS && !by_end; w++)
		words[n++] = ~(sums[w][0] + sums[w][1]);
	rank_fill_ends(flows_at(t, number), key, words, n);
}

/*
 * Sorting: into buckets by the first words; what is left in one into ever
 * smaller ones by the first word in which its rows differ; and a few rows by
 * merges, bottom up, from runs sorted by insertion.
 */

enum { RUN = 8, FEW = 64, PARTS = 16, DIGITS = 256,
	BUCKETS = 2 * RANK_ROUNDED };

/* Which bucket, those of the most bytes first. */
static unsigned
bucket_of_word(uint64_t word)
{
	return RANK_ROUNDED - 1 - rank_round(~word);
}

/* Rows without bytes in the window, often a good part of all, would be one
 * bucket: the second word spreads them. */
static unsigned
bucket(const struct row *row)
{
	return row->words[0] != UINT64_MAX ? bucket_of_word(row->words[0]) :
	    RANK_ROUNDED + bucket_of_word(row->words[1]);
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

/* Sort `rows`, with room for as many in `spare`; where the result is. */
static struct row *
merge_all(const struct flows *t, enum rank_key key, struct row *rows,
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
	return from;
}

/* What rows are told apart by: the word in which they differ first, less the
 * least there, as a number below DIGITS. */
struct digit {
	unsigned word, shift;
	uint64_t least;
};

static bool
find_digit(struct digit *d, const struct row *rows, size_t count)
{
	for (d->word = 0; d->word < RANK_WORDS; d->word++) {
		uint64_t least = UINT64_MAX, most = 0;
		for (size_t i = 0; i < count; i++) {
			uint64_t word = rows[i].words[d->word];
			least = word < least ? word : least;
			most = word > most ? word : most;
		}
		d->least = least;
		d->shift = 0;
		while ((most - least) >> d->shift >= DIGITS)
			d->shift++;
		if (most > least)
			return true;
	}
	return false;
}

static unsigned
digit_of(const struct digit *d, const struct row *row)
{
	return (unsigned)((row->words[d->word] - d->least) >> d->shift);
}

/* Move rows to where those of their digit are; `ends` are where these end. */
static void
spread(const struct digit *d, const struct row *from, size_t count,
    struct row *to, uint32_t ends[DIGITS])
{
	uint32_t at = 0;
	memset(ends, 0, DIGITS * sizeof(*ends));
	for (size_t i = 0; i < count; i++)
		ends[digit_of(d, &from[i])]++;
	for (unsigned i = 0; i < DIGITS; i++) {
		uint32_t n = ends[i];
		ends[i] = at;
		at += n;
	}
	for (size_t i = 0; i < count; i++)
		to[ends[digit_of(d, &from[i])]++] = from[i];
}

/* Sort rows; the result is to be in their place, or in `spare`. */
static void
sort_rows(const struct flows *t, enum rank_key key, struct row *rows,
    struct row *spare, size_t count, bool in_spare)
{
	struct row *wanted = in_spare ? spare : rows;
	uint32_t ends[DIGITS], at = 0;
	struct digit d;
	if (count > FEW && find_digit(&d, rows, count)) {
		spread(&d, rows, count, spare, ends);
		for (unsigned i = 0; i < DIGITS; at = ends[i++])
			sort_rows(t, key, spare + at, rows + at,
			    ends[i] - at, !in_spare);
		return;
	}
	const struct row *sorted = merge_all(t, key, rows, spare, count);
	if (sorted != wanted)
		memcpy(wanted, sorted, count * sizeof(*wanted));
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
			    s->ends[i] - at, false);
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
rank_sort(struct row_list *r, const struct flows *t, enum rank_key key)
{
	if (r->count < RANK_MANY) {
		sort_rows(t, key, r->rows, r->spare, r->count, false);
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
