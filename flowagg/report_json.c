/* SPDX-License-Identifier: MIT
 *
 * A line of the snapshot stream: iftoprs-snapshot(5).
 */
#include <string.h>

#include "flowagg/report.h"
#include "flowagg/rows.h"
#include "flowagg/share.h"
#include "lib/json_write.h"
#include "lib/snapshot.h"

static const char *const window_names[RATE_WINDOWS][2] = {
	{ "sent_2s", "recv_2s" }, { "sent_10s", "recv_10s" },
	{ "sent_40s", "recv_40s" },
};

static void
pair(struct buf *b, const char *sent, const char *recv,
    const uint64_t values[2])
{
	json_member_unsigned(b, sent, values[0]);
	json_member_unsigned(b, recv, values[1]);
}

/* "total": and the same for deltas and packets. */
static void
add_totals(struct buf *b, const uint64_t bytes[2], const uint64_t packets[2],
    const uint64_t delta[2])
{
	pair(b, "total_sent", "total_recv", bytes);
	pair(b, "packets_sent", "packets_recv", packets);
	pair(b, "delta_sent", "delta_recv", delta);
}

static void
add_windows(struct buf *b, const struct aggregate *a,
    const struct figures *f, uint64_t sums[RATE_WINDOWS][2])
{
	for (unsigned w = 0; w < RATE_WINDOWS; w++)
		for (unsigned way = 0; way < 2; way++)
			json_member_unsigned(b, window_names[w][way],
			    report_rate(a, f, w, sums[w][way]));
}

/* The host's name up to its first dot, without what a message topic could
 * not hold. */
static void
add_host_id(struct buf *b, const char *host)
{
	char id[64];
	size_t len = 0;
	for (; *host != '\0' && *host != '.' && len + 1 < sizeof(id); host++)
		id[len++] = (*host >= 'a' && *host <= 'z') ||
		    (*host >= 'A' && *host <= 'Z') ||
		    (*host >= '0' && *host <= '9') || *host == '-' ?
		    *host : '_';
	json_member(b, "host_id");
	json_text(b, id, len);
}

static void
add_time(struct buf *b, const struct aggregate *a, const struct figures *f)
{
	uint64_t ms = aggregate_ms(a, f->at);
	uint64_t interval = a->settings.final ? f->at - a->start :
	    a->settings.interval;
	json_member_text(b, "timestamp", f->time);
	json_member_unsigned(b, "ts", ms);
	json_member(b, "interval");
	json_milli(b, interval / NS_PER_MS);
	json_member(b, "dt");
	json_milli(b, (f->at - a->last_snapshot) / NS_PER_MS);
	json_member(b, "elapsed");
	json_milli(b, (f->at - a->start) / NS_PER_MS);
}

static void
add_source(struct buf *b, const struct aggregate *a)
{
	const struct record_source *s = &a->source;
	json_member(b, "source");
	buf_add_char(b, '{');
	json_member_text(b, "kind", s->live ? "live" : "file");
	json_member(b, "interfaces");
	buf_add_char(b, '[');
	for (uint16_t i = 0; i < s->interface_count; i++) {
		const char *name = s->interfaces[i].name;
		json_element(b);
		json_text(b, name, strlen(name));
	}
	json_close(b, ']');
	json_member_text(b, "filter", s->filter);
	json_member_text(b, "count", s->count_network ? "network" : "frame");
	json_member(b, "local");
	buf_add_char(b, '[');
	for (uint16_t i = 0; i < s->interface_count; i++)
		for (uint16_t k = 0; k < s->interfaces[i].address_count;
		    k++) {
			char text[PREFIX_TEXT];
			prefix_format(&s->interfaces[i].addresses[k], text);
			json_element(b);
			json_text(b, text, strlen(text));
		}
	json_close(b, ']');
	json_close(b, '}');
}

/* How much of what the interfaces count has been seen: at most all of it,
 * since packets still in the ring are not in the interface's past. */
static uint64_t
coverage(const struct record_counters *c)
{
	if (c->bytes >= c->wire_bytes)
		return 1000;
	return share_of(c->bytes, 1000, c->wire_bytes);
}

/* Of the last tick; without any, as a text stream may be, it follows from the
 * source. */
static const char *
state_name(const struct aggregate *a)
{
	static const char *const names[] = { [STATE_UP] = "up",
		[STATE_DOWN] = "down", [STATE_FILE] = "file" };
	unsigned state = a->tick.state;
	if (state < STATE_UP || state > STATE_FILE)
		state = a->source.live ? STATE_UP : STATE_FILE;
	return names[state];
}

static void
add_capture(struct buf *b, const struct aggregate *a)
{
	const struct record_counters c = aggregate_counters(a);
	bool wire = a->tick.wire_known != 0 && c.wire_bytes > 0;
	json_member(b, "capture");
	buf_add_char(b, '{');
	json_member_text(b, "state", state_name(a));
	json_member_unsigned(b, "packets", c.packets);
	json_member_unsigned(b, "bytes", c.bytes);
	json_member_unsigned(b, "kernel_dropped", c.kernel_dropped);
	json_member_unsigned(b, "interface_dropped", c.interface_dropped);
	json_member_unsigned(b, "malformed", c.malformed);
	json_member_unsigned(b, "malformed_bytes", c.malformed_bytes);
	json_member_unsigned(b, "unsupported", c.unsupported);
	json_member_unsigned(b, "unsupported_bytes", c.unsupported_bytes);
	json_member_unsigned(b, "non_ip_packets", c.non_ip_packets);
	json_member_unsigned(b, "non_ip_bytes", c.non_ip_bytes);
	json_member_unsigned(b, "uncounted_packets", a->uncounted_packets);
	json_member_unsigned(b, "uncounted_bytes", a->uncounted_bytes);
	json_member_unsigned(b, "duplicates", c.duplicates);
	json_member_unsigned(b, "lost", a->lost);
	json_member(b, "wire_bytes");
	if (wire)
		json_unsigned(b, c.wire_bytes);
	else
		buf_add_text(b, "null");
	json_member(b, "coverage");
	if (wire)
		json_milli(b, coverage(&c));
	else
		buf_add_text(b, "null");
	json_member_unsigned(b, "skipped", a->skipped);
	json_member_unsigned(b, "evicted", a->evicted);
	json_close(b, '}');
}

static void
add_sums(struct buf *b, struct aggregate *a, const struct figures *f)
{
	uint64_t delta[2], all[RATE_WINDOWS][2], other[RATE_WINDOWS][2];
	memcpy(all, f->all, sizeof(all));
	memcpy(other, f->other.windows, sizeof(other));
	for (unsigned way = 0; way < 2; way++)
		delta[way] = a->totals.bytes[way] - a->before.bytes[way];
	add_totals(b, a->totals.bytes, a->totals.packets, delta);
	pair(b, "peak_sent", "peak_recv", a->totals.peak);
	json_member_unsigned(b, "peak_total", a->totals.peak_both);
	add_windows(b, a, f, all);
	json_member_unsigned(b, "flow_count", f->flow_count);
	json_member_unsigned(b, "flows_shown", a->rank.shown.count);

	json_member(b, "other");
	buf_add_char(b, '{');
	json_member_unsigned(b, "flows", f->other.flows);
	add_totals(b, f->other.bytes, f->other.packets, f->other.delta);
	add_windows(b, a, f, other);
	json_close(b, '}');

	json_member(b, "expired");
	buf_add_char(b, '{');
	json_member_unsigned(b, "flows", f->expired.flows);
	add_totals(b, f->expired.bytes, f->expired.packets,
	    f->expired.delta);
	json_close(b, '}');
}

static void
add_alert(struct buf *b, const struct aggregate *a, const struct alert *x)
{
	json_open(b, '{');
	json_member_unsigned(b, "flow", x->id);
	if (x->id != 0) {
		struct row_ends ends;
		char protocol[PROTOCOL_TEXT];
		report_ends(&x->key, x->b_is_ours, &ends);
		report_protocol(&x->key, protocol);
		json_member_text(b, "src", ends.src);
		json_member_text(b, "dst", ends.dst);
		json_member_unsigned(b, "src_port", ends.src_port);
		json_member_unsigned(b, "dst_port", ends.dst_port);
		json_member_text(b, "protocol", protocol);
		if ((x->key.kind & KIND_ECHO) != 0)
			json_member_unsigned(b, "icmp_id", x->key.port_a);
		if ((x->key.kind & KIND_INTERFACE) != 0)
			json_member_text(b, "interface", interfaces_name(
			    &a->interfaces, x->key.port_a));
	}
	json_member_text(b, "direction", alert_what_name(x->rule.what));
	json_member_unsigned(b, "rate", x->rate);
	json_member_unsigned(b, "threshold", x->rule.threshold);
	json_member_unsigned(b, "since", aggregate_ms(a, x->since));
	json_member_text(b, "state", x->cleared ? "cleared" : "raised");
	json_close(b, '}');
}

void
report_json(struct aggregate *a, const struct figures *f,
    struct report_sink *sink)
{
	struct buf *b = &sink->buf;
	buf_add_char(b, '{');
	json_member_unsigned(b, "schema", SNAPSHOT_SCHEMA);
	json_member_text(b, "type", "snapshot");
	json_member_text(b, "host", a->source.host);
	add_host_id(b, a->source.host);
	json_member_text(b, "session", a->source.session);
	json_member_unsigned(b, "seq", a->seq);
	add_time(b, a, f);
	json_member_text(b, "sort", rank_name(a->settings.sort));
	json_member_text(b, "by", group_name(a->settings.by));
	add_source(b, a);
	add_capture(b, a);
	add_sums(b, a, f);
	json_member(b, "alerts");
	buf_add_char(b, '[');
	for (uint32_t i = 0; i < a->alerts.count; i++)
		add_alert(b, a, &a->alerts.list[i]);
	json_close(b, ']');
	json_member(b, "events");
	buf_add_char(b, '[');
	for (unsigned i = 0; i < a->event_count; i++)
		snapshot_event(b, a->events[i].level, a->events[i].from,
		    a->events[i].text);
	json_close(b, ']');
	json_member(b, "flows");
	buf_add_char(b, '[');
	rows_add(a, f, sink, report_json_row, ',');
	json_close(b, ']');
	json_close(b, '}');
	buf_add_char(b, '\n');
}
