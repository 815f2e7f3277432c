/* SPDX-License-Identifier: MIT
 *
 * Choosing the flows to be shown.
 */
#include "flowagg/rank.h"

#include <stdlib.h>
#include <string.h>

#include "flowagg/rank_all.h"
#include "flowagg/rank_quiet.h"
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
row_list_reserve(struct row_list *l, size_t count)
{
	if (count <= l->size)
		return;
	free(l->rows);
	free(l->spare);
	l->size = count + count / 8 + 256;
	l->rows = xreallocarray(NULL, l->size, sizeof(*l->rows));
	l->spare = xreallocarray(NULL, l->size, sizeof(*l->spare));
}

void
row_list_done(struct row_list *l)
{
	free(l->rows);
	free(l->spare);
	*l = (struct row_list){ 0 };
}

void
rank_done(struct rank *r)
{
	row_list_done(&r->shown);
	quiet_done(&r->quiet);
}

void
rank_forget(struct rank *r)
{
	r->limited = false;
}

static void
cut(struct row_list *l, const struct flows *t, enum rank_key key, size_t top)
{
	rank_sort(l, t, key);
	if (top != 0 && l->count > top)
		l->count = top;
}

struct picking {
	struct rank *r;
	const struct flows *t;
	enum rank_key key;
	size_t top;
	uint32_t now;
	uint32_t floor;		/* whose standing is lower is not shown */
	uint32_t next;		/* number to be looked at */
};

/* What the flow is ranked by, where that is a number of bytes. */
static uint64_t
score(const struct row *row)
{
	return ~row->words[0];
}

static uint32_t
limit_of_bytes(uint64_t bytes)
{
	return bytes < UINT32_MAX - LEDGER_BYTES ?
	    LEDGER_BYTES + (uint32_t)bytes : UINT32_MAX;
}

/* The row's words as one number, which is not lower where the row is ranked
 * higher: its bytes; without any those of the next window that has some,
 * rounded; 0 when none has.  It falls as time passes, until packets come. */
static uint32_t
standing(enum rank_key key, const struct row *row)
{
	_Static_assert(LEDGER_BYTES >= 2 * RANK_ROUNDED, "room below");
	if (key == RANK_TOTAL || score(row) > 0)
		return limit_of_bytes(score(row));
	unsigned windows = RATE_WINDOWS - (unsigned)key, i = 1;
	while (i < windows && row->words[i] == UINT64_MAX)
		i++;
	return i == windows ? 0 : (windows - 1 - i) * RANK_ROUNDED +
	    rank_round(~row->words[i]);
}

/* What the flow is ranked by, where that is a number of bytes, and what may
 * still come to it from the second that runs. */
static struct recent
bytes_of(const struct picking *k, uint32_t number)
{
	const struct account *a = ledger_at(&k->t->ledger, number);
	if (k->key == RANK_TOTAL)
		return (struct recent){ .bytes = a->total[0] + a->total[1] };
	return ledger_recent(&k->t->ledger, number, k->now,
	    rate_windows[k->key]);
}

/* The flow's limit becomes its standing, `at`, with what may still come. */
static void
lower_limit(const struct picking *k, uint32_t number, uint32_t at,
    struct recent recent)
{
	ledger_set_limit(&k->t->ledger, number, recent.running == 0 ? at :
	    limit_of_bytes(recent.bytes + recent.running));
}

enum { AT_ONCE = 16 };		/* limits compared together */

/* The highest of some limits, found without a branch. */
static uint32_t
highest(const uint32_t limits[AT_ONCE])
{
	uint32_t most = 0;
	for (unsigned i = 0; i < AT_ONCE; i++)
		most = limits[i] > most ? limits[i] : most;
	return most;
}

/* The next flow whose limit does not exclude it, from ->next on.  A block
 * that is looked into gets for its limit the highest of those that are
 * passed over, to which lower_limit() adds the others. */
static uint32_t
next_candidate(struct picking *k)
{
	const uint32_t *limits = ledger_limits(&k->t->ledger);
	uint32_t *blocks = ledger_blocks(&k->t->ledger);
	uint32_t used = k->t->pool.used, n = k->next;
	uint32_t floor = k->floor > 0 ? k->floor : 1;
	while (n <= used) {
		uint32_t *block = &blocks[n / LEDGER_BLOCK];
		uint32_t width = 1, limit = limits[n];
		if (n % LEDGER_BLOCK == 0 || n == 1) {
			if (*block < floor) {
				n = (n / LEDGER_BLOCK + 1) * LEDGER_BLOCK;
				continue;
			}
			*block = 0;
		}
		if (n % AT_ONCE == 0) {
			uint32_t most = highest(&limits[n]);
			if (most < floor) {
				limit = most;
				width = AT_ONCE;
			}
		}
		if (limit >= floor)
			break;
		if (limit > *block)
			*block = limit;
		n += width;
	}
	k->next = n + 1;
	return n;
}

enum { BATCH = 64 };

/* The next candidates, and into the cache with what will be looked at of
 * them: once there is a floor, of most their bytes only.  How many. */
static unsigned
next_candidates(struct picking *k, uint32_t numbers[BATCH])
{
	const struct flows *t = k->t;
	unsigned count = 0;
	for (uint32_t n; count < BATCH && (n = next_candidate(k)) <=
	    t->pool.used;) {
		numbers[count++] = n;
		if (k->floor == 0)
			flows_prefetch_flow(t, n);
		ledger_prefetch(&t->ledger, n);
	}
	for (unsigned i = 0; i < count; i++)
		ledger_prefetch_seconds(&t->ledger, numbers[i]);
	return count;
}

/* A row for a candidate, if it is still one; from time to time only the
 * first rows are kept, and the floor rises to the last of them. */
static void
consider(struct picking *k, uint32_t number)
{
	struct row_list *l = &k->r->shown;
	struct row *row = &l->rows[l->count];
	struct recent recent = bytes_of(k, number);
	uint32_t at = limit_of_bytes(recent.bytes);
	if (recent.bytes > 0 && at < k->floor) {
		lower_limit(k, number, at, recent);
		return;
	}
	if ((flows_at(k->t, number)->flags & FLOW_FREE) != 0) {
		ledger_set_limit(&k->t->ledger, number, 0);
		return;
	}
	row->number = number;
	rank_fill_words(k->t, number, k->key, k->now, row->words);
	at = standing(k->key, row);
	lower_limit(k, number, at, recent);
	if (ledger_limits(&k->t->ledger)[number] == 0) {
		quiet_add(&k->r->quiet, k->t, k->key, k->top, row);
		return;
	}
	if (at < k->floor || ++l->count <= 2 * k->top + 128)
		return;
	cut(l, k->t, k->key, k->top);
	k->floor = standing(k->key, &l->rows[k->top - 1]);
}

/* Those that were shown last are flows, too: who has less than each of them is
 * not among the first. */
static uint32_t
floor_of_last(const struct picking *k)
{
	const struct row_list *l = &k->r->shown;
	const struct ledger *ledger = &k->t->ledger;
	uint64_t least = UINT64_MAX;
	if (l->count < k->top)
		return 0;
	for (size_t i = 0; i < k->top; i++)
		ledger_prefetch(ledger, l->rows[i].number);
	for (size_t i = 0; i < k->top; i++)
		ledger_prefetch_seconds(ledger, l->rows[i].number);
	for (size_t i = 0; i < k->top; i++) {
		uint64_t bytes = bytes_of(k, l->rows[i].number).bytes;
		least = bytes < least ? bytes : least;
	}
	return least > 0 ? limit_of_bytes(least) : 0;
}

/* Of all flows, those that come first by bytes. */
static void
pick(struct rank *r, const struct flows *t, enum rank_key key, size_t top,
    uint32_t now)
{
	struct picking k = { .r = r, .t = t, .key = key, .top = top,
		.now = now, .next = 1 };
	struct row_list *l = &r->shown;
	k.floor = floor_of_last(&k);
	l->count = 0;
	uint32_t numbers[BATCH];
	size_t most = 2 * top + 129;
	row_list_reserve(l, most < t->pool.used ? most : t->pool.used + 1);
	for (unsigned count; (count = next_candidates(&k, numbers)) > 0;)
		for (unsigned i = 0; i < count; i++)
			consider(&k, numbers[i]);
	if (l->count >= top) {
		cut(l, t, key, top);
		if (standing(key, &l->rows[top - 1]) > 0)
			return;
	}
	l->count += quiet_first(&r->quiet, t, key, top, l->rows + l->count);
	cut(l, t, key, top);
}

void
rank_rows(struct rank *r, struct flows *t, enum rank_key key, size_t top,
    uint32_t now)
{
	if (top == 0 || top >= t->pool.used || key >= RANK_SRC) {
		rank_all(&r->shown, t, key, now);
		cut(&r->shown, t, key, top);
		return;
	}
	if (!r->limited || key != r->limited_by) {
		/* The limits are those of another score. */
		ledger_forget_limits(&t->ledger, t->pool.used);
		quiet_forget(&r->quiet);
		r->shown.count = 0;
		r->limited = true;
		r->limited_by = key;
	}
	pick(r, t, key, top, now);
}
