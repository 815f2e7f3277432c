/* SPDX-License-Identifier: MIT
 *
 * So much in a journal that its thread posts it: the accounts against sums
 * that are kept plainly, through flows that leave and numbers that are given
 * again, numbers of many sheets and both volumes, seconds out of order, sheets
 * given away early, long and short intervals, and a reset.
 *
 * uses: flowagg/journal.c flowagg/poster.c flowagg/ledger.c flowagg/rate.c flowagg/rate_log.c flowagg/halves.c flowagg/pages.c flowagg/pool.c
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flowagg/journal.h"

enum { FLOWS = 5000, SECONDS = 64, ROUNDS = 90, PACKETS = 20000, APART = 250,
	NUMBERS = FLOWS * APART };
/* Rounds at which something happens once; none of them is one of four whose
 * end is left out. */
enum { FORGET = 22, RESET = 46 };

/* What one flow has, as plainly as can be. */
struct plain {
	uint64_t total[2], packets[2], delta[2], peaks[2];
	uint64_t seconds[SECONDS][2];
	uint32_t entry;
};

static struct plain flows[FLOWS + 1];
static uint32_t known;		/* flows so far */
static struct sum gone;
static uint32_t since;		/* the reset: earlier seconds are no peaks */
static int failed;

/* Flows are far apart in the ledger. */
static uint32_t
number(uint32_t flow)
{
	return flow * APART;
}

static uint32_t
random_below(uint32_t n)
{
	static uint64_t state = 7;
	state = state * 6364136223846793005 + 1442695040888963407;
	return (uint32_t)((state >> 33) % n);
}

static void
expect(uint64_t got, uint64_t wanted, const char *what, uint32_t flow,
    uint32_t now)
{
	if (got == wanted || failed++ > 10)
		return;
	fprintf(stderr, "flow %u at %u: %s is %llu, not %llu\n",
	    (unsigned)flow, (unsigned)now, what, (unsigned long long)got,
	    (unsigned long long)wanted);
}

static void
send(struct journal *j, uint32_t flow, uint32_t second, unsigned way,
    uint32_t bytes)
{
	struct plain *p = &flows[flow];
	uint64_t *slot = &p->seconds[second % SECONDS][way];
	p->entry = journal_add(j, number(flow), p->entry, second, way, bytes);
	p->total[way] += bytes;
	p->packets[way]++;
	p->delta[way] += bytes;
	*slot += bytes;
	if (second >= since && *slot > p->peaks[way])
		p->peaks[way] = *slot;
}

static void
leave(struct journal *j, uint32_t flow)
{
	struct plain *p = &flows[flow];
	journal_close(j, number(flow));
	gone.flows++;
	for (unsigned way = 0; way < 2; way++) {
		gone.bytes[way] += p->total[way];
		gone.packets[way] += p->packets[way];
		gone.delta[way] += p->delta[way];
	}
	memset(p, 0, sizeof(*p));
	p->entry = journal_open(j, number(flow));
}

static void
check_flow(const struct ledger *l, uint32_t flow, uint32_t now)
{
	const struct plain *p = &flows[flow];
	uint64_t packets[2], delta[2] = { 0 }, peaks[2] = { 0 };
	uint64_t sums[RATE_WINDOWS][2] = { 0 };
	uint32_t at = number(flow), limit = ledger_limits(l)[at];
	account_packets(ledger_at(l, at), packets);
	ledger_delta(l, at, delta);
	ledger_peaks(l, at, peaks);
	ledger_sums(l, at, now, sums);
	for (unsigned way = 0; way < 2; way++) {
		expect(ledger_at(l, at)->total[way], p->total[way], "total",
		    flow, now);
		expect(packets[way], p->packets[way], "packets", flow, now);
		expect(delta[way], p->delta[way], "delta", flow, now);
		expect(peaks[way], p->peaks[way], "peak", flow, now);
		for (unsigned w = 0; w < RATE_WINDOWS; w++) {
			uint64_t sum = 0;
			for (uint32_t age = 1; age <= rate_windows[w]; age++)
				sum += p->seconds[(now - age) % SECONDS][way];
			expect(sums[w][way], sum, "sum", flow, now);
		}
		expect(l->limited ? limit == UINT32_MAX ||
		    limit >= sums[2][way] : limit == 0, 1, "limit kept",
		    flow, now);
	}
}

static void
check(const struct ledger *l, uint32_t now)
{
	for (uint32_t n = 1; n <= FLOWS; n++)
		check_flow(l, n, now);
	struct sum got = { 0 };
	ledger_gone(l, &got);
	expect(got.flows, gone.flows, "gone", 0, now);
	for (unsigned way = 0; way < 2; way++) {
		expect(got.bytes[way], gone.bytes[way], "gone bytes", 0,
		    now);
		expect(got.packets[way], gone.packets[way],
		    "gone packets", 0, now);
		expect(got.delta[way], gone.delta[way], "gone delta", 0,
		    now);
	}
}

static void
next_interval(struct ledger *l)
{
	ledger_next_interval(l, NUMBERS);
	memset(gone.delta, 0, sizeof(gone.delta));
	for (uint32_t n = 1; n <= FLOWS; n++)
		memset(flows[n].delta, 0, sizeof(flows[n].delta));
}

/* Totals and peaks start anew, windows do not. */
static void
reset(struct ledger *l, uint32_t now)
{
	ledger_reset(l, NUMBERS, now);
	since = now;
	memset(&gone, 0, sizeof(gone));
	for (uint32_t n = 1; n <= FLOWS; n++) {
		struct plain *p = &flows[n];
		memset(p->total, 0, sizeof(p->total));
		memset(p->packets, 0, sizeof(p->packets));
		memcpy(p->peaks, p->seconds[now % SECONDS],
		    sizeof(p->peaks));
	}
	next_interval(l);
}

static void
discover(struct journal *j)
{
	known++;
	flows[known].entry = journal_open(j, number(known));
}

static void
one_second(struct journal *j, uint32_t now, uint32_t packets)
{
	for (uint32_t n = 1; n <= FLOWS; n++)
		memset(flows[n].seconds[now % SECONDS], 0,
		    sizeof(flows[n].seconds[0]));
	for (uint32_t i = 0; i < packets; i++) {
		if (known < FLOWS && random_below(200) == 0)
			discover(j);
		uint32_t flow = 1 + random_below(known);
		uint32_t late = random_below(50) == 0 ? random_below(20) : 0;
		if (random_below(40) == 0)
			leave(j, flow);
		send(j, flow, now - late, random_below(2),
		    random_below(500) == 0 ? 3000000000u :
		    random_below(1500));
		if (now % 2 == 1 && i % 64 == 0)
			journal_relieve(j);
	}
}

static void
write_and_post(bool seldom)
{
	struct ledger l;
	struct journal j;
	memset(flows, 0, sizeof(flows));
	gone = (struct sum){ 0 };
	known = since = 0;
	ledger_init(&l, NUMBERS);
	journal_init(&j, &l);
	if (seldom)
		journal_post_seldom(&j);
	j.hurried = true;
	discover(&j);
	for (uint32_t round = 0; round < ROUNDS; round++) {
		uint32_t now = 1000 + round;
		/* Few and many, so that it is posted in either way. */
		one_second(&j, now, round % 3 == 0 ? 300 : PACKETS);
		if (round % 4 == 1)
			continue;	/* an interval of two seconds */
		journal_post(&j);
		if (round == FORGET)
			ledger_forget_limits(&l, NUMBERS);
		check(&l, now + 1);
		next_interval(&l);
		if (round == RESET)
			reset(&l, now);
	}
	journal_done(&j);
	ledger_done(&l);
}

int
main(void)
{
	write_and_post(false);
	write_and_post(true);
	return failed != 0;
}
