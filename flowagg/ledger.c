/* SPDX-License-Identifier: MIT
 *
 * Accounts of flows.
 */
#include "flowagg/ledger.h"

#include <stdlib.h>
#include <string.h>

#include "lib/rarely.h"
#include "lib/xalloc.h"

/* How many of `max` flows may be in one volume: every other page. */
static uint32_t
volume_size(uint32_t max)
{
	uint32_t pages = ledger_page(max) / LEDGER_VOLUMES + 1;
	uint64_t flows = (uint64_t)pages << LEDGER_PAGE_BITS;
	return flows < max ? (uint32_t)flows : max;
}

void
ledger_init(struct ledger *l, uint32_t max)
{
	uint32_t most = volume_size(max);
	*l = (struct ledger){ .epoch = 1 };
	pool_init(&l->accounts, sizeof(struct account), max);
	pool_init(&l->limits, sizeof(uint32_t), max);
	pool_init(&l->blocks, sizeof(uint32_t), max / LEDGER_BLOCK);
	for (unsigned i = 0; i < LEDGER_VOLUMES; i++) {
		pool_init(&l->volumes[i].marks, sizeof(struct mark), most);
		rates_init(&l->volumes[i].rates, most);
	}
}

void
ledger_done(struct ledger *l)
{
	pool_done(&l->accounts);
	pool_done(&l->limits);
	pool_done(&l->blocks);
	for (unsigned i = 0; i < LEDGER_VOLUMES; i++) {
		pool_done(&l->volumes[i].marks);
		rates_done(&l->volumes[i].rates);
		free(l->volumes[i].heavy);
	}
	*l = (struct ledger){ 0 };
}

static struct volume *
volume_of(struct ledger *l, uint32_t flow)
{
	return &l->volumes[ledger_volume(flow)];
}

/*
 * Posting.
 */

static void
set_interval(uint64_t *count, uint16_t epoch)
{
	*count = (*count & ~(uint64_t)UINT16_MAX) | epoch;
}

/* In this interval: opened? its mark set? */
static inline bool
is_born(const struct ledger *l, const struct account *a)
{
	return (uint16_t)a->counts[0] == l->epoch;
}

static inline bool
is_marked(const struct ledger *l, const struct account *a)
{
	return (uint16_t)a->counts[1] == l->epoch;
}

static void RARELY
note_heavy(struct ledger *l, const struct entry *e)
{
	struct volume *v = volume_of(l, e->flow);
	uint64_t bytes[2] = { 0 };
	ledger_second(l, e->flow, e->second, bytes);
	if (bytes[0] + bytes[1] < l->heavy_at)
		return;
	if (v->heavy_count == v->heavy_size) {
		v->heavy_size = v->heavy_size != 0 ? v->heavy_size * 2 : 64;
		v->heavy = xreallocarray(v->heavy, v->heavy_size,
		    sizeof(*v->heavy));
	}
	v->heavy[v->heavy_count++] = (struct heavy){ e->flow, e->second };
}

static void RARELY
close_account(struct ledger *l, uint32_t flow)
{
	struct account *a = ledger_at(l, flow);
	struct volume *v = volume_of(l, flow);
	struct sum *g = &v->gone;
	uint64_t packets[2];
	ledger_delta(l, flow, g->delta);
	account_packets(a, packets);
	g->flows++;
	for (unsigned way = 0; way < 2; way++) {
		g->bytes[way] += a->total[way];
		g->packets[way] += packets[way];
		a->total[way] = 0;
	}
	rate_free(&v->rates, a->ring);
	a->counts[0] = a->counts[1] = 0;
	a->ring = a->mark = 0;
	if (l->limited)
		ledger_limits(l)[flow] = 0;
}

static struct mark *
mark_at(const struct volume *v, uint32_t mark)
{
	return (struct mark *)(void *)v->marks.base + mark;
}

/* The first packets of an interval in an account that is older: from here on
 * its delta counts. */
static void
set_mark(struct volume *v, struct account *a)
{
	a->mark = v->mark_count++;
	for (unsigned way = 0; way < 2; way++) {
		mark_at(v, a->mark)->low[way] = (uint32_t)a->total[way];
		mark_at(v, a->mark)->high[way] =
		    (uint16_t)(a->total[way] >> 32);
	}
}

/* A second before the reset is no peak, but still in the windows. */
static void RARELY
add_before_reset(struct volume *v, struct account *a, uint32_t second,
    const uint32_t bytes[2])
{
	uint64_t peaks[2] = { 0 };
	rate_peaks(&v->rates, a->ring, peaks);
	a->ring = rate_add(&v->rates, a->ring, second, bytes);
	rate_set_peaks(&v->rates, a->ring, peaks);
}

static inline void
add_second(const struct ledger *l, struct volume *v, struct account *a,
    uint32_t second, const uint32_t bytes[2])
{
	if (second < l->since)
		add_before_reset(v, a, second, bytes);
	else
		a->ring = rate_add(&v->rates, a->ring, second, bytes);
}

/* Give the account its ring, which knows of its only second. */
static void
start_ring(const struct ledger *l, struct volume *v, struct account *a)
{
	uint64_t rest[2] = { a->total[0], a->total[1] };
	uint32_t bytes[2];
	do {
		for (unsigned way = 0; way < 2; way++) {
			bytes[way] = rest[way] < UINT32_MAX ?
			    (uint32_t)rest[way] : UINT32_MAX;
			rest[way] -= bytes[way];
		}
		add_second(l, v, a, a->mark, bytes);
	} while (rest[0] + rest[1] > 0);
}

static bool
is_new(const struct account *a)
{
	return a->ring == 0 &&
	    (a->counts[0] | a->counts[1]) >> ACCOUNT_SHIFT == 0;
}

/* As long as all packets were of one second and one interval, there is
 * neither a ring nor a mark. */
static void RARELY
begin_second(const struct ledger *l, struct volume *v, struct account *a,
    const struct entry *e)
{
	if (is_new(a)) {
		set_interval(&a->counts[0], l->epoch);
		a->mark = e->second;
		return;
	}
	if (a->ring == 0 && a->mark == e->second && is_born(l, a))
		return;
	if (a->ring == 0)
		start_ring(l, v, a);
	if (!is_born(l, a) && !is_marked(l, a)) {
		set_mark(v, a);
		set_interval(&a->counts[1], l->epoch);
	}
	add_second(l, v, a, e->second, e->bytes);
}

static void
raise_limit(struct ledger *l, const struct entry *e)
{
	uint64_t limit = ledger_limits(l)[e->flow];
	limit = (limit < LEDGER_BYTES ? LEDGER_BYTES : limit) + e->bytes[0] +
	    e->bytes[1];
	ledger_set_limit(l, e->flow,
	    limit < UINT32_MAX ? (uint32_t)limit : UINT32_MAX);
}

static inline void
enter(struct ledger *l, struct volume *v, const struct entry *e)
{
	struct account *a = ledger_at(l, e->flow);
	if ((e->packets[0] | e->packets[1]) == 0) {
		close_account(l, e->flow);
		return;
	}
	if (a->ring != 0 && (is_born(l, a) || is_marked(l, a)))
		add_second(l, v, a, e->second, e->bytes);
	else
		begin_second(l, v, a, e);
	for (unsigned way = 0; way < 2; way++) {
		a->counts[way] += (uint64_t)e->packets[way] << ACCOUNT_SHIFT;
		a->total[way] += e->bytes[way];
	}
	if (l->limited)
		raise_limit(l, e);
	if (l->heavy_at != 0)
		note_heavy(l, e);
}

void
ledger_post(struct ledger *l, const struct entry *e, uint32_t count)
{
	enum { AHEAD = 16 };
	struct volume *v = volume_of(l, e[0].flow);
	for (uint32_t i = 0; i < count; i++) {
		/* Another processor wrote it. */
		__builtin_prefetch(&e[i + 5 * AHEAD]);
		if (i + 2 * AHEAD < count)
			ledger_prefetch(l, e[i + 2 * AHEAD].flow);
		if (i + AHEAD < count)
			rate_prefetch(&v->rates,
			    ledger_at(l, e[i + AHEAD].flow)->ring);
		enter(l, v, &e[i]);
	}
}

void
ledger_forget_limits(struct ledger *l, uint32_t used)
{
	l->limited = true;
	memset(ledger_limits(l), 0xff, ((size_t)used + 1) * sizeof(uint32_t));
	memset(ledger_blocks(l), 0xff,
	    ((size_t)used / LEDGER_BLOCK + 1) * sizeof(uint32_t));
}

/*
 * Reading.
 */

void
ledger_sums(const struct ledger *l, uint32_t flow, uint32_t now,
    uint64_t sums[RATE_WINDOWS][2])
{
	const struct account *a = ledger_at(l, flow);
	if (a->ring != 0)
		rate_sums(ledger_rates(l, flow), a->ring, now, sums);
	for (unsigned w = 0; w < RATE_WINDOWS && a->ring == 0; w++)
		for (unsigned way = 0; way < 2 && a->mark < now &&
		    now - a->mark <= rate_windows[w]; way++)
			sums[w][way] += a->total[way];
}

struct recent
ledger_recent(const struct ledger *l, uint32_t flow, uint32_t now,
    uint32_t seconds)
{
	const struct account *a = ledger_at(l, flow);
	if (a->ring != 0)
		return rate_recent(ledger_rates(l, flow), a->ring, now,
		    seconds);
	uint32_t before = now - a->mark - 1;
	uint64_t bytes = a->total[0] + a->total[1];
	return (struct recent){ .bytes = before < seconds ? bytes : 0,
		.running = a->mark == now ? bytes : 0 };
}

void
ledger_history(const struct ledger *l, uint32_t flow, uint32_t now,
    uint64_t samples[RATE_HISTORY])
{
	const struct account *a = ledger_at(l, flow);
	uint32_t age = now - a->mark;
	if (a->ring != 0)
		rate_history(ledger_rates(l, flow), a->ring, now, samples);
	else if (age >= 1 && age <= RATE_HISTORY)
		samples[RATE_HISTORY - age] += a->total[0] + a->total[1];
}

void
ledger_peaks(const struct ledger *l, uint32_t flow, uint64_t peaks[2])
{
	const struct account *a = ledger_at(l, flow);
	if (a->ring != 0)
		rate_peaks(ledger_rates(l, flow), a->ring, peaks);
	for (unsigned way = 0; way < 2 && a->ring == 0 &&
	    a->mark >= l->since; way++)
		if (a->total[way] > peaks[way])
			peaks[way] = a->total[way];
}

void
ledger_second(const struct ledger *l, uint32_t flow, uint32_t second,
    uint64_t bytes[2])
{
	const struct account *a = ledger_at(l, flow);
	if (a->ring != 0)
		rate_second(ledger_rates(l, flow), a->ring, second, bytes);
	else if (a->mark == second)
		memcpy(bytes, a->total, sizeof(a->total));
}

void
ledger_delta(const struct ledger *l, uint32_t flow, uint64_t delta[2])
{
	const struct account *a = ledger_at(l, flow);
	const struct volume *v = &l->volumes[ledger_volume(flow)];
	bool marked = a->ring != 0 && is_marked(l, a);
	if (!is_born(l, a) && !marked)
		return;
	for (unsigned way = 0; way < 2; way++) {
		const struct mark *m = mark_at(v, a->mark);
		uint64_t before = is_born(l, a) ? 0 :
		    (uint64_t)m->high[way] << 32 | m->low[way];
		delta[way] += (a->total[way] - before) &
		    (((uint64_t)1 << 48) - 1);
	}
}

/*
 * All accounts at once.
 */

void
ledger_gone(const struct ledger *l, struct sum *sum)
{
	for (unsigned i = 0; i < LEDGER_VOLUMES; i++) {
		const struct sum *gone = &l->volumes[i].gone;
		sum->flows += gone->flows;
		for (unsigned way = 0; way < 2; way++) {
			sum->bytes[way] += gone->bytes[way];
			sum->packets[way] += gone->packets[way];
			sum->delta[way] += gone->delta[way];
		}
	}
}

void
ledger_reset(struct ledger *l, uint32_t used, uint32_t now)
{
	for (unsigned i = 0; i < LEDGER_VOLUMES; i++)
		l->volumes[i].gone = (struct sum){ 0 };
	l->since = now;
	for (uint32_t n = 1; n <= used; n++) {
		struct account *a = ledger_at(l, n);
		struct volume *v = volume_of(l, n);
		uint64_t peaks[2] = { 0 };
		if (is_new(a))
			continue;
		if (a->ring == 0)
			start_ring(l, v, a);
		memset(a->total, 0, sizeof(a->total));
		for (unsigned way = 0; way < 2; way++)
			a->counts[way] &= UINT16_MAX;
		rate_second(&v->rates, a->ring, now, peaks);
		rate_set_peaks(&v->rates, a->ring, peaks);
	}
}

void
ledger_next_interval(struct ledger *l, uint32_t used)
{
	for (unsigned i = 0; i < LEDGER_VOLUMES; i++) {
		struct volume *v = &l->volumes[i];
		memset(v->gone.delta, 0, sizeof(v->gone.delta));
		v->mark_count = 0;
	}
	if (++l->epoch != 0)
		return;
	l->epoch = 1;
	for (uint32_t n = 1; n <= used; n++)
		for (unsigned way = 0; way < 2; way++)
			set_interval(&ledger_at(l, n)->counts[way], 0);
}
