/* SPDX-License-Identifier: MIT
 *
 * Rates, deltas, totals, peaks and histories of random streams against a
 * naive reference that keeps every packet and adds up anew at each
 * snapshot.  Flows come in all sizes: a few seconds in the log, the ring of
 * small slots, and more than 16 MB in a second.
 *
 * uses: flowagg/admit.c flowagg/aggregate.c flowagg/alert.c flowagg/clock.c flowagg/crew.c flowagg/flows.c flowagg/flows_queue.c flowagg/group.c flowagg/halves.c flowagg/hash.c flowagg/interfaces.c flowagg/late.c flowagg/orient.c flowagg/packets.c flowagg/past.c flowagg/pages.c flowagg/pool.c flowagg/rank.c flowagg/rank_all.c flowagg/rank_quiet.c flowagg/rank_sort.c flowagg/rate.c flowagg/rate_log.c flowagg/report.c flowagg/steps.c flowagg/totals.c flowagg/journal.c flowagg/poster.c flowagg/ledger.c
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flowagg/aggregate.h"
#include "flowagg/report.h"

enum { FLOWS = 12, PACKETS = 4000, STREAMS = 24 };

/* What was sent, as plainly as can be. */
struct sent {
	uint64_t ns;
	unsigned flow, way;
	uint32_t bytes;
};

struct check {
	struct sent list[PACKETS];
	size_t count, told;	/* told: those before the last snapshot */
	uint64_t start;
	unsigned snapshots;
	uint64_t shown_bytes[FLOWS][2];
	int failed;
};

static uint64_t
random_below(uint64_t *state, uint64_t n)
{
	*state = *state * 6364136223846793005 + 1442695040888963407;
	return (*state >> 33) % n;
}

static void
expect(struct check *c, uint64_t got, uint64_t wanted, const char *what,
    unsigned flow)
{
	if (got == wanted || c->failed++ > 10)
		return;
	fprintf(stderr, "snapshot %u, flow %u: %s is %llu, not %llu\n",
	    c->snapshots, flow, what, (unsigned long long)got,
	    (unsigned long long)wanted);
}

/* Bytes of whole seconds from `from` up to before `to`. */
static uint64_t
between(const struct check *c, unsigned flow, int way, uint64_t from,
    uint64_t to)
{
	uint64_t sum = 0;
	for (size_t i = 0; i < c->count; i++) {
		const struct sent *s = &c->list[i];
		uint64_t second = s->ns / NS_PER_SECOND;
		if ((flow == FLOWS || s->flow == flow) &&
		    (way < 0 || s->way == (unsigned)way) &&
		    second >= from && second < to)
			sum += s->bytes;
	}
	return sum;
}

/* The rate as streams.md defines it, by long division and without
 * cleverness. */
static uint64_t
naive_rate(const struct check *c, unsigned flow, unsigned way,
    uint32_t window, uint64_t at)
{
	uint64_t end = at / NS_PER_SECOND;
	uint64_t from = end > window ? end - window : 0;
	uint64_t bytes = between(c, flow, (int)way, from, end);
	if (end * NS_PER_SECOND < c->start + NS_PER_SECOND / 2)
		return 0;
	uint64_t covered = end * NS_PER_SECOND - c->start;
	if (covered > (uint64_t)window * NS_PER_SECOND)
		covered = (uint64_t)window * NS_PER_SECOND;
	uint64_t rate = bytes / covered, rest = bytes % covered;
	for (uint64_t digit = 1; digit < NS_PER_SECOND; digit *= 10) {
		rest *= 10;
		rate = rate * 10 + rest / covered;
		rest %= covered;
	}
	return rate + (rest >= covered - covered / 2);
}

static uint64_t
naive_peak(const struct check *c, unsigned flow, int way)
{
	uint64_t peak = 0;
	for (size_t i = 0; i < c->count; i++) {
		uint64_t s = c->list[i].ns / NS_PER_SECOND;
		uint64_t sum = between(c, flow, way, s, s + 1);
		if (sum > peak)
			peak = sum;
	}
	return peak;
}

static void
check_rates(struct check *c, const struct aggregate *a,
    const struct figures *f, unsigned flow,
    uint64_t sums[RATE_WINDOWS][2])
{
	static const char *const what[RATE_WINDOWS] = { "2 s rate",
		"10 s rate", "40 s rate" };
	for (unsigned w = 0; w < RATE_WINDOWS; w++)
		for (unsigned way = 0; way < 2; way++)
			expect(c, report_rate(a, f, w, sums[w][way]),
			    naive_rate(c, flow, way, rate_windows[w], f->at),
			    what[w], flow);
}

/* What the ranking looks at is the same, both ways together. */
static void
check_recent(struct check *c, const struct ledger *l, uint32_t number,
    unsigned flow, uint32_t second)
{
	for (unsigned w = 0; w < RATE_WINDOWS; w++) {
		uint32_t seconds = rate_windows[w];
		uint32_t from = second > seconds ? second - seconds : 0;
		struct recent r = ledger_recent(l, number, second, seconds);
		expect(c, r.bytes, between(c, flow, -1, from, second),
		    "recent", flow);
		expect(c, r.running, between(c, flow, -1, second, second + 1),
		    "of the second that runs", flow);
	}
}

static void
check_flow(struct check *c, struct aggregate *a, const struct figures *f,
    uint32_t number)
{
	const struct flow *w = flows_at(aggregate_rows(a), number);
	const struct ledger *l = aggregate_ledger(a);
	uint64_t sums[RATE_WINDOWS][2] = { 0 }, delta[2] = { 0 };
	uint64_t samples[RATE_HISTORY] = { 0 };
	unsigned flow = w->key.port_a >= 1000 ? w->key.port_a - 1000u :
	    w->key.port_b - 1000u;
	ledger_sums(l, number, f->second, sums);
	check_rates(c, a, f, flow, sums);
	check_recent(c, l, number, flow, f->second);
	ledger_delta(l, number, delta);
	for (unsigned way = 0; way < 2; way++) {
		uint64_t total = between(c, flow, (int)way, 0, UINT64_MAX);
		expect(c, ledger_at(l, number)->total[way], total, "total", flow);
		expect(c, delta[way], total - c->shown_bytes[flow][way],
		    "delta", flow);
		c->shown_bytes[flow][way] = total;
	}
	if (a->settings.interval != NS_PER_SECOND)
		past_samples(&a->past, number, f->at / a->settings.interval,
		    samples);
	else
		ledger_history(l, number, f->second, samples);
	for (unsigned i = 0; i < RATE_HISTORY; i++) {
		uint64_t step = a->settings.interval, wanted = 0;
		uint64_t end = f->at / step - (RATE_HISTORY - 1 - i);
		for (size_t k = 0; k < c->count; k++)
			if (c->list[k].flow == flow &&
			    c->list[k].ns / step == end - 1)
				wanted += c->list[k].bytes;
		expect(c, samples[i], wanted, "history", flow);
	}
}

static void
tell(void *context, struct aggregate *a, uint64_t at, bool last)
{
	struct check *c = context;
	struct figures f;
	c->snapshots++;
	report_figures(a, at, last, &f);
	check_rates(c, a, &f, FLOWS, f.all);
	for (unsigned way = 0; way < 2; way++) {
		expect(c, a->totals.bytes[way],
		    between(c, FLOWS, (int)way, 0, UINT64_MAX), "total",
		    FLOWS);
		expect(c, f.other.bytes[way], 0, "other", FLOWS);
	}
	if (c->snapshots % 8 == 0 || last) {
		expect(c, a->totals.peak_both, naive_peak(c, FLOWS, -1),
		    "peak of both", FLOWS);
		expect(c, a->totals.peak[0], naive_peak(c, FLOWS, 0),
		    "peak sent", FLOWS);
	}
	for (size_t i = 0; i < a->rank.shown.count; i++)
		check_flow(c, a, &f, a->rank.shown.rows[i].number);
}

/* One of our flows, both ways, small, large or huge. */
static struct record_packet
make_packet(uint64_t *random, struct sent *s)
{
	static const uint32_t sizes[] = { 60, 1514, 65000, 30000000,
		4000000000u };
	s->flow = (unsigned)random_below(random, FLOWS);
	s->way = (unsigned)random_below(random, 2);
	s->bytes = sizes[s->flow % 5 < random_below(random, 9) ? 0 :
	    s->flow % 5];
	struct record_packet p = { .kind = RECORD_PACKET, .ts = s->ns,
		.family = ADDR_IPV4, .protocol = 17,
		.frame_length = s->bytes };
	memcpy(s->way == 0 ? p.src : p.dst, "\12\0\0\1", 4);
	memcpy(s->way == 0 ? p.dst : p.src, "\300\0\2\1", 4);
	*(s->way == 0 ? &p.src_port : &p.dst_port) =
	    (uint16_t)(1000 + s->flow);
	return p;
}

static int
run(uint64_t seed, uint64_t interval)
{
	static struct check c;
	static struct aggregate a;
	uint64_t random = seed;
	struct settings s = { .interval = interval, .sort = RANK_10S,
		.history = RATE_HISTORY, .idle = 86400, .max_flows = 100 };
	c = (struct check){ 0 };
	aggregate_init(&a, &s);
	a.tell = tell;
	a.context = &c;
	uint64_t now = 1600000000 * (uint64_t)NS_PER_SECOND +
	    random_below(&random, NS_PER_SECOND);
	c.start = now;
	/* Some streams are dense, some have gaps beyond every window. */
	uint64_t gap = seed % 3 == 0 ? 60000000 : 400000000;
	for (unsigned i = 0; i < PACKETS / (seed % 3 == 0 ? 4 : 10); i++) {
		union record r = { 0 };
		struct sent *p = &c.list[c.count];
		if (i > 0)
			now += random_below(&random, 40) == 0 ?
			    random_below(&random, 50 * (uint64_t)
			    NS_PER_SECOND) : random_below(&random, gap);
		/* Late by a little, but not before the stream. */
		uint64_t late = random_below(&random, 10) == 0 ?
		    random_below(&random, NS_PER_SECOND) : 0;
		p->ns = now - (now - c.start > late ? late : 0);
		r.packet = make_packet(&random, p);
		/* Count it in the reference only when its time has come. */
		struct record_tick t = { .kind = RECORD_TICK, .tail = 2,
			.state = STATE_FILE, .ts = now };
		aggregate_records(&a, (const union record *)(const void *)&t,
		    3);
		c.count++;
		aggregate_records(&a, &r, 1);
	}
	aggregate_end(&a);
	aggregate_done(&a);
	if (c.snapshots < 3) {
		fprintf(stderr, "only %u snapshots\n", c.snapshots);
		c.failed++;
	}
	if (c.failed > 0)
		fprintf(stderr, "seed %llu, interval %llu ms: %d wrong\n",
		    (unsigned long long)seed,
		    (unsigned long long)(interval / NS_PER_MS), c.failed);
	return c.failed;
}

int
main(void)
{
	static const uint64_t intervals[] = { 1000, 200, 2500, 1000, 10000 };
	int failed = 0;
	for (uint64_t seed = 1; seed <= STREAMS; seed++)
		failed += run(seed, intervals[seed % 5] * NS_PER_MS);
	return failed > 0;
}
