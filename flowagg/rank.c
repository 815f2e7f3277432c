/* SPDX-License-Identifier: MIT
 *
 * Sorting flows.
 */
#include "flowagg/rank.h"

#include <stdlib.h>
#include <string.h>

#include "flowagg/crew.h"
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
fill_words(const struct flows *t, uint32_t number, enum rank_key key,
    uint32_t now, uint64_t words[RANK_WORDS])
{
	const struct flow *f = flows_at(t, number);
	const struct account *account = ledger_at(&t->ledger, number);
	uint64_t sums[RATE_WINDOWS][2] = { 0 };
	unsigned n = 0;
	ledger_sums(&t->ledger, number, now, sums);
	/* Larger comes first, so the complement sorts upwards. */
	if (key == RANK_TOTAL)
		words[n++] = ~(account->total[0] + account->total[1]);
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
	return by_key(t, a->number, b->number, key) < 0;
}

/*
 * Sorting: into buckets by the first word, each of which fits into the
 * cache; then merges, bottom up, from runs sorted by insertion.
 */

enum { RUN = 8, BUCKETS = 64 * 128, FEW = 4096, PARTS = 64 };

/* Which bucket: as a number of bytes is rounded to seven digits in binary,
 * the largest first. */
static unsigned
bucket(uint64_t word)
{
	uint64_t n = ~word;
	if (n < 128)
		return BUCKETS - 1 - (unsigned)n;
	unsigned drop = 56 - (unsigned)__builtin_clzll(n);
	return BUCKETS - 1 - (drop * 128 + (unsigned)(n >> drop));
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

/* Rows in their buckets; a part is those buckets that begin in a slice of
 * the rows. */
struct sorting {
	const struct flows *t;
	enum rank_key key;
	struct row *rows, *spare;
	size_t count;
	uint32_t ends[BUCKETS];
};

static void
sort_part(void *context, unsigned part)
{
	struct sorting *s = context;
	size_t from = s->count * part / PARTS;
	size_t to = s->count * (part + 1) / PARTS;
	uint32_t at = 0;
	for (unsigned i = 0; i < BUCKETS && at < to; at = s->ends[i++])
		if (at >= from)
			sort_rows(s->t, s->key, s->rows + at, s->spare + at,
			    s->ends[i] - at);
}

static void
sort(struct rank *r, const struct flows *t, enum rank_key key)
{
	if (r->count < FEW) {
		sort_rows(t, key, r->rows, r->spare, r->count);
		return;
	}
	struct sorting s = { .t = t, .key = key, .rows = r->spare,
		.spare = r->rows, .count = r->count };
	uint32_t at = 0;
	for (size_t i = 0; i < r->count; i++)
		s.ends[bucket(r->rows[i].words[0])]++;
	for (unsigned i = 0; i < BUCKETS; i++) {
		uint32_t count = s.ends[i];
		s.ends[i] = at;
		at += count;
	}
	for (size_t i = 0; i < r->count; i++)
		r->spare[s.ends[bucket(r->rows[i].words[0])]++] = r->rows[i];
	r->rows = s.rows;
	r->spare = s.spare;
	crew_do(PARTS, sort_part, &s);
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

/* What the flow is ranked by, where that is a number of bytes. */
static uint64_t
score(const struct row *row)
{
	return ~row->words[0];
}

/* The flow's limit becomes its score, and what may still come into a window
 * from the second that runs. */
static void
lower_limit(const struct flows *t, const struct row *row, uint32_t now)
{
	uint64_t running[2] = { 0 };
	ledger_second(&t->ledger, row->number, now, running);
	uint64_t limit = score(row) + running[0] + running[1];
	ledger_limits(&t->ledger)[row->number] = limit < UINT32_MAX ?
	    (uint32_t)limit : UINT32_MAX;
}

/* The next flow whose limit does not exclude it, from n on. */
static uint32_t
next_candidate(const struct flows *t, uint32_t n, uint32_t floor)
{
	const uint32_t *limits = ledger_limits(&t->ledger);
	while (n <= t->pool.used && limits[n] < floor)
		n++;
	return n;
}

/* Bring into the cache what a candidate further on will need. */
static void
look_ahead(const struct flows *t, uint32_t n, uint32_t floor)
{
	enum { AHEAD = 16 };
	const uint32_t *limits = ledger_limits(&t->ledger);
	if (n + 2 * AHEAD <= t->pool.used && limits[n + 2 * AHEAD] >= floor) {
		ledger_prefetch(&t->ledger, n + 2 * AHEAD);
		flows_prefetch_flow(t, n + 2 * AHEAD);
	}
	if (n + AHEAD <= t->pool.used && limits[n + AHEAD] >= floor)
		ledger_prefetch_seconds(&t->ledger, n + AHEAD);
}

/* Of all flows, those that come first by bytes. */
static void
pick(struct rank *r, const struct flows *t, enum rank_key key, size_t top,
    uint32_t now)
{
	uint32_t floor = 0;
	for (uint32_t n = 1; (n = next_candidate(t, n, floor)) <=
	    t->pool.used; n++) {
		look_ahead(t, n, floor);
		if ((flows_at(t, n)->flags & FLOW_FREE) != 0)
			continue;
		grow(r);
		struct row *row = &r->rows[r->count];
		row->number = n;
		fill_words(t, n, key, now, row->words);
		lower_limit(t, row, now);
		if (score(row) < floor)
			continue;
		r->count++;
		if (r->count > 2 * top + 128) {
			cut(r, t, key, top);
			uint64_t least = score(&r->rows[top - 1]);
			floor = least < UINT32_MAX ? (uint32_t)least :
			    UINT32_MAX;
		}
	}
	cut(r, t, key, top);
}

/* Rows whose words are to be filled, a part a slice of them. */
struct filling {
	const struct flows *t;
	enum rank_key key;
	uint32_t now;
	struct rank *r;
};

static void
fill_part(void *context, unsigned part)
{
	enum { AHEAD = 16 };
	const struct filling *f = context;
	struct row *rows = f->r->rows;
	size_t to = f->r->count * (part + 1) / PARTS;
	for (size_t i = f->r->count * part / PARTS; i < to; i++) {
		if (i + AHEAD < to)
			ledger_prefetch_seconds(&f->t->ledger,
			    rows[i + AHEAD].number);
		fill_words(f->t, rows[i].number, f->key, f->now,
		    rows[i].words);
	}
}

static void
take_all(struct rank *r, const struct flows *t, enum rank_key key,
    uint32_t now)
{
	struct filling f = { .t = t, .key = key, .now = now, .r = r };
	for (uint32_t n = 1; n <= t->pool.used; n++) {
		if ((flows_at(t, n)->flags & FLOW_FREE) != 0)
			continue;
		grow(r);
		r->rows[r->count++].number = n;
	}
	if (r->count >= FEW)
		crew_do(PARTS, fill_part, &f);
	else
		for (unsigned part = 0; part < PARTS; part++)
			fill_part(&f, part);
}

void
rank_rows(struct rank *r, struct flows *t, enum rank_key key, size_t top,
    uint32_t now)
{
	r->count = 0;
	if (key != r->limited_by) {
		/* The limits are those of another score. */
		memset(ledger_limits(&t->ledger), 0xff,
		    ((size_t)t->pool.used + 1) * sizeof(uint32_t));
		r->limited_by = key;
	}
	if (top != 0 && key < RANK_SRC) {
		pick(r, t, key, top, now);
		return;
	}
	take_all(r, t, key, now);
	cut(r, t, key, top);
}
