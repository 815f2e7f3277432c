/* SPDX-License-Identifier: MIT
 *
 * What every form of report starts from.
 */
#include "flowagg/report.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { AHEAD = 8 };		/* rows, of what is fetched for them */

PREFETCHES
prefetch_accounts(const struct aggregate *a, size_t i)
{
	const struct ledger *l = aggregate_ledger(a);
	const struct row *rows = a->rank.shown.rows;
	if (i + 2 * AHEAD < a->rank.shown.count)
		ledger_prefetch(l, rows[i + 2 * AHEAD].number);
	if (i + AHEAD < a->rank.shown.count)
		ledger_prefetch_seconds(l, rows[i + AHEAD].number);
}

const struct flow *
report_flow(const struct aggregate *a, size_t i)
{
	const struct flows *t = aggregate_table(a);
	const struct row *rows = a->rank.shown.rows;
	if (i + 2 * AHEAD < a->rank.shown.count)
		flows_prefetch_flow(t, rows[i + 2 * AHEAD].number);
	prefetch_accounts(a, i);
	return flows_at(t, rows[i].number);
}

void
report_sums(const struct aggregate *a, const struct figures *f, size_t i,
    uint64_t sums[RATE_WINDOWS][2])
{
	memset(sums, 0, sizeof(uint64_t[RATE_WINDOWS][2]));
	ledger_sums(aggregate_ledger(a), a->rank.shown.rows[i].number, f->second,
	    sums);
}

/* All less shown less expired: the rest, exactly. */
static void
sum_others(struct aggregate *a, struct figures *f)
{
	const struct ledger *l = aggregate_ledger(a);
	struct sum *o = &f->other, *x = &f->expired;
	o->flows = f->flow_count - a->rank.shown.count;
	if (o->flows == 0 && x->flows == 0 && a->settings.final)
		return;		/* every flow is there: nothing is left */
	for (unsigned way = 0; way < 2; way++) {
		o->bytes[way] = a->totals.bytes[way] - x->bytes[way];
		o->packets[way] = a->totals.packets[way] -
		    x->packets[way];
		o->delta[way] = a->totals.bytes[way] - a->before.bytes[way] -
		    x->delta[way];
		for (unsigned w = 0; w < RATE_WINDOWS; w++)
			o->windows[w][way] = f->all[w][way];
	}
	for (size_t i = 0; i < a->rank.shown.count; i++) {
		uint32_t number = a->rank.shown.rows[i].number;
		const struct account *shown = ledger_at(l, number);
		uint64_t bytes[2] = { 0 }, packets[2];
		uint64_t sums[RATE_WINDOWS][2];
		prefetch_accounts(a, i);
		account_packets(shown, packets);
		ledger_delta(l, number, bytes);
		report_sums(a, f, i, sums);
		for (unsigned way = 0; way < 2; way++) {
			o->bytes[way] -= shown->total[way];
			o->packets[way] -= packets[way];
			o->delta[way] -= bytes[way];
			for (unsigned w = 0; w < RATE_WINDOWS; w++)
				o->windows[w][way] -= sums[w][way];
		}
	}
}

/* With milliseconds. */
static void
format_time(uint64_t ms, char text[32])
{
	time_t seconds = (time_t)(ms / 1000);
	struct tm tm;
	gmtime_r(&seconds, &tm);
	size_t len = strftime(text, 32, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(text + len, 32 - len, ".%03uZ", (unsigned)(ms % 1000));
}

void
report_figures(struct aggregate *a, uint64_t at, bool last,
    struct figures *f)
{
	struct flows *t = aggregate_rows(a);
	flows_post(t);
	*f = (struct figures){ .at = at, .last = last,
		.second = (uint32_t)(at / NS_PER_SECOND) };
	format_time(aggregate_ms(a, at), f->time);
	f->flow_count = (size_t)t->count + t->ended_count;
	totals_sums(&a->totals, f->second, f->all);
	rank_rows(&a->rank, t, a->settings.sort, a->settings.top, f->second);
	aggregate_expired(a, &f->expired);
	sum_others(a, f);
}

uint64_t
report_rate(const struct aggregate *a, const struct figures *f,
    unsigned window, uint64_t bytes)
{
	return rate_average(bytes, rate_windows[window], a->start, f->at);
}

static void
end_text(const struct flow_key *k, const uint8_t bytes[16],
    char text[ADDR_TEXT])
{
	struct addr a = { .family = k->family };
	memcpy(a.bytes, bytes, sizeof(a.bytes));
	addr_format(&a, text);
}

void
report_ends(const struct flow_key *k, bool b_is_ours, struct row_ends *e)
{
	bool ported = (k->kind & (KIND_ECHO | KIND_INTERFACE)) == 0;
	*e = (struct row_ends){ 0 };
	if ((k->kind & KIND_NO_SRC) == 0)
		end_text(k, b_is_ours ? k->b : k->a, e->src);
	if ((k->kind & KIND_NO_DST) == 0)
		end_text(k, b_is_ours ? k->a : k->b, e->dst);
	if (ported) {
		e->src_port = b_is_ours ? k->port_b : k->port_a;
		e->dst_port = b_is_ours ? k->port_a : k->port_b;
	}
}

void
report_protocol(const struct flow_key *k, char text[PROTOCOL_TEXT])
{
	text[0] = '\0';
	if ((k->kind & KIND_NO_PROTOCOL) == 0)
		protocol_name(k->protocol, text);
}

const char *
report_direction(const struct flow *f)
{
	static const char *const names[] = {
		[FLOW_OUT] = "out", [FLOW_IN] = "in", [FLOW_LOCAL] = "local",
		[FLOW_TRANSIT] = "transit", [FLOW_MERGED] = "",
	};
	return names[f->direction];
}

const char *
report_interface(const struct aggregate *a, const struct flow *f)
{
	return interfaces_name(&a->interfaces, f->interface);
}
