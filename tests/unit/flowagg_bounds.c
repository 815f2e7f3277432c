/* SPDX-License-Identifier: MIT
 *
 * What must stay bounded, and right at the bound: a table of one flow, flows
 * that all have ended while snapshots are skipped, suspects of alerts over
 * a long time, alerts that everything crosses, ranking right after a reset,
 * an interval's number that comes round again.
 *
 * uses: flowagg/admit.c flowagg/aggregate.c flowagg/aggregate_change.c flowagg/alert.c flowagg/clock.c flowagg/commands.c flowagg/crew.c flowagg/flows.c flowagg/flows_queue.c flowagg/group.c flowagg/halves.c flowagg/hash.c flowagg/interfaces.c flowagg/late.c flowagg/orient.c flowagg/packets.c flowagg/past.c flowagg/pages.c flowagg/pool.c flowagg/rank.c flowagg/rank_all.c flowagg/rank_quiet.c flowagg/rank_sort.c flowagg/rate.c flowagg/rate_log.c flowagg/report.c flowagg/steps.c flowagg/totals.c flowagg/journal.c flowagg/poster.c flowagg/ledger.c
 */
#include <stdio.h>
#include <string.h>

#include "flowagg/aggregate.h"
#include "flowagg/commands.h"
#include "flowagg/report.h"

enum { FIN = 1, SYN = 2, RST = 4 };

static int failed;
static bool ready;
static unsigned told;
static struct figures figures;

#define EXPECT(condition) expect(condition, #condition, __LINE__)

static void
expect(bool good, const char *what, int line)
{
	if (good)
		return;
	failed++;
	fprintf(stderr, "line %d: not %s\n", line, what);
}

static bool
is_ready(void *context)
{
	(void)context;
	return ready;
}

/* Every snapshot must add up. */
static void
tell(void *context, struct aggregate *a, uint64_t at, bool last)
{
	(void)context;
	told++;
	report_figures(a, at, last, &figures);
	for (unsigned way = 0; way < 2; way++) {
		uint64_t sum = figures.other.bytes[way] +
		    figures.expired.bytes[way];
		uint64_t delta = figures.other.delta[way] +
		    figures.expired.delta[way];
		for (size_t i = 0; i < a->rank.shown.count; i++) {
			uint64_t one[2] = { 0 };
			uint32_t number = a->rank.shown.rows[i].number;
			const struct ledger *l = aggregate_ledger(a);
			ledger_delta(l, number, one);
			sum += ledger_at(l, number)->total[way];
			delta += one[way];
		}
		EXPECT(sum == a->totals.bytes[way]);
		EXPECT(delta == a->totals.bytes[way] - a->before.bytes[way]);
		EXPECT(figures.other.delta[way] < (uint64_t)1 << 62);
	}
}

static void
begin(struct aggregate *a, const struct settings *s)
{
	aggregate_init(a, s);
	a->is_ready = is_ready;
	a->tell = tell;
	ready = true;
	told = 0;
}

static void
send(struct aggregate *a, uint64_t ms, unsigned flow, uint8_t tcp_flags,
    uint32_t bytes)
{
	union record r = { .packet = { .kind = RECORD_PACKET,
		.ts = ms * NS_PER_MS, .family = ADDR_IPV4, .protocol = 6,
		.tcp_flags = tcp_flags, .frame_length = bytes,
		.src_port = (uint16_t)(1024 + flow), .dst_port = 80 } };
	memcpy(r.packet.src, "\12\0\0\1", 4);
	memcpy(r.packet.dst, "\300\0\2\1", 4);
	r.packet.dst[2] = (uint8_t)(flow >> 16);
	aggregate_records(a, &r, 1);
}

static const struct settings ordinary = { .interval = NS_PER_SECOND,
	.sort = RANK_10S, .idle = 60, .max_flows = 1000 };

static void
one_flow_takes_turns(void)
{
	struct aggregate a;
	struct settings s = ordinary;
	s.max_flows = 1;
	begin(&a, &s);
	for (unsigned i = 0; i < 100; i++)
		send(&a, 1000 + i * 100, i, SYN, 100);
	aggregate_end(&a);
	EXPECT(a.evicted == 99);
	EXPECT(figures.expired.flows == 99);
	aggregate_done(&a);
}

static void
ended_flows_give_way_while_skipping(void)
{
	struct aggregate a;
	struct settings s = ordinary;
	s.max_flows = 4;
	begin(&a, &s);
	ready = false;
	for (unsigned i = 0; i < 200; i++) {
		send(&a, 1000 + i * 100, i % 3, SYN, 100);
		send(&a, 1050 + i * 100, i % 3, RST, 100);
	}
	EXPECT(a.skipped > 10);
	ready = true;
	aggregate_end(&a);
	EXPECT(told == 1);
	EXPECT(a.seq == a.skipped + 1);
	EXPECT(a.totals.bytes[0] == 40000);
	aggregate_done(&a);
}

static void
rows_and_conversations_have_their_own_bounds(void)
{
	struct aggregate a;
	struct settings s = ordinary;
	s.max_flows = 3;
	s.by = GROUP_SRC_PORT;
	begin(&a, &s);
	for (unsigned i = 0; i < 300; i++)
		send(&a, 1000 + i * 50, i % 7, i % 2 ? SYN : RST, 10);
	aggregate_end(&a);
	EXPECT(a.totals.bytes[0] == 3000);
	aggregate_done(&a);
}

static void
suspects_do_not_gather(void)
{
	struct aggregate a;
	struct alert_rule rule = { .threshold = 1000 };
	begin(&a, &ordinary);
	alerts_add_rule(&a.alerts, &rule);
	for (unsigned i = 0; i < 3000; i++)
		send(&a, 1000 + i * 100, 1, 0, 500);
	EXPECT(a.alerts.count == 1);
	EXPECT(a.alerts.suspect_count <= 3);
	aggregate_done(&a);
}

static void
without_rules_nothing_is_noted(void)
{
	struct aggregate a;
	begin(&a, &ordinary);
	for (unsigned i = 0; i < 3000; i++) {
		if (i == 1000)
			commands_run(&a, "alert", "4kb");
		if (i == 2000)
			commands_run(&a, "alert", "off");
		send(&a, 1000 + i * 100, 1, 0, 500);
		EXPECT(a.flows.ledger.volumes[0].heavy_count <= 20);
	}
	EXPECT(a.flows.ledger.volumes[0].heavy_count == 0);
	aggregate_done(&a);
}

static void
alerts_are_bounded(void)
{
	struct aggregate a;
	struct settings s = ordinary;
	struct alert_rule rule = { .threshold = 1 };
	s.max_flows = 3000;
	begin(&a, &s);
	alerts_add_rule(&a.alerts, &rule);
	for (unsigned i = 0; i < 5000; i++)
		send(&a, 1000 + i, i, 0, 500);
	EXPECT(a.alerts.count <= ALERT_MOST);
	aggregate_end(&a);
	for (uint32_t i = 0; i < a.alerts.count; i++)
		EXPECT(ledger_at(&a.flows.ledger,
		    a.alerts.list[i].number)->id == a.alerts.list[i].id);
	aggregate_done(&a);
}

static void
eviction_clears_an_alert(void)
{
	struct aggregate a;
	struct settings s = ordinary;
	struct alert_rule rule = { .threshold = 1000 };
	s.max_flows = 1;
	begin(&a, &s);
	alerts_add_rule(&a.alerts, &rule);
	for (unsigned i = 0; i < 20; i++)
		send(&a, 1000 + i * 100, 1, 0, 500);
	send(&a, 3100, 1, 0, 10);
	EXPECT(a.alerts.count == 1 && !a.alerts.list[0].cleared);
	send(&a, 3200, 2, 0, 10);
	EXPECT(a.alerts.count == 1 && a.alerts.list[0].cleared);
	send(&a, 4200, 2, 0, 10);
	EXPECT(a.alerts.count == 0);
	aggregate_done(&a);
}

static void
a_closed_connection_leaves_alerts_of_rows_alone(void)
{
	struct aggregate a;
	struct settings s = ordinary;
	struct alert_rule rule = { .threshold = 1000 };
	s.by = GROUP_HOSTS;
	begin(&a, &s);
	alerts_add_rule(&a.alerts, &rule);
	for (unsigned i = 0; i < 20; i++)
		send(&a, 1000 + i * 100, 1, 0, 500);
	send(&a, 3010, 1, RST, 100);
	EXPECT(a.alerts.count == 1);
	send(&a, 3020, 1, SYN, 100);
	EXPECT(a.alerts.count == 1 && !a.alerts.list[0].cleared);
	aggregate_done(&a);
}

/* Windows keep what totals have forgotten. */
static void
a_reset_does_not_change_the_order(void)
{
	struct aggregate a;
	struct settings s = ordinary;
	s.top = 1;
	begin(&a, &s);
	for (unsigned i = 0; i < 400; i++)
		send(&a, 101100, i, 0, i == 399 ? 9000 : 100 + i);
	send(&a, 102100, 0, 0, 1);
	aggregate_reset(&a);
	send(&a, 103100, 0, 0, 1);
	const struct flow *first = flows_at(&a.flows,
	    a.rank.shown.rows[0].number);
	EXPECT(a.rank.shown.count == 1);
	EXPECT(first->key.port_a == 1024 + 399 ||
	    first->key.port_b == 1024 + 399);
	EXPECT(a.totals.bytes[0] == 1);
	aggregate_done(&a);
}

/* With one snapshot at the end, too: rows that went are in the windows. */
static void
a_reset_leaves_what_went_in_the_rates(void)
{
	struct aggregate a;
	struct settings s = ordinary;
	s.final = true;
	begin(&a, &s);
	send(&a, 101100, 1, 0, 4000);
	aggregate_set_by(&a, GROUP_HOSTS);
	aggregate_reset(&a);
	send(&a, 102100, 1, 0, 10);
	send(&a, 103100, 1, 0, 10);
	aggregate_end(&a);
	EXPECT(told == 1 && a.rank.shown.count == 1);
	EXPECT(figures.all[0][0] == 4010);
	EXPECT(figures.other.flows == 0);
	EXPECT(figures.other.windows[0][0] == 4000);
	aggregate_done(&a);
}

static void
grouping_anew_while_skipping_keeps_the_sums(void)
{
	struct aggregate a;
	struct settings s = ordinary;
	struct alert_rule rule = { .threshold = 1000 };
	s.max_flows = 5;
	begin(&a, &s);
	alerts_add_rule(&a.alerts, &rule);
	for (unsigned by = GROUP_FLOW; by <= GROUP_INTERFACE; by++) {
		ready = by % 2 == 0;
		aggregate_set_by(&a, (enum group)by);
		for (unsigned i = 0; i < 40; i++)
			send(&a, 1000 + by * 4000 + i * 100, i % 8,
			    i % 3 ? SYN : RST, 500);
		if (by == GROUP_LOCAL)
			aggregate_reset(&a);
	}
	aggregate_set_by(&a, GROUP_FLOW);
	ready = true;
	aggregate_end(&a);
	EXPECT(a.totals.bytes[0] == 4 * 40 * 500);
	aggregate_done(&a);
}

/* 65,536 snapshots later, an old interval is not taken for this one. */
static void
intervals_come_round(void)
{
	struct aggregate a;
	struct settings s = ordinary;
	s.idle = 86400;
	s.interval = NS_PER_SECOND / 5;
	begin(&a, &s);
	send(&a, 1000, 1, 0, 100);
	send(&a, 1000, 2, 0, 100);
	for (unsigned i = 1; i <= 14000; i++)
		send(&a, 1000 + i * 1000, 2, 0, 1);
	EXPECT(told > 65536);
	aggregate_end(&a);
	aggregate_done(&a);
}

static void
nothing_at_all(void)
{
	struct aggregate a;
	begin(&a, &ordinary);
	aggregate_reset(&a);
	aggregate_set_by(&a, GROUP_HOSTS);
	aggregate_set_interval(&a, 2 * (uint64_t)NS_PER_SECOND);
	aggregate_end(&a);
	EXPECT(told == 0);	/* no source, no packet: nothing to tell */
	aggregate_done(&a);
}

int
main(void)
{
	one_flow_takes_turns();
	ended_flows_give_way_while_skipping();
	rows_and_conversations_have_their_own_bounds();
	suspects_do_not_gather();
	without_rules_nothing_is_noted();
	alerts_are_bounded();
	eviction_clears_an_alert();
	a_closed_connection_leaves_alerts_of_rows_alone();
	a_reset_does_not_change_the_order();
	a_reset_leaves_what_went_in_the_rates();
	grouping_anew_while_skipping_keeps_the_sums();
	intervals_come_round();
	nothing_at_all();
	return failed > 0;
}
