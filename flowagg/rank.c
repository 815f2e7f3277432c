/* SPDX-License-Identifier: MIT
 *
 * Choosing the flows to be shown.
 */
#include "flowagg/rank.h"

#include <stdlib.h>
#include <string.h>

#include "flowagg/crew.h"
#include "flowagg/pages.h"
#include "flowagg/rank_sort.h"
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

static void
fill_words(const struct flows *t, uint32_t number, enum rank_key key,
    uint32_t now, uint64_t words[RANK_WORDS])
{
	const struct flow *f = flows_at(t, number);
	const struct account *account = ledger_at(&t->ledger, number);
	uint64_t sums[RATE_WINDOWS][2] = { 0 }, ends[3];
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
	end_words(f, key != RANK_DST, ends);
	for (unsigned i = 0; n < RANK_WORDS; i++)
		words[n++] = i < 3 ? ends[i] : 0;
}

/* Room for so many rows; those that are there may be forgotten. */
static void
reserve(struct rank *r, size_t count)
{
	if (count <= r->size)
		return;
	free(r->rows);
	free(r->spare);
	r->size = count + count / 8 + 256;
	r->rows = xreallocarray(NULL, r->size, sizeof(*r->rows));
	r->spare = xreallocarray(NULL, r->size, sizeof(*r->spare));
}

static void
cut(struct rank *r, const struct flows *t, enum rank_key key, size_t top)
{
	rank_sort(r, t, key);
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
	enum { AT_ONCE = 16 };	/* compared together, without a branch */
	const uint32_t *limits = ledger_limits(&t->ledger);
	for (; n + AT_ONCE <= t->pool.used; n += AT_ONCE) {
		bool any = false;
		for (uint32_t i = 0; i < AT_ONCE; i++)
			any |= limits[n + i] >= floor;
		if (any)
			break;
	}
	while (n <= t->pool.used && limits[n] < floor)
		n++;
	return n;
}

enum { BATCH = 64 };

/* The next candidates from *n on, and into the cache with what will be
 * looked at of them; how many. */
static unsigned
next_candidates(const struct flows *t, uint32_t *n, uint32_t floor,
    uint32_t numbers[BATCH])
{
	unsigned count = 0;
	for (; count < BATCH && (*n = next_candidate(t, *n, floor)) <=
	    t->pool.used; ++*n) {
		numbers[count++] = *n;
		flows_prefetch_flow(t, *n);
		ledger_prefetch(&t->ledger, *n);
	}
	for (unsigned i = 0; i < count; i++)
		ledger_prefetch_seconds(&t->ledger, numbers[i]);
	return count;
}

/* A row for a candidate, if it is still one; from time to time only the
 * first rows are kept, and the floor rises to the last of them. */
static void
consider(struct rank *r, const struct flows *t, enum rank_key key,
    size_t top, uint32_t now, uint32_t number, uint32_t *floor)
{
	struct row *row = &r->rows[r->count];
	if ((flows_at(t, number)->flags & FLOW_FREE) != 0)
		return;
	row->number = number;
	fill_words(t, number, key, now, row->words);
	lower_limit(t, row, now);
	if (score(row) < *floor || ++r->count <= 2 * top + 128)
		return;
	cut(r, t, key, top);
	uint64_t least = score(&r->rows[top - 1]);
	*floor = least < UINT32_MAX ? (uint32_t)least : UINT32_MAX;
}

/* Of all flows, those that come first by bytes. */
static void
pick(struct rank *r, const struct flows *t, enum rank_key key, size_t top,
    uint32_t now)
{
	uint32_t numbers[BATCH], floor = 0, n = 1;
	size_t most = 2 * top + 129;
	reserve(r, most < t->pool.used ? most : t->pool.used);
	for (unsigned count; (count = next_candidates(t, &n, floor,
	    numbers)) > 0;)
		for (unsigned i = 0; i < count; i++)
			consider(r, t, key, top, now, numbers[i], &floor);
	cut(r, t, key, top);
}

/*
 * All flows.  A part takes a slice of the numbers.
 */

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
		fill_words(t, n, k->key, k->now, row->words);
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

static void
take_all(struct rank *r, const struct flows *t, enum rank_key key,
    uint32_t now)
{
	struct taking k = { .t = t, .key = key, .now = now };
	do_parts(t->pool.used, count_part, &k);
	for (unsigned part = 0; part < PARTS; part++)
		k.starts[part + 1] += k.starts[part];
	r->count = k.starts[PARTS];
	if (r->count == 0)
		return;
	reserve(r, r->count);
	k.rows = r->rows;
	do_parts(t->pool.used, take_part, &k);
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
