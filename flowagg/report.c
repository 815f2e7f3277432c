/* SPDX-License-Identifier: MIT
 *
 * What every form of report starts from.
 */
#include "flowagg/report.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* Rows are in another order than their flows, so the memory of each is out of
 * the cache, and its address often, too, out of what the processor remembers
 * of page tables.  It looks up several at once where they are asked for one
 * right behind the other, so rows are fetched in groups. */
enum { GROUP = 16 };

/* The rows of a group, or those that there are of it. */
struct span {
	const struct row *row, *end;
};

static struct span
group_at(const struct aggregate *a, size_t i)
{
	const struct row_list *l = &a->rank.shown;
	size_t from = i < l->count ? i : l->count;
	size_t end = from + GROUP < l->count ? from + GROUP : l->count;
	return (struct span){ l->rows + from, l->rows + end };
}

PREFETCHES
fetch_flows(const struct aggregate *a, size_t i)
{
	const struct flows *t = aggregate_table(a);
	struct span s = group_at(a, i);
	for (; s.row < s.end; s.row++) {
		flows_prefetch_flow(t, s.row->number);
		ledger_prefetch(&t->ledger, s.row->number);
	}
}

PREFETCHES
fetch_seconds(const struct aggregate *a, size_t i)
{
	const struct ledger *l = aggregate_ledger(a);
	for (struct span s = group_at(a, i); s.row < s.end; s.row++)
		ledger_prefetch_seconds(l, s.row->number);
}

void
report_fetch(const struct aggregate *a, size_t i)
{
	fetch_flows(a, i);
	fetch_flows(a, i + GROUP);
	fetch_seconds(a, i);
}

PREFETCHES
fetch_next(const struct aggregate *a, size_t i)
{
	if (i % GROUP == 0) {
		fetch_flows(a, i + 2 * GROUP);
		fetch_seconds(a, i + GROUP);
	}
}

const struct flow *
report_flow(const struct aggregate *a, size_t i)
{
	fetch_next(a, i);
	return flows_at(aggregate_table(a), a->rank.shown.rows[i].number);
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
	uint64_t ever = aggregate_table(a)->next_id - 1;
	struct sum *o = &f->other, *x = &f->expired;
	o->flows = f->flow_count - a->rank.shown.count;
	if (a->rank.shown.count == ever && a->settings.final)
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
		fetch_next(a, i);
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
