/* SPDX-License-Identifier: MIT
 *
 * Comma-separated values (RFC 4180, with plain newlines): a heading once,
 * then a line a row and interval.  Rates are bytes per second.
 */
#include "flowagg/report.h"
#include "flowagg/rows.h"

#include <string.h>

#include "lib/json_write.h"
#include "lib/utf8.h"

static void
add_heading(struct buf *b)
{
	buf_add_text(b, "timestamp,id,src,src_port,dst,dst_port,protocol,"
	    "direction,interface,sent_2s,recv_2s,sent_10s,recv_10s,sent_40s,"
	    "recv_40s,delta_sent,delta_recv,total_sent,total_recv,"
	    "packets_sent,packets_recv,ended,icmp_id\n");
}

static void
add_numbers(struct buf *b, const uint64_t values[2])
{
	for (unsigned way = 0; way < 2; way++) {
		buf_add_char(b, ',');
		json_unsigned(b, values[way]);
	}
}

/* An interface's name, which is not ours: clean, no formula that a
 * spreadsheet would work out, and quoted where it must be. */
static void
add_name(struct buf *b, const char *name)
{
	char text[SOURCE_NAME];
	utf8_clean(text, sizeof(text), name, strlen(name), utf8_is_control);
	if (strspn(text, "=+-@") > 0)
		text[0] = '?';
	if (strpbrk(text, ",\"") == NULL) {
		buf_add_text(b, text);
		return;
	}
	buf_add_char(b, '"');
	for (const char *at = text; *at != '\0'; at++) {
		if (*at == '"')
			buf_add_char(b, '"');
		buf_add_char(b, *at);
	}
	buf_add_char(b, '"');
}

static void
add_csv_row(struct buf *b, const struct aggregate *a,
    const struct figures *f, size_t place)
{
	uint64_t sums[RATE_WINDOWS][2];
	const struct flow *w = report_flow(a, place);
	uint32_t number = a->rank.shown.rows[place].number;
	const struct account *account = ledger_at(aggregate_ledger(a), number);
	char protocol[PROTOCOL_TEXT];
	uint64_t delta[2] = { 0 }, packets[2];
	struct row_ends ends;
	report_sums(a, f, place, sums);
	report_ends(&w->key, (w->flags & FLOW_B_IS_OURS) != 0, &ends);
	report_protocol(&w->key, protocol);
	buf_printf(b, "%s,%llu,%s,%u,%s,%u,%s,%s,", f->time,
	    (unsigned long long)account->id, ends.src, (unsigned)ends.src_port,
	    ends.dst, (unsigned)ends.dst_port, protocol,
	    report_direction(w));
	add_name(b, report_interface(a, w));
	for (unsigned i = 0; i < RATE_WINDOWS; i++) {
		uint64_t rates[2];
		for (unsigned way = 0; way < 2; way++)
			rates[way] = report_rate(a, f, i, sums[i][way]);
		add_numbers(b, rates);
	}
	ledger_delta(aggregate_ledger(a), number, delta);
	add_numbers(b, delta);
	add_numbers(b, account->total);
	account_packets(account, packets);
	add_numbers(b, packets);
	buf_add_text(b, f->last || (w->flags & FLOW_ENDED) != 0 ?
	    ",true," : ",false,");
	if ((w->key.kind & KIND_ECHO) != 0)
		json_unsigned(b, w->key.port_a);
	buf_add_char(b, '\n');
}

void
report_csv(struct aggregate *a, const struct figures *f,
    struct report_sink *sink)
{
	if (a->seq - a->skipped == 1)
		add_heading(&sink->buf);
	rows_add(a, f, sink, add_csv_row, '\0');
}
