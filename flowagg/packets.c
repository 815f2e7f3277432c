/* SPDX-License-Identifier: MIT
 *
 * Finding each packet's flow, and counting it.
 */
#include "flowagg/packets.h"

#include <stddef.h>
#include <string.h>

#include "flowagg/admit.h"
#include "flowagg/clock.h"
#include "lib/protocol.h"
#include "lib/rarely.h"

enum { TCP_FIN = 1, TCP_SYN = 2, TCP_RST = 4, TCP_ACK = 16 };

/* Is the sender the second in the order of the addresses or, where they are
 * the same, of the two `ports`? */
static inline bool
is_from_b(const struct record_packet *p, uint32_t ports)
{
	uint64_t src, dst;
	memcpy(&src, p->src, sizeof(src));
	memcpy(&dst, p->dst, sizeof(dst));
	if (src == dst) {
		memcpy(&src, p->src + sizeof(src), sizeof(src));
		memcpy(&dst, p->dst + sizeof(dst), sizeof(dst));
		if (src == dst) {
			uint16_t each[2];
			memcpy(each, &ports, sizeof(each));
			return each[0] > each[1];
		}
	}
	return flow_big_endian(src) > flow_big_endian(dst);
}

/* What follows the addresses in a key, written at once: the hash, which
 * reads it as whole words, would wait for many small writes.  `ports` are
 * two, as they are in memory. */
static inline void
set_rest(struct flow_key *k, uint32_t ports, const struct record_packet *p,
    uint8_t kind)
{
	enum { OFFSET = offsetof(struct flow_key, port_a) };
	uint64_t rest = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ?
	    ports | (uint64_t)p->family << 32 | (uint64_t)p->protocol << 40 |
	    (uint64_t)kind << 48 :
	    (uint64_t)ports << 32 | (uint64_t)p->family << 24 |
	    (uint64_t)p->protocol << 16 | (uint64_t)kind << 8;
	_Static_assert(OFFSET + sizeof(rest) == sizeof(*k), "the rest");
	memcpy((char *)k + OFFSET, &rest, sizeof(rest));
}

/* The conversation's key: the ends in numeric order.  Which is first no
 * processor can guess, so there is no branch on it. */
static inline void
make_key(const struct record_packet *p, struct arrival *r)
{
	enum { SRC = offsetof(struct record_packet, src),
		DST = offsetof(struct record_packet, dst),
		PORTS = offsetof(struct record_packet, src_port) };
	_Static_assert(offsetof(struct record_packet, dst_port) == PORTS + 2,
	    "both ports are read at once");
	const char *bytes = (const char *)p;
	uint8_t kind = 0;
	uint32_t ports;
	memcpy(&ports, bytes + PORTS, sizeof(ports));
	if (p->protocol == PROTOCOL_ICMP || p->protocol == PROTOCOL_ICMPV6) {
		bool echo = (p->flags & RECORD_ICMP_ECHO) != 0;
		ports = echo ? p->dst_port * 0x10001u : 0;
		kind = echo ? KIND_ECHO : 0;
	}
	unsigned from_b = is_from_b(p, ports);
	memcpy(r->key.a, bytes + SRC + (DST - SRC) * from_b,
	    sizeof(r->key.a));
	memcpy(r->key.b, bytes + DST - (DST - SRC) * from_b,
	    sizeof(r->key.b));
	ports = ports << 16 * from_b | ports >> (32 - 16 * from_b) % 32;
	set_rest(&r->key, ports, p, kind);
	r->packet = p;
	r->from_b = from_b != 0;
}

/* RFC 9293: over once both ends have sent a FIN, or one a RST. */
static void
follow_tcp(struct flow *f, const struct record_packet *p, bool from_b)
{
	if ((p->tcp_flags & TCP_FIN) != 0)
		f->flags |= from_b ? FLOW_FIN_B : FLOW_FIN_A;
	if ((p->tcp_flags & TCP_RST) != 0 ||
	    ((f->flags & FLOW_FIN_A) != 0 && (f->flags & FLOW_FIN_B) != 0))
		f->flags |= FLOW_CLOSED;
}

/* When a packet counts, in stream time. */
struct when {
	uint64_t ns;
	uint32_t second;
	uint16_t ms;		/* of that */
};

/* The flow of a packet, found, new, or new again; 0: not to be counted. */
static uint32_t
find_conversation(struct aggregate *a, const struct arrival *r, uint64_t ns)
{
	const struct record_packet *p = r->packet;
	uint32_t number = flows_is(&a->flows, r->guess, &r->key) ? r->guess :
	    flows_find(&a->flows, &r->key, r->hash);
	if (number == 0)
		return admit_conversation(a, r, ns);
	/* A new connection between the ports of one that is over. */
	struct flow *f = flows_at(&a->flows, number);
	if ((f->flags & FLOW_CLOSED) != 0 && p->protocol == PROTOCOL_TCP &&
	    (p->tcp_flags & (TCP_SYN | TCP_ACK)) == TCP_SYN &&
	    !a->settings.final) {
		if (a->settings.by == GROUP_FLOW)
			alerts_flow_left(&a->alerts,
			    ledger_at(&a->flows.ledger, number)->id);
		flows_end(&a->flows, number);
		return admit_conversation(a, r, ns);
	}
	return number;
}

/* Up to when packets that are in order need nothing but to be counted, which
 * is first done here. */
struct moment {
	uint64_t start, end;	/* ns of stream time */
	uint32_t second;	/* ... all of it in this one */
	uint64_t bytes[2], packets[2];
};

static void
begin_moment(const struct aggregate *a, struct moment *m)
{
	*m = (struct moment){ .second = clock_second(a->now) };
	m->start = (uint64_t)m->second * NS_PER_SECOND;
	m->end = a->next_second < a->next_snapshot ? a->next_second :
	    a->next_snapshot;
	if (m->end > m->start + NS_PER_SECOND)
		m->end = m->start + NS_PER_SECOND;
	if (m->end > CLOCK_LATEST)
		m->end = CLOCK_LATEST;
}

static void
count_all(struct aggregate *a, uint32_t second, unsigned way,
    uint64_t packets, uint64_t bytes)
{
	a->record_packets += packets;
	a->record_bytes += bytes;
	totals_add(&a->totals, second, way, packets, bytes);
}

static void
count_not(struct aggregate *a, uint32_t bytes)
{
	a->record_packets++;
	a->record_bytes += bytes;
	a->uncounted_packets++;
	a->uncounted_bytes += bytes;
}

static void
end_moment(struct aggregate *a, const struct moment *m)
{
	for (unsigned way = 0; way < 2; way++)
		if (m->packets[way] > 0)
			count_all(a, m->second, way, m->packets[way],
			    m->bytes[way]);
}

/* A packet with which time goes on to another moment, or that is late: when
 * it counts, or LATE_HELD. */
static uint64_t RARELY
change_moment(struct aggregate *a, const struct record_packet *p,
    struct moment *m)
{
	uint64_t ns = clock_time(a, p->ts);
	end_moment(a, m);
	if (ns >= a->next_second || ns >= a->next_snapshot) {
		late_release(a);
		clock_start(a, ns);
		clock_advance(a, ns);
	} else if (ns > a->now) {
		a->now = ns;
	} else if (ns < a->now) {
		ns = late_packet(a, p, ns);
	}
	begin_moment(a, m);
	return ns;
}

static void
packet(struct aggregate *a, const struct arrival *r, struct moment *m)
{
	const struct record_packet *p = r->packet;
	struct when w = { .ns = p->ts + a->offset };
	uint32_t bytes = a->source.count_network ? p->network_length :
	    p->frame_length;
	if (w.ns >= a->now && w.ns < m->end) {
		a->now = w.ns;
		w.second = m->second;
		w.ms = (uint16_t)((uint32_t)(w.ns - m->start) / NS_PER_MS);
	} else {
		w.ns = change_moment(a, p, m);
		if (w.ns == LATE_HELD)
			return;
		w.second = clock_second(w.ns);
		w.ms = (uint16_t)(w.ns % NS_PER_SECOND / NS_PER_MS);
	}
	uint32_t number = find_conversation(a, r, w.ns);
	if (number == 0) {
		count_not(a, bytes);
		return;
	}
	struct flow *f = flows_at(&a->flows, number);
	_Static_assert(FLOW_B_IS_OURS == 1, "as from_b counts");
	unsigned way = (r->from_b ^ f->flags) & FLOW_B_IS_OURS;
	if ((p->tcp_flags & (TCP_FIN | TCP_RST)) != 0 &&
	    p->protocol == PROTOCOL_TCP)
		follow_tcp(f, p, r->from_b);
	struct flows *t = &a->flows;
	if (a->settings.by != GROUP_FLOW) {
		flows_see(t, number, w.second, w.ms);
		number = admit_row(a, f, p, w.ns, &way);
		t = &a->rows;
	}
	if (w.second == m->second) {
		m->packets[way]++;
		m->bytes[way] += bytes;
	} else {
		count_all(a, w.second, way, 1, bytes);
	}
	flows_count(t, number, way, bytes, w.second, w.ms);
	if (past_is_kept(&a->past))
		past_count(&a->past, number, w.ns / a->settings.interval,
		    bytes);
}

/* Packets go by in waves, so that the memory of one comes while others are
 * at work, which is worth three to four times on a large table. */
enum { WAVE = 16 };

struct wave {
	struct arrival arrivals[WAVE];
	size_t count;
};

/* Make their keys, and fetch their slots. */
static void
meet(const struct aggregate *a, struct wave *w, const union record *records)
{
	struct arrival *r = w->arrivals;
	for (size_t i = 0; i < w->count; i++, r++) {
		make_key(&records[i].packet, r);
		r->hash = flows_hash(&a->flows, &r->key);
		flows_prefetch(&a->flows, r->hash);
	}
}

/* Guess their flows, and fetch them. */
static void
guess(const struct aggregate *a, struct wave *w)
{
	struct arrival *end = w->arrivals + w->count;
	for (struct arrival *r = w->arrivals; r < end; r++) {
		r->guess = flows_guess(&a->flows, r->hash);
		flows_prefetch_flow(&a->flows, r->guess);
	}
}

/* Fetch what the flows had in this second, and in intervals. */
PREFETCHES
find_entries(const struct aggregate *a, const struct wave *w)
{
	uint32_t second = clock_second(a->now);
	bool wide = journal_is_wide(&a->flows.journal);
	for (size_t i = 0; wide && i < w->count; i++)
		flows_prefetch_entry(&a->flows, w->arrivals[i].guess, second);
	if (!past_is_kept(&a->past) || a->settings.by != GROUP_FLOW)
		return;
	uint64_t step = a->now / a->settings.interval;
	for (size_t i = 0; i < w->count; i++)
		past_prefetch(&a->past, w->arrivals[i].guess, step);
}

void
packets_count(struct aggregate *a, const union record *records, size_t n)
{
	/* In each turn one is met, the one before it is guessed, and so on. */
	struct wave waves[4] = { 0 };
	struct moment m;
	begin_moment(a, &m);
	for (size_t at = 0, i = 0; at < n + 3 * WAVE; at += WAVE, i++) {
		struct wave *new = &waves[i % 4], *old = &waves[(i + 1) % 4];
		new->count = at >= n ? 0 : n - at < WAVE ? n - at : WAVE;
		meet(a, new, records + at);
		guess(a, &waves[(i + 3) % 4]);
		find_entries(a, &waves[(i + 2) % 4]);
		const struct arrival *end = old->arrivals + old->count;
		for (const struct arrival *r = old->arrivals; r < end; r++)
			packet(a, r, &m);
	}
	end_moment(a, &m);
	flows_post_some(aggregate_rows(a));
}
