/* SPDX-License-Identifier: MIT
 *
 * A flow as an object of the snapshot stream: iftoprs-snapshot(5).  The one
 * place where the speed of formatting shows, so it is written with a cursor
 * into room reserved for the whole row.
 */
#include <string.h>

#include "flowagg/report.h"
#include "flowagg/share.h"
#include "lib/digits.h"
#include "lib/json_write.h"

static void
add_history(struct buf *b, const struct aggregate *a,
    const struct figures *f, uint32_t number)
{
	uint64_t samples[RATE_HISTORY] = { 0 };
	uint64_t interval = a->settings.interval;
	const struct ledger *l = aggregate_ledger(a);
	bool steps = past_is_kept(&a->past);
	if (steps)
		past_samples(&a->past, number, f->at / interval, samples);
	else
		ledger_history(l, number, f->second, samples);
	json_member(b, "history");
	buf_add_char(b, '[');
	for (unsigned i = RATE_HISTORY - a->settings.history;
	    i < RATE_HISTORY; i++) {
		json_element(b);
		json_unsigned(b, !steps ? samples[i] :
		    share_rounded(samples[i], NS_PER_SECOND, interval));
	}
	json_close(b, ']');
}

enum { ROW_ROOM = 2048 };	/* without history and interface name */

static inline char *
put(char *at, const char *text, size_t len)
{
	memcpy(at, text, len);
	return at + len;
}

#define PUT(at, literal) put(at, literal, sizeof(literal) - 1)

/* A few bytes: less than finding out how many. */
static inline char *
put_string(char *at, const char *text)
{
	while (*text != '\0')
		*at++ = *text++;
	return at;
}

static char *
put_end(char *at, const struct flow_key *k, bool b, bool known)
{
	struct addr a = { .family = k->family };
	memcpy(a.bytes, b ? k->b : k->a, sizeof(a.bytes));
	return known ? at + addr_format(&a, at) : at;
}

static char *
put_ends(char *at, const struct flow *w)
{
	const struct flow_key *k = &w->key;
	bool b = (w->flags & FLOW_B_IS_OURS) != 0;
	bool ported = (k->kind & (KIND_ECHO | KIND_INTERFACE)) == 0;
	at = PUT(at, ",\"src\":\"");
	at = put_end(at, k, b, (k->kind & KIND_NO_SRC) == 0);
	at = PUT(at, "\",\"dst\":\"");
	at = put_end(at, k, !b, (k->kind & KIND_NO_DST) == 0);
	at = PUT(at, "\",\"src_port\":");
	at = digits_put(at, !ported ? 0 : b ? k->port_b : k->port_a);
	at = PUT(at, ",\"dst_port\":");
	return digits_put(at, !ported ? 0 : b ? k->port_a : k->port_b);
}

static char *
put_protocol(char *at, const struct flow *w)
{
	char protocol[PROTOCOL_TEXT];
	report_protocol(&w->key, protocol);
	at = PUT(at, ",\"protocol\":\"");
	at = put_string(at, protocol);
	at = PUT(at, "\",\"proto\":");
	at = digits_put(at, w->key.protocol);
	if ((w->key.kind & KIND_ECHO) != 0) {
		at = PUT(at, ",\"icmp_id\":");
		at = digits_put(at, w->key.port_a);
	}
	at = PUT(at, ",\"direction\":\"");
	at = put_string(at, report_direction(w));
	return PUT(at, "\"");
}

#define PUT_PAIR(at, sent, recv, values)				\
	digits_put(PUT(digits_put(PUT(at, ",\"" sent "\":"), (values)[0]),	\
	    ",\"" recv "\":"), (values)[1])

static char *
put_windows(char *at, const struct aggregate *a, const struct figures *f,
    uint64_t sums[RATE_WINDOWS][2])
{
	for (unsigned w = 0; w < RATE_WINDOWS; w++)
		for (unsigned way = 0; way < 2; way++)
			if (sums[w][way] != 0)
				sums[w][way] = report_rate(a, f, w,
				    sums[w][way]);
	at = PUT_PAIR(at, "sent_2s", "recv_2s", sums[0]);
	at = PUT_PAIR(at, "sent_10s", "recv_10s", sums[1]);
	return PUT_PAIR(at, "sent_40s", "recv_40s", sums[2]);
}

static uint64_t
shown_ms(const struct aggregate *a, uint32_t second, uint16_t ms)
{
	return aggregate_ms(a, (uint64_t)second * NS_PER_SECOND +
	    (uint64_t)ms * NS_PER_MS);
}

static bool
is_plain(const char *text)
{
	for (; *text != '\0'; text++)
		if (*text < ' ' || *text > '~' || *text == '"' ||
		    *text == '\\')
			return false;
	return true;
}

/* A name hardly ever needs escaping. */
static void
add_interface(struct buf *b, const char *name)
{
	if (!is_plain(name)) {
		json_member_text(b, "interface", name);
		return;
	}
	char *at = buf_reserve(b, SOURCE_NAME + sizeof(",\"interface\":\"\""));
	at = PUT(at, ",\"interface\":\"");
	at = put_string(at, name);
	at = PUT(at, "\"");
	b->len = (size_t)(at - b->data);
}

void
report_json_row(struct buf *b, const struct aggregate *a,
    const struct figures *f, size_t place)
{
	const struct flow *w = report_flow(a, place);
	uint32_t number = a->rank.shown.rows[place].number;
	const struct ledger *l = aggregate_ledger(a);
	const struct account *account = ledger_at(l, number);
	uint64_t delta[2] = { 0 }, peaks[2] = { 0 }, packets[2];
	uint64_t sums[RATE_WINDOWS][2];
	report_sums(a, f, place, sums);
	ledger_delta(l, number, delta);
	ledger_peaks(l, number, peaks);
	account_packets(account, packets);

	char *at = buf_reserve(b, ROW_ROOM);
	at = PUT(at, "{\"id\":");
	at = digits_put(at, account->id);
	at = put_ends(at, w);
	at = put_protocol(at, w);
	at = put_windows(at, a, f, sums);
	at = PUT_PAIR(at, "total_sent", "total_recv", account->total);
	at = PUT_PAIR(at, "packets_sent", "packets_recv", packets);
	at = PUT_PAIR(at, "delta_sent", "delta_recv", delta);
	at = PUT_PAIR(at, "peak_sent", "peak_recv", peaks);
	at = PUT(at, ",\"first_seen\":");
	at = digits_put(at, shown_ms(a, w->first_second, w->first_ms));
	at = PUT(at, ",\"last_seen\":");
	at = digits_put(at, shown_ms(a, w->second, w->last_ms));
	at = PUT(at, ",\"ended\":");
	at = put_string(at, f->last || (w->flags & FLOW_ENDED) != 0 ?
	    "true" : "false");
	b->len = (size_t)(at - b->data);
	add_interface(b, report_interface(a, w));
	if (a->settings.history > 0)
		add_history(b, a, f, number);
	json_close(b, '}');
}
