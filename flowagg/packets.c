/* SPDX-License-Identifier: MIT
 *
 * Finding each packet's flow, and counting it.
 */
#include "flowagg/packets.h"

#include <stddef.h>
#include <string.h>

#include "flowagg/clock.h"
#include "lib/protocol.h"

enum { TCP_FIN = 1, TCP_SYN = 2, TCP_RST = 4, TCP_ACK = 16 };

/* A packet with what is worked out before its flow is touched. */
struct arrival {
	const struct record_packet *packet;
	struct flow_key key;
	uint32_t hash;
	uint32_t guess;		/* the flow's number, most likely */
	bool from_a;		/* the sender is `a` of the key */
};

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
	return flow_big_endian(x[i]) < flow_big_endian(y[i]) ? -1 : 1;
}

/* What follows the addresses in a key, written at once: the hash, which
 * reads it as whole words, would wait for many small writes. */
static inline void
set_rest(struct flow_key *k, uint16_t port_a, uint16_t port_b,
    const struct record_packet *p, uint8_t kind)
{
	enum { OFFSET = offsetof(struct flow_key, port_a) };
	uint64_t rest = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ?
	    (uint64_t)port_a | (uint64_t)port_b << 16 |
	    (uint64_t)p->family << 32 | (uint64_t)p->protocol << 40 |
	    (uint64_t)kind << 48 :
	    (uint64_t)port_a << 48 | (uint64_t)port_b << 32 |
	    (uint64_t)p->family << 24 | (uint64_t)p->protocol << 16 |
	    (uint64_t)kind << 8;
	_Static_assert(OFFSET + sizeof(rest) == sizeof(*k), "the rest");
	memcpy((char *)k + OFFSET, &rest, sizeof(rest));
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
	set_rest(k, r->from_a ? src_port : dst_port,
	    r->from_a ? dst_port : src_port, p, echo ? KIND_ECHO : 0);
	r->packet = p;
}

/* A flow leaves early, without being shown once more. */
static void
evict(struct aggregate *a, struct flows *t, uint32_t number)
{
	if (t == aggregate_rows(a)) {
		a->evicted++;
		alerts_flow_left(&a->alerts, ledger_at(&t->ledger, number)->id);
	}
	flows_remove(t, number);
}

/* Make room by removing whoever was silent longest; where all have ended
 * and wait to be shown, as when snapshots are skipped, one of those. */
static uint32_t
add_flow(struct aggregate *a, struct flows *t, const struct flow_key *k,
    uint32_t hash, uint16_t interface, uint64_t ns)
{
	uint16_t ms = (uint16_t)(ns % NS_PER_SECOND / NS_PER_MS);
	for (;;) {
		uint32_t number = flows_add(t, k, hash, interface,
		    clock_second(ns), ms);
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
	uint32_t number = add_flow(a, &a->flows, &r->key, r->hash,
	    interfaces_number(&a->interfaces, p->interface), ns);
	struct flow *f = flows_at(&a->flows, number);
	bool a_is_ours = end == END_NUMERIC ? true :
	    (end == END_SRC) == r->from_a;
	bool a_opened = r->from_a == orient_sender_opened(p);
	if (!a_is_ours)
		f->flags |= FLOW_B_IS_OURS;
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

/* Where a row's packets differ, it says neither the one nor the other. */
static void
merge(struct flow *row, const struct flow *conversation, uint16_t interface)
{
	if (row->interface != interface)
		row->interface = 0;
	if (row->direction != conversation->direction)
		row->direction = FLOW_MERGED;
}

/* The row that a conversation's packet counts in. */
static uint32_t
find_row(struct aggregate *a, const struct flow *conversation,
    const struct record_packet *p, uint64_t ns)
{
	uint16_t interface = interfaces_number(&a->interfaces, p->interface);
	struct flow_key k = group_key(a->settings.by, conversation, interface);
	uint32_t hash = flows_hash(&a->rows, &k);
	uint32_t number = flows_find(&a->rows, &k, hash);
	if (number != 0) {
		merge(flows_at(&a->rows, number), conversation, interface);
		return number;
	}
	number = add_flow(a, &a->rows, &k, hash, interface, ns);
	struct flow *row = flows_at(&a->rows, number);
	row->direction = (k.kind & (KIND_NO_SRC | KIND_NO_DST)) == 0 ?
	    conversation->direction : FLOW_MERGED;
	return number;
}

static void
count(struct aggregate *a, struct flows *t, uint32_t number, unsigned way,
    uint32_t bytes, uint64_t ns)
{
	uint64_t all_ms = ns / NS_PER_MS;
	uint32_t second = (uint32_t)(all_ms / MS_PER_SECOND);
	uint16_t ms = (uint16_t)(all_ms - (uint64_t)second * MS_PER_SECOND);
	totals_add(&a->totals, second, way, bytes);
	flows_count(t, number, way, bytes, second, ms);
	if (a->past.pool.base != NULL)
		past_count(&a->past, number, ledger_at(&t->ledger, number)->id,
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
			alerts_flow_left(&a->alerts,
			    ledger_at(&a->flows.ledger, number)->id);
		flows_end(&a->flows, number);
		return add_conversation(a, r, ns);
	}
	return number;
}

static void
packet(struct aggregate *a, const struct arrival *r)
{
	const struct record_packet *p = r->packet;
	uint64_t ns = clock_time(a, p->ts);
	uint32_t bytes = a->source.count_network ? p->network_length :
	    p->frame_length;
	if (!a->started)
		clock_start(a, ns);
	if (ns >= a->next_second || ns >= a->next_snapshot)
		clock_advance(a, ns);
	else if (ns > a->now)
		a->now = ns;
	a->record_packets++;
	a->record_bytes += bytes;

	uint32_t number = find_conversation(a, r, ns);
	if (number == 0) {
		a->uncounted_packets++;
		a->uncounted_bytes += bytes;
		return;
	}
	struct flows *t = &a->flows;
	struct flow *f = flows_at(t, number);
	unsigned way = r->from_a == ((f->flags & FLOW_B_IS_OURS) != 0);
	if (p->protocol == PROTOCOL_TCP)
		follow_tcp(f, p, r->from_a);
	if (a->settings.by != GROUP_FLOW) {
		flows_see(t, number, clock_second(ns));
		number = find_row(a, f, p, ns);
		t = &a->rows;
	}
	count(a, t, number, way, bytes, ns);
}

/* A run of packets: find out what each will touch, and fetch it, before
 * any is touched, which is worth three to four times on a large table. */
void
packets_count(struct aggregate *a, const union record *records, size_t n)
{
	struct arrival arrivals[PACKETS_BATCH];
	uint32_t second = clock_second(a->now);
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
		flows_prefetch_entry(&a->flows, arrivals[i].guess, second);
	for (size_t i = 0; i < n; i++)
		packet(a, &arrivals[i]);
	flows_post_some(aggregate_rows(a));
}
