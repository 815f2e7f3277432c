/* SPDX-License-Identifier: MIT
 *
 * A table per interval for people: what there is to tell, then two lines a
 * row, sent then received.
 */
#include <stdio.h>
#include <string.h>

#include "flowagg/report.h"
#include "lib/format.h"
#include "lib/utf8.h"

enum { END_WIDTH = 44 };

/* "192.0.2.1:443", "[fd00::1]:443", or what a merged row has. */
static void
end_label(const char *address, uint16_t port, char text[64])
{
	bool v6 = false;
	for (const char *c = address; *c != '\0'; c++)
		v6 |= *c == ':';
	if (port == 0)
		snprintf(text, 64, "%s", address[0] != '\0' ? address : "*");
	else
		snprintf(text, 64, v6 ? "[%s]:%u" : "%s:%u",
		    address[0] != '\0' ? address : "*", (unsigned)port);
}

static void
rate_text(const struct aggregate *a, uint64_t rate, char text[FORMAT_TEXT])
{
	format_rate(rate, a->settings.bytes ? FORMAT_BYTES : FORMAT_BITS,
	    text);
}

static void
add_rates(struct buf *b, const struct aggregate *a, const struct figures *f,
    const uint64_t sums[RATE_WINDOWS])
{
	for (unsigned w = 0; w < RATE_WINDOWS; w++) {
		char text[FORMAT_TEXT];
		rate_text(a, report_rate(a, f, w, sums[w]), text);
		buf_printf(b, " %8s", text);
	}
}

/* What printf(3) is to pad a label to: it counts bytes, people characters. */
static int
label_width(const char *label)
{
	int width = END_WIDTH + 8;
	for (; *label != '\0'; label++)
		width += (*label & 0xc0) == 0x80;
	return width;
}

static void
add_line(struct buf *b, const struct aggregate *a, const struct figures *f,
    const char *label, const uint64_t sums[RATE_WINDOWS], uint64_t total)
{
	char text[FORMAT_TEXT];
	format_bytes(total, text);
	buf_printf(b, "%-*s", label_width(label), label);
	add_rates(b, a, f, sums);
	buf_printf(b, " %8s\n", text);
}

static void
way_of(uint64_t sums[RATE_WINDOWS][2], unsigned way,
    uint64_t one[RATE_WINDOWS])
{
	for (unsigned w = 0; w < RATE_WINDOWS; w++)
		one[w] = sums[w][way];
}

/* A capture file can call its interface anything: nothing that a terminal
 * would obey. */
static void
clean_interface(const char *name, char text[ADDR_TEXT])
{
	utf8_clean(text, ADDR_TEXT, name, strlen(name), utf8_is_control);
}

static void
add_row(struct buf *b, struct aggregate *a, const struct figures *f,
    size_t place)
{
	struct row_ends ends;
	uint64_t one[RATE_WINDOWS];
	char label[64], line[96], protocol[PROTOCOL_TEXT];
	uint64_t sums[RATE_WINDOWS][2];
	const struct flow *w = report_flow(a, place);
	uint32_t number = a->rank.shown.rows[place].number;
	const struct account *account = ledger_at(aggregate_ledger(a), number);
	report_sums(a, f, place, sums);
	report_ends(&w->key, (w->flags & FLOW_B_IS_OURS) != 0, &ends);
	report_protocol(&w->key, protocol);
	if ((w->key.kind & KIND_INTERFACE) != 0)
		clean_interface(report_interface(a, w), ends.src);
	end_label(ends.src, ends.src_port, label);
	snprintf(line, sizeof(line), "%4zu %s =>", place + 1, label);
	way_of(sums, 0, one);
	add_line(b, a, f, line, one, account->total[0]);
	end_label(ends.dst, ends.dst_port, label);
	snprintf(line, sizeof(line), "     %s <= %s", label, protocol);
	way_of(sums, 1, one);
	add_line(b, a, f, line, one, account->total[1]);
}

static void
add_footer(struct buf *b, struct aggregate *a, const struct figures *f)
{
	uint64_t all[RATE_WINDOWS][2], one[RATE_WINDOWS];
	char sent[FORMAT_TEXT], recv[FORMAT_TEXT], both[FORMAT_TEXT];
	for (unsigned w = 0; w < RATE_WINDOWS; w++)
		for (unsigned way = 0; way < 2; way++)
			all[w][way] = f->all[w][way];
	if (f->other.flows > 0)
		buf_printf(b, "     ... and %llu more\n",
		    (unsigned long long)f->other.flows);
	way_of(all, 0, one);
	add_line(b, a, f, "Total sent", one, a->totals.bytes[0]);
	way_of(all, 1, one);
	add_line(b, a, f, "Total received", one, a->totals.bytes[1]);
	for (unsigned w = 0; w < RATE_WINDOWS; w++)
		one[w] = all[w][0] + all[w][1];
	add_line(b, a, f, "Total sent and received", one,
	    a->totals.bytes[0] + a->totals.bytes[1]);
	rate_text(a, a->totals.peak[0], sent);
	rate_text(a, a->totals.peak[1], recv);
	rate_text(a, a->totals.peak_both, both);
	buf_printf(b, "Peak (sent, received, both)%*s %8s %8s %8s\n\n",
	    END_WIDTH - 19, "", sent, recv, both);
}

static void
add_event(struct buf *b, const struct event *e)
{
	char clean[RECORD_EVENT_TEXT];
	utf8_clean(clean, sizeof(clean), e->text, strlen(e->text),
	    utf8_is_control);
	buf_printf(b, "%s from %s: %s\n", e->level, e->from, clean);
}

static void
add_alert(struct buf *b, const struct aggregate *a, const struct alert *x)
{
	char rate[FORMAT_TEXT], threshold[FORMAT_TEXT];
	rate_text(a, x->rate, rate);
	rate_text(a, x->rule.threshold, threshold);
	buf_printf(b, "alert %s: ", x->cleared ? "cleared" : "raised");
	if (x->id != 0) {
		struct row_ends ends;
		char src[64], dst[64], protocol[PROTOCOL_TEXT];
		report_ends(&x->key, x->b_is_ours, &ends);
		report_protocol(&x->key, protocol);
		if ((x->key.kind & KIND_INTERFACE) != 0)
			clean_interface(interfaces_name(&a->interfaces,
			    x->key.port_a), ends.src);
		end_label(ends.src, ends.src_port, src);
		end_label(ends.dst, ends.dst_port, dst);
		buf_printf(b, "%s <=> %s%s%s, ", src, dst,
		    protocol[0] != '\0' ? " " : "", protocol);
	}
	buf_printf(b, "%s %s, threshold %s\n",
	    alert_what_name(x->rule.what), rate, threshold);
}

void
report_text(struct aggregate *a, const struct figures *f,
    struct report_sink *sink)
{
	struct buf *b = &sink->buf;
	const struct record_counters c = aggregate_counters(a);
	buf_printf(b, "%s  %zu of %zu %s, dropped %llu\n", f->time,
	    a->rank.shown.count, f->flow_count,
	    a->settings.by == GROUP_FLOW ? "flows" : "rows",
	    (unsigned long long)(c.kernel_dropped + c.interface_dropped));
	for (unsigned i = 0; i < a->event_count; i++)
		add_event(b, &a->events[i]);
	for (uint32_t i = 0; i < a->alerts.count; i++)
		add_alert(b, a, &a->alerts.list[i]);
	buf_printf(b, "%-*s %8s %8s %8s %8s\n", END_WIDTH + 8,
	    "   # local (port) and remote (port)", "2s", "10s", "40s",
	    "total");
	for (size_t i = 0; i < a->rank.shown.count; i++)
		add_row(b, a, f, i);
	add_footer(b, a, f);
}
