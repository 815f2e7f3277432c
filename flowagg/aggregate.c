/* SPDX-License-Identifier: MIT
 *
 * From records to intervals.
 */
#include "flowagg/aggregate.h"

#include <stdio.h>
#include <string.h>

#include "lib/json_write.h"
#include "lib/protocol.h"

enum { TCP_FIN = 1, TCP_SYN = 2, TCP_RST = 4, TCP_ACK = 16 };
enum { BATCH = 64 };

void
aggregate_init(struct aggregate *a, const struct settings *s)
{
	*a = (struct aggregate){ .settings = *s };
	record_source_init(&a->source);
	a->orient.guess = true;
	flows_init(&a->flows, s->max_flows, s->idle);
	if (s->by != GROUP_FLOW)
		flows_init(&a->rows, s->max_flows, s->idle);
	if (s->history > 0 && s->interval != NS_PER_SECOND && !s->final)
		past_start(&a->past, s->max_flows);
}

void
aggregate_done(struct aggregate *a)
{
	record_source_done(&a->source);
	orient_done(&a->orient);
	flows_done(&a->flows);
	if (a->settings.by != GROUP_FLOW)
		flows_done(&a->rows);
	past_stop(&a->past);
	rank_done(&a->rank);
	alerts_done(&a->alerts);
	buf_done(&a->events);
}

struct flows *
aggregate_rows(struct aggregate *a)
{
	return a->settings.by == GROUP_FLOW ? &a->flows : &a->rows;
}

uint64_t
aggregate_ms(const struct aggregate *a, uint64_t stream_ns)
{
	/* What was before the clock went back may lie before 1970. */
	return stream_ns > a->offset ? (stream_ns - a->offset) / NS_PER_MS : 0;
}

void
aggregate_event(struct aggregate *a, const char *level, const char *from,
    const char *text)
{
	json_open(&a->events, '{');
	json_member_text(&a->events, "level", level);
	json_member_text(&a->events, "from", from);
	json_member_text(&a->events, "text", text);
	json_close(&a->events, '}');
}

/*
 * Time.
 */

static uint32_t
second_of(uint64_t ns)
{
	return (uint32_t)(ns / NS_PER_SECOND);
}

/* The stream's time of a record.  Seconds have 32 bits, so time stands still
 * in 2106, with room for every second that is still to be scheduled. */
static uint64_t
stream_time(const struct aggregate *a, uint64_t ts)
{
	const uint64_t latest = (uint64_t)(UINT32_MAX - 7 * 86400) *
	    NS_PER_SECOND;
	uint64_t ns = ts + a->offset;
	return ns < ts || ns > latest ? latest : ns;
}

/* The next multiple of the interval, not sooner than half an interval. */
static uint64_t
next_multiple(uint64_t ns, uint64_t interval)
{
	uint64_t next = (ns / interval + 1) * interval;
	return next - ns < interval / 2 ? next + interval : next;
}

static void
start_clock(struct aggregate *a, uint64_t ns)
{
	if (a->started)
		return;
	a->started = true;
	a->start = a->now = a->last_snapshot = ns;
	a->next_second = (ns / NS_PER_SECOND + 1) * NS_PER_SECOND;
	a->next_snapshot = next_multiple(ns, a->settings.interval);
}

static void
look_for_alerts(struct aggregate *a, uint64_t at)
{
	uint64_t sums[RATE_WINDOWS][2] = { 0 };
	if (a->alerts.rule_count == 0)
		return;
	totals_sums(&a->totals, second_of(at), sums);
	alerts_look(&a->alerts, aggregate_rows(a), sums[0], a->start, at);
}

/* The totals of flows that have been shown for the last time. */
static void
add_expired(struct aggregate *a, const struct flow *f)
{
	a->expired.flows++;
	for (unsigned way = 0; way < 2; way++) {
		a->expired.bytes[way] += f->total[way];
		a->expired.packets[way] += f->packets[way];
	}
}

static void
forget_ended(struct aggregate *a)
{
	struct flows *t = aggregate_rows(a);
	for (uint32_t i = 0; i < t->ended_count; i++)
		add_expired(a, flows_at(t, t->ended[i]));
	flows_forget_ended(t);
	if (t != &a->flows)
		flows_forget_ended(&a->flows);
}

/* The flows whose time is up end now, so that this snapshot says so. */
static void
expire(struct aggregate *a, uint64_t at)
{
	struct flows *t = aggregate_rows(a);
	flows_expire(t, second_of(at));
	for (uint32_t i = 0; i < t->ended_count; i++)
		alerts_flow_left(&a->alerts, flows_at(t, t->ended[i]));
	if (t != &a->flows)
		flows_expire(&a->flows, second_of(at));
}

static void
snapshot(struct aggregate *a, uint64_t at, bool last)
{
	a->seq++;
	if (!last && a->is_ready != NULL && !a->is_ready(a->context)) {
		a->skipped++;
		return;
	}
	if (!a->settings.final)
		expire(a, at);
	totals_peaks(&a->totals);
	a->tell(a->context, a, at, last);
	buf_reset(&a->events);
	alerts_told(&a->alerts);
	forget_ended(a);
	memset(a->expired.delta, 0, sizeof(a->expired.delta));
	flows_next_epoch(aggregate_rows(a));
	a->before = a->totals;
	a->last_snapshot = at;
}

/* Nothing in the table, in the windows or on alert: until traffic comes,
 * every snapshot would be the same. */
static bool
is_quiet(const struct aggregate *a)
{
	return a->flows.count == 0 && a->alerts.count == 0 &&
	    a->now / NS_PER_SECOND > (uint64_t)a->totals.newest + RATE_SLOTS;
}

/* Let stream time pass up to `ns`, telling at each interval on the way. */
static void
advance(struct aggregate *a, uint64_t ns)
{
	while (a->next_second <= ns || a->next_snapshot <= ns) {
		if (a->next_second <= a->next_snapshot) {
			a->now = a->next_second;
			look_for_alerts(a, a->now);
			a->next_second += NS_PER_SECOND;
			continue;
		}
		a->now = a->next_snapshot;
		if (!a->settings.final)
			snapshot(a, a->now, false);
		a->next_snapshot += a->settings.interval;
		if ((a->settings.final || is_quiet(a)) &&
		    a->next_snapshot < ns) {
			if (a->next_second < ns)
				a->next_second = ns / NS_PER_SECOND *
				    NS_PER_SECOND;
			a->next_snapshot = (ns - 1) / a->settings.interval *
			    a->settings.interval + a->settings.interval;
		}
	}
	if (ns > a->now)
		a->now = ns;
}

/* The clock of the capturing host may have been set back: stream time goes
 * on from where it was. */
static void
follow_clock(struct aggregate *a, uint64_t ts)
{
	uint64_t stream = stream_time(a, ts);
	if (!a->started || stream + NS_PER_SECOND >= a->now)
		return;
	char text[96];
	uint64_t back = a->now - stream;
	a->offset += back;
	snprintf(text, sizeof(text), "time went back by %llu.%03llu s; "
	    "averages go on without a gap",
	    (unsigned long long)(back / NS_PER_SECOND),
	    (unsigned long long)(back / NS_PER_MS % 1000));
	aggregate_event(a, "warn", "flowagg", text);
}

/*
 * Packets.
 */

/* A packet with what is worked out before its flow is touched. */
struct arrival {
	const struct record_packet *packet;
	struct flow_key key;
	uint32_t hash;
	uint32_t guess;		/* the flow's number, most likely */
	bool from_a;		/* the sender is `a` of the key */
};

static inline uint64_t
big_endian(uint64_t x)
{
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ?
	    __builtin_bswap64(x) : x;
}

/* The order of two addresses: -1, 0, 1. */
static inline int
compare_addresses(const uint8_t a[16], const uint8_t b[16])
{
	uint64_t x[2], y[2];
	memcpy(x, a, sizeof(x));
	memcpy(y, b, sizeof(y));
	unsigned i = x[0] == y[0];
	if (x[i] == y[i])
		return 0;
	return big_endian(x[i]) < big_endian(y[i]) ? -1 : 1;
}

/* The conversation's key: the ends in numeric order. */
static inline void
make_key(const struct record_packet *p, struct arrival *r)
{
	bool icmp = p->protocol == PROTOCOL_ICMP ||
	    p->protocol == PROTOCOL_ICMPV6;
	bool echo = (p->flags & RECORD_ICMP_ECHO) != 0;
	uint16_t src_port = icmp ? (echo ? p->dst_port : 0) : p->src_port;
	uint16_t dst_port = icmp ? src_port : p->dst_port;
	int order = compare_addresses(p->src, p->dst);
	struct flow_key *k = &r->key;
	r->from_a = order != 0 ? order < 0 : src_port <= dst_port;
	memcpy(k->a, r->from_a ? p->src : p->dst, sizeof(k->a));
	memcpy(k->b, r->from_a ? p->dst : p->src, sizeof(k->b));
	k->port_a = r->from_a ? src_port : dst_port;
	k->port_b = r->from_a ? dst_port : src_port;
	k->family = p->family;
	k->protocol = p->protocol;
	k->kind = echo ? KIND_ECHO : 0;
	k->zero = 0;
	r->packet = p;
}

/* A flow leaves early, without being shown once more. */
static void
evict(struct aggregate *a, struct flows *t, uint32_t number)
{
	const struct flow *f = flows_at(t, number);
	if (t == aggregate_rows(a)) {
		a->evicted++;
		flows_delta(t, f, a->expired.delta);
		add_expired(a, f);
		alerts_flow_left(&a->alerts, f);
	}
	flows_remove(t, number);
}

/* Make room by removing whoever was silent longest; where all have ended
 * and wait to be shown, as when snapshots are skipped, one of those. */
static uint32_t
add_flow(struct aggregate *a, struct flows *t, const struct flow_key *k,
    uint32_t hash, uint64_t ns)
{
	uint16_t ms = (uint16_t)(ns % NS_PER_SECOND / NS_PER_MS);
	for (;;) {
		uint32_t number = flows_add(t, k, hash, second_of(ns), ms);
		if (number != 0)
			return number;
		uint32_t oldest = flows_oldest(t);
		if (oldest != 0)
			evict(a, t, oldest);
		else if (t->pool.freed == 0)
			evict(a, t, t->ended[--t->ended_count]);
	}
}

/* A new conversation, with its ends told apart; 0: not to be counted. */
static uint32_t
add_conversation(struct aggregate *a, const struct arrival *r, uint64_t ns)
{
	const struct record_packet *p = r->packet;
	enum orient_scope scope;
	enum orient_end end = orient_packet(&a->orient, p, &scope);
	if (end == END_NOT_COUNTED)
		return 0;
	uint32_t number = add_flow(a, &a->flows, &r->key, r->hash, ns);
	struct flow *f = flows_at(&a->flows, number);
	bool a_is_ours = end == END_NUMERIC ? true :
	    (end == END_SRC) == r->from_a;
	bool a_opened = r->from_a == orient_sender_opened(p);
	if (!a_is_ours)
		f->flags |= FLOW_B_IS_OURS;
	f->interface = p->interface;
	f->direction = scope == SCOPE_LOCAL ? FLOW_LOCAL :
	    scope == SCOPE_TRANSIT ? FLOW_TRANSIT :
	    a_is_ours == a_opened ? FLOW_OUT : FLOW_IN;
	return number;
}

/* RFC 9293: over once both ends have sent a FIN, or one a RST. */
static void
follow_tcp(struct flow *f, const struct record_packet *p, bool from_a)
{
	if ((p->tcp_flags & TCP_FIN) != 0)
		f->flags |= from_a ? FLOW_FIN_A : FLOW_FIN_B;
	if ((p->tcp_flags & TCP_RST) != 0 ||
	    ((f->flags & FLOW_FIN_A) != 0 && (f->flags & FLOW_FIN_B) != 0))
		f->flags |= FLOW_CLOSED;
}

/* The row that a conversation's packet counts in. */
static uint32_t
find_row(struct aggregate *a, const struct flow *conversation, uint64_t ns)
{
	struct flow_key k = group_key(a->settings.by, conversation);
	uint32_t hash = flows_hash(&a->rows, &k);
	uint32_t number = flows_find(&a->rows, &k, hash);
	if (number != 0)
		return number;
	number = add_flow(a, &a->rows, &k, hash, ns);
	struct flow *row = flows_at(&a->rows, number);
	row->interface = conversation->interface;
	row->direction = (k.kind & (KIND_NO_SRC | KIND_NO_DST)) == 0 ?
	    conversation->direction : FLOW_MERGED;
	return number;
}

static void
count(struct aggregate *a, uint32_t number, unsigned way, uint32_t bytes,
    uint64_t ns)
{
	struct flows *t = aggregate_rows(a);
	uint32_t second = second_of(ns);
	uint16_t ms = (uint16_t)((ns - (uint64_t)second * NS_PER_SECOND) /
	    NS_PER_MS);
	totals_add(&a->totals, second, way, bytes);
	flows_count(t, number, way, bytes, second, ms);
	if (a->alerts.suspicion == 0 && a->past.pool.base == NULL)
		return;
	const struct flow *f = flows_at(t, number);
	uint64_t sum = (uint64_t)f->bytes[0] + f->bytes[1];
	if (a->alerts.suspicion != 0 && sum >= a->alerts.suspicion &&
	    (sum - bytes < a->alerts.suspicion || bytes > sum))
		alerts_suspect(&a->alerts, number, second);
	if (a->past.pool.base != NULL)
		past_count(&a->past, number, f->id,
		    ns / a->settings.interval, bytes);
}

/* The flow of a packet, found, new, or new again; 0: not to be counted. */
static uint32_t
find_conversation(struct aggregate *a, const struct arrival *r, uint64_t ns)
{
	const struct record_packet *p = r->packet;
	uint32_t number = flows_is(&a->flows, r->guess, &r->key) ? r->guess :
	    flows_find(&a->flows, &r->key, r->hash);
	if (number == 0)
		return add_conversation(a, r, ns);
	/* A new connection between the ports of one that is over. */
	struct flow *f = flows_at(&a->flows, number);
	if ((f->flags & FLOW_CLOSED) != 0 && p->protocol == PROTOCOL_TCP &&
	    (p->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN &&
	    !a->settings.final) {
		if (a->settings.by == GROUP_FLOW)
			alerts_flow_left(&a->alerts, f);
		flows_end(&a->flows, number);
		return add_conversation(a, r, ns);
	}
	return number;
}

static void
packet(struct aggregate *a, const struct arrival *r)
{
	const struct record_packet *p = r->packet;
	uint64_t ns = stream_time(a, p->ts);
	uint32_t bytes = a->source.count_network ? p->network_length :
	    p->frame_length;
	if (!a->started)
		start_clock(a, ns);
	if (ns >= a->next_second || ns >= a->next_snapshot)
		advance(a, ns);
	else if (ns > a->now)
		a->now = ns;
	a->record_packets++;
	a->record_bytes += bytes;
	a->after_packets++;
	a->after_bytes += bytes;

	uint32_t number = find_conversation(a, r, ns);
	if (number == 0) {
		a->uncounted_packets++;
		a->uncounted_bytes += bytes;
		return;
	}
	struct flow *f = flows_at(&a->flows, number);
	unsigned way = r->from_a == ((f->flags & FLOW_B_IS_OURS) != 0);
	if (p->protocol == PROTOCOL_TCP)
		follow_tcp(f, p, r->from_a);
	if (a->settings.by != GROUP_FLOW) {
		flows_see(&a->flows, number, second_of(ns));
		number = find_row(a, f, ns);
	}
	count(a, number, way, bytes, ns);
}

/* A run of packets: find out what each will touch, and fetch it, before
 * any is touched, which is worth three to four times on a large table. */
static void
packets(struct aggregate *a, const union record *records, size_t n)
{
	struct arrival arrivals[BATCH];
	for (size_t i = 0; i < n; i++) {
		struct arrival *r = &arrivals[i];
		make_key(&records[i].packet, r);
		r->hash = flows_hash(&a->flows, &r->key);
		flows_prefetch(&a->flows, r->hash);
	}
	for (size_t i = 0; i < n; i++) {
		arrivals[i].guess = flows_guess(&a->flows, arrivals[i].hash);
		flows_prefetch_flow(&a->flows, arrivals[i].guess);
	}
	for (size_t i = 0; i < n; i++)
		flows_prefetch_ring(&a->flows, arrivals[i].guess);
	for (size_t i = 0; i < n; i++)
		packet(a, &arrivals[i]);
}

/*
 * Other records.
 */

static void
source(struct aggregate *a, const struct record_header *h)
{
	const char *text = (const char *)(h + 1);
	size_t room = (size_t)h->tail * RECORD_SIZE;
	struct record_source s;
	record_source_init(&s);
	if (h->length > room || !record_source_parse(&s, text, h->length)) {
		aggregate_event(a, "error", "flowagg",
		    "a source record that cannot be read was skipped");
		record_source_done(&s);
		return;
	}
	record_source_done(&a->source);
	a->source = s;
	a->has_source = true;
	orient_set_source(&a->orient, &a->source);
	if (s.live && s.start != 0)
		start_clock(a, stream_time(a, s.start));
}

struct record_counters
aggregate_counters(const struct aggregate *a)
{
	struct record_counters c = a->tick.counters;
	const struct record_counters *b = &a->base;
	c.packets += a->after_packets - b->packets;
	c.bytes += a->after_bytes - b->bytes;
	c.kernel_dropped -= b->kernel_dropped;
	c.interface_dropped -= b->interface_dropped;
	c.malformed -= b->malformed;
	c.malformed_bytes -= b->malformed_bytes;
	c.unsupported -= b->unsupported;
	c.unsupported_bytes -= b->unsupported_bytes;
	c.non_ip_packets -= b->non_ip_packets;
	c.non_ip_bytes -= b->non_ip_bytes;
	c.duplicates -= b->duplicates;
	c.wire_packets -= b->wire_packets;
	c.wire_bytes -= b->wire_bytes;
	return c;
}

/* What capd counted and what came must agree, record by record; a text
 * stream may have been filtered on its way, on purpose. */
static void
count_lost(struct aggregate *a, const struct record_counters *c)
{
	uint64_t others = c->malformed + c->unsupported + c->non_ip_packets;
	if (!a->text && c->packets - others > a->record_packets)
		a->lost = c->packets - others - a->record_packets;
}

static void
tick(struct aggregate *a, const struct record_tick *t)
{
	if (t->tail < 2)
		return;
	a->tick = *t;
	if (a->text) {
		/* Only what came is known to be in the flows. */
		a->tick.counters.packets = t->counters.malformed +
		    t->counters.unsupported + t->counters.non_ip_packets +
		    a->record_packets;
		a->tick.counters.bytes = t->counters.malformed_bytes +
		    t->counters.unsupported_bytes +
		    t->counters.non_ip_bytes + a->record_bytes;
	}
	count_lost(a, &t->counters);
	a->after_packets = a->after_bytes = 0;
	follow_clock(a, t->ts);
	uint64_t ns = stream_time(a, t->ts);
	start_clock(a, ns);
	if (ns > a->now)
		advance(a, ns);
}

static void
event(struct aggregate *a, const struct record_event *e)
{
	static const char *const levels[] = { "info", "info", "warn",
		"error" };
	char text[1024];
	size_t len = e->length;
	if (len > (size_t)e->tail * RECORD_SIZE)
		return;
	if (len >= sizeof(text))
		len = sizeof(text) - 1;
	memcpy(text, e + 1, len);
	text[len] = '\0';
	aggregate_event(a, levels[e->level <= LEVEL_ERROR ? e->level : 0],
	    "capd", text);
}

void
aggregate_end(struct aggregate *a)
{
	if (a->ended)
		return;
	a->ended = true;
	if (a->started || a->has_source)
		snapshot(a, a->now, true);
}

void
aggregate_records(struct aggregate *a, const union record *records,
    size_t slots)
{
	for (size_t i = 0; i < slots;) {
		const union record *r = &records[i];
		size_t n = 0;
		while (n < BATCH && i + n < slots &&
		    records[i + n].kind == RECORD_PACKET)
			n++;
		if (n > 0) {
			packets(a, r, n);
			i += n;
			continue;
		}
		if (r->kind == RECORD_SOURCE)
			source(a, &r->header);
		else if (r->kind == RECORD_TICK)
			tick(a, (const struct record_tick *)(const void *)r);
		else if (r->kind == RECORD_EVENT)
			event(a, &r->event);
		else if (r->kind == RECORD_END)
			aggregate_end(a);
		i += record_slots(r);
	}
}

/*
 * Changes while running.
 */

void
aggregate_set_interval(struct aggregate *a, uint64_t ns)
{
	a->settings.interval = ns;
	a->next_snapshot = next_multiple(a->now, ns);
	if (a->settings.history == 0 || ns == NS_PER_SECOND)
		past_stop(&a->past);
	else
		past_start(&a->past, a->settings.max_flows);
}

static void
expire_everything(struct aggregate *a)
{
	struct flows *t = aggregate_rows(a);
	for (uint32_t n = 1; n <= t->pool.used; n++) {
		const struct flow *f = flows_at(t, n);
		if ((f->flags & FLOW_FREE) != 0)
			continue;
		flows_delta(t, f, a->expired.delta);
		add_expired(a, f);
		alerts_flow_left(&a->alerts, f);
	}
}

void
aggregate_set_by(struct aggregate *a, enum group by)
{
	struct flows *t = aggregate_rows(a);
	uint64_t next_id = t->next_id;
	if (by == a->settings.by)
		return;
	expire_everything(a);
	a->alerts.suspect_count = 0;
	/* Conversations keep their ends; only what they counted is gone. */
	flows_done(t);
	if (t == &a->rows)
		flows_done(&a->flows);
	a->settings.by = by;
	flows_init(&a->flows, a->settings.max_flows, a->settings.idle);
	a->flows.next_id = next_id;
	if (by != GROUP_FLOW) {
		flows_init(&a->rows, a->settings.max_flows,
		    a->settings.idle);
		a->rows.next_id = next_id;
	}
}

void
aggregate_reset(struct aggregate *a)
{
	struct flows *t = aggregate_rows(a);
	uint64_t slots[RATE_SLOTS][2];
	uint32_t newest = a->totals.newest;
	/* Windows are no totals: they stay. */
	memcpy(slots, a->totals.slots, sizeof(slots));
	a->totals = (struct totals){ .newest = newest };
	memcpy(a->totals.slots, slots, sizeof(slots));
	a->totals.slot = a->totals.slots[newest % RATE_SLOTS];
	a->before = a->totals;
	a->expired = (struct sum){ 0 };
	a->base = (struct record_counters){ 0 };
	a->base = aggregate_counters(a);
	a->uncounted_packets = a->uncounted_bytes = 0;
	a->record_packets += a->lost;
	a->lost = 0;
	t->reset = second_of(a->now);
	for (uint32_t n = 1; n <= t->pool.used; n++)
		flows_reset(t, n);
	flows_next_epoch(t);
}
