/* SPDX-License-Identifier: MIT
 *
 * The text forms of the record stream.
 */
#include "lib/record_text.h"

#include <string.h>

#include "lib/json_write.h"
#include "lib/protocol.h"
#include "lib/xalloc.h"

static const char *const levels[] = { "", "info", "warn", "error" };
static const char *const states[] = { "", "up", "down", "file" };
static const char *const directions[] = { "unknown", "in", "out" };

enum { NS = 1000000000 };

/* The counters by name: one table writes and reads them. */
static const struct counter {
	const char *name;
	size_t offset;
} counters[] = {
#define COUNTER(x) { #x, offsetof(struct record_counters, x) }
	COUNTER(packets), COUNTER(bytes), COUNTER(kernel_dropped),
	COUNTER(interface_dropped), COUNTER(malformed),
	COUNTER(malformed_bytes), COUNTER(unsupported),
	COUNTER(unsupported_bytes), COUNTER(non_ip_packets),
	COUNTER(non_ip_bytes), COUNTER(duplicates), COUNTER(wire_packets),
	COUNTER(wire_bytes),
#undef COUNTER
};

enum { COUNTERS = sizeof(counters) / sizeof(counters[0]) };

const char *
record_level_name(enum record_level level)
{
	return level >= LEVEL_INFO && level <= LEVEL_ERROR ? levels[level] :
	    levels[LEVEL_INFO];
}

static bool
is_icmp(uint8_t protocol)
{
	return protocol == PROTOCOL_ICMP || protocol == PROTOCOL_ICMPV6;
}

/* jq 1.6 keeps integers exactly up to 2^53 only, so the time is in two. */
static void
open_line(struct buf *b, const char *type, uint64_t ts)
{
	json_open(b, '{');
	json_member_text(b, "type", type);
	json_member_unsigned(b, "sec", ts / NS);
	json_member_unsigned(b, "nsec", ts % NS);
}

static void
close_line(struct buf *b)
{
	json_close(b, '}');
	buf_add_char(b, '\n');
}

static void
add_address(struct buf *b, const char *name, uint8_t family,
    const uint8_t bytes[16])
{
	struct addr a = { .family = family };
	char text[ADDR_TEXT];
	memcpy(a.bytes, bytes, sizeof(a.bytes));
	addr_format(&a, text);
	json_member_text(b, name, text);
}

void
record_text_packet(struct buf *b, const struct record_packet *p,
    const char *name)
{
	char protocol[PROTOCOL_TEXT];
	bool icmp = is_icmp(p->protocol);
	bool no_ports = (p->flags & RECORD_NO_PORTS) != 0;
	protocol_name(p->protocol, protocol);
	open_line(b, "packet", p->ts);
	json_member_text(b, "interface", name);
	json_member_text(b, "direction",
	    directions[p->direction <= DIRECTION_OUT ? p->direction : 0]);
	json_member_unsigned(b, "vlan", p->vlan);
	add_address(b, "src", p->family, p->src);
	add_address(b, "dst", p->family, p->dst);
	json_member_text(b, "protocol", protocol);
	json_member_unsigned(b, "proto", p->protocol);
	json_member_unsigned(b, "src_port", icmp ? 0 : p->src_port);
	json_member_unsigned(b, "dst_port", icmp ? 0 : p->dst_port);
	if (icmp && !no_ports) {
		json_member_unsigned(b, "icmp_type", p->src_port >> 8);
		json_member_unsigned(b, "icmp_code", p->src_port & 255);
		if ((p->flags & RECORD_ICMP_ECHO) != 0)
			json_member_unsigned(b, "icmp_id", p->dst_port);
	}
	if (p->protocol == PROTOCOL_TCP)
		json_member_unsigned(b, "tcp_flags", p->tcp_flags);
	json_member_unsigned(b, "length", p->frame_length);
	json_member_unsigned(b, "network_length", p->network_length);
	json_member_bool(b, "fragment", (p->flags & RECORD_FRAGMENT) != 0);
	json_member_bool(b, "truncated", (p->flags & RECORD_TRUNCATED) != 0);
	if (no_ports && !icmp)
		json_member_bool(b, "no_ports", true);
	close_line(b);
}

void
record_text_tick(struct buf *b, const struct record_tick *t)
{
	open_line(b, "tick", t->ts);
	json_member_text(b, "state",
	    states[t->state <= STATE_FILE ? t->state : 0]);
	json_member_bool(b, "wire_known", t->wire_known != 0);
	for (size_t i = 0; i < COUNTERS; i++)
		json_member_unsigned(b, counters[i].name,
		    *(const uint64_t *)(const void *)
		    ((const char *)&t->counters + counters[i].offset));
	close_line(b);
}

void
record_text_event(struct buf *b, uint64_t ts, enum record_level level,
    const char *text)
{
	open_line(b, "event", ts);
	json_member_text(b, "level", record_level_name(level));
	json_member_text(b, "text", text);
	close_line(b);
}

void
record_text_end(struct buf *b, uint64_t ts)
{
	open_line(b, "end", ts);
	close_line(b);
}

void
record_tsv_heading(struct buf *b)
{
	buf_add_text(b, "time\tinterface\tdirection\tvlan\tprotocol\tsrc\t"
	    "src_port\tdst\tdst_port\ttcp_flags\tlength\tnetwork_length\n");
}

void
record_tsv_packet(struct buf *b, const struct record_packet *p,
    const char *name)
{
	char protocol[PROTOCOL_TEXT], src[ADDR_TEXT], dst[ADDR_TEXT];
	struct addr a = { .family = p->family };
	memcpy(a.bytes, p->src, sizeof(a.bytes));
	addr_format(&a, src);
	memcpy(a.bytes, p->dst, sizeof(a.bytes));
	addr_format(&a, dst);
	protocol_name(p->protocol, protocol);
	buf_printf(b, "%llu.%09u\t%s\t%s\t%u\t%s\t%s\t%u\t%s\t%u\t%u\t%u\t%u\n",
	    (unsigned long long)(p->ts / NS), (unsigned)(p->ts % NS), name,
	    directions[p->direction <= DIRECTION_OUT ? p->direction : 0],
	    (unsigned)p->vlan, protocol, src, (unsigned)p->src_port, dst,
	    (unsigned)p->dst_port, (unsigned)p->tcp_flags,
	    (unsigned)p->frame_length, (unsigned)p->network_length);
}

void
record_tsv_note(struct buf *b, const char *json_line, size_t len)
{
	buf_add_text(b, "# ");
	buf_add(b, json_line, len);
}

/*
 * Reading.
 */

/* A line as far as it was read. */
struct reading {
	const struct json *j;
	bool bad;		/* something is there, but not what it is to
				 * be: taken for 0 it would be wrong figures */
};

/* 0 where it is not there. */
static uint64_t
get_unsigned(struct reading *r, const char *name, uint64_t max)
{
	uint64_t value = 0;
	uint32_t node = json_get(r->j, 0, name);
	if (node != JSON_NONE &&
	    (!json_read_unsigned(r->j, node, &value) || value > max)) {
		r->bad = true;
		return 0;
	}
	return value;
}

static uint64_t
need_unsigned(struct reading *r, const char *name, uint64_t max)
{
	r->bad = r->bad || json_get(r->j, 0, name) == JSON_NONE;
	return get_unsigned(r, name, max);
}

static bool
get_flag(struct reading *r, const char *name)
{
	bool value = false;
	uint32_t node = json_get(r->j, 0, name);
	if (node != JSON_NONE && !json_read_bool(r->j, node, &value))
		r->bad = true;
	return value;
}

static uint8_t
get_word(const struct json *j, const char *name, const char *const *words,
    size_t count)
{
	uint32_t node = json_get(j, 0, name);
	for (size_t i = 0; i < count; i++)
		if (json_is(j, node, words[i]))
			return (uint8_t)i;
	return 0;
}

static uint64_t
get_time(struct reading *r)
{
	return need_unsigned(r, "sec", UINT64_MAX / NS - 1) * NS +
	    get_unsigned(r, "nsec", NS - 1);
}

static bool
get_address(const struct json *j, const char *name, struct addr *a)
{
	char text[ADDR_TEXT];
	return json_read_text(j, json_get(j, 0, name), text, sizeof(text)) &&
	    addr_parse(text, a);
}

static void
add_source(const struct record_source *s, struct buf *slots)
{
	struct record_writer w;
	record_writer_init(&w, -1, FORM_BINARY);
	record_write_source(&w, s);
	buf_add(slots, w.buf.data, w.buf.len);
	record_writer_done(&w);
}

static uint16_t
find_interface(const struct json *j, struct record_names *n,
    struct buf *slots)
{
	char name[SOURCE_NAME] = "";
	struct record_source *s = &n->source;
	json_read_text(j, json_get(j, 0, "interface"), name, sizeof(name));
	for (uint16_t i = 0; i < s->interface_count; i++)
		if (strcmp(s->interfaces[i].name, name) == 0)
			return i;
	if (s->interface_count == SOURCE_INTERFACES)
		return SOURCE_INTERFACES;	/* of no place in the list */
	s->interfaces = xreallocarray(s->interfaces,
	    s->interface_count + 1u, sizeof(*s->interfaces));
	struct record_interface *new = &s->interfaces[s->interface_count++];
	*new = (struct record_interface){ 0 };
	memcpy(new->name, name, sizeof(new->name));
	add_source(s, slots);
	return (uint16_t)(s->interface_count - 1);
}

static void
get_ports(struct reading *r, struct record_packet *p)
{
	const struct json *j = r->j;
	p->src_port = (uint16_t)get_unsigned(r, "src_port", UINT16_MAX);
	p->dst_port = (uint16_t)get_unsigned(r, "dst_port", UINT16_MAX);
	if (!is_icmp(p->protocol))
		return;
	p->src_port = (uint16_t)(get_unsigned(r, "icmp_type", 255) << 8 |
	    get_unsigned(r, "icmp_code", 255));
	p->dst_port = (uint16_t)get_unsigned(r, "icmp_id", UINT16_MAX);
	if (json_get(j, 0, "icmp_id") != JSON_NONE)
		p->flags |= RECORD_ICMP_ECHO;
	if (json_get(j, 0, "icmp_type") == JSON_NONE)
		p->flags |= RECORD_NO_PORTS;
}

static bool
parse_packet(const struct json *j, struct record_names *n, struct buf *slots)
{
	struct reading r = { .j = j };
	struct record_packet p = { .kind = RECORD_PACKET };
	struct addr src, dst;
	if (!get_address(j, "src", &src) || !get_address(j, "dst", &dst) ||
	    src.family != dst.family)
		return false;
	p.ts = get_time(&r);
	p.family = src.family;
	memcpy(p.src, src.bytes, sizeof(p.src));
	memcpy(p.dst, dst.bytes, sizeof(p.dst));
	p.protocol = (uint8_t)need_unsigned(&r, "proto", UINT8_MAX);
	p.direction = get_word(j, "direction", directions, 3);
	p.vlan = (uint16_t)get_unsigned(&r, "vlan", 4095);
	p.frame_length = (uint32_t)need_unsigned(&r, "length", UINT32_MAX);
	p.network_length = p.frame_length;
	if (json_get(j, 0, "network_length") != JSON_NONE)
		p.network_length = (uint32_t)get_unsigned(&r,
		    "network_length", UINT32_MAX);
	p.tcp_flags = (uint8_t)get_unsigned(&r, "tcp_flags", UINT8_MAX);
	get_ports(&r, &p);
	p.flags |= get_flag(&r, "fragment") ? RECORD_FRAGMENT : 0;
	p.flags |= get_flag(&r, "truncated") ? RECORD_TRUNCATED : 0;
	p.flags |= get_flag(&r, "no_ports") ? RECORD_NO_PORTS : 0;
	if (r.bad)
		return false;
	p.interface = find_interface(j, n, slots);
	buf_add(slots, &p, sizeof(p));
	return true;
}

static bool
parse_tick(const struct json *j, struct buf *slots)
{
	struct reading r = { .j = j };
	struct record_tick t = { .kind = RECORD_TICK, .tail = 2 };
	t.ts = get_time(&r);
	t.state = get_word(j, "state", states, 4);
	t.wire_known = get_flag(&r, "wire_known");
	for (size_t i = 0; i < COUNTERS; i++)
		*(uint64_t *)(void *)((char *)&t.counters +
		    counters[i].offset) =
		    get_unsigned(&r, counters[i].name, UINT64_MAX);
	if (!r.bad)
		buf_add(slots, &t, sizeof(t));
	return !r.bad;
}

static bool
parse_event(const struct json *j, struct buf *slots)
{
	struct reading r = { .j = j };
	struct record_writer w;
	char text[RECORD_EVENT_TEXT];
	uint8_t level = get_word(j, "level", levels, 4);
	uint64_t ts = get_time(&r);
	if (r.bad || !json_read_text(j, json_get(j, 0, "text"), text,
	    sizeof(text)))
		return false;
	record_writer_init(&w, -1, FORM_BINARY);
	record_write_event(&w, ts,
	    level != 0 ? (enum record_level)level : LEVEL_INFO, text);
	buf_add(slots, w.buf.data, w.buf.len);
	record_writer_done(&w);
	return true;
}

static bool
parse_end(const struct json *j, struct buf *slots)
{
	struct reading r = { .j = j };
	struct record_end e = { .kind = RECORD_END, .ts = get_time(&r) };
	if (!r.bad)
		buf_add(slots, &e, sizeof(e));
	return !r.bad;
}

static bool
parse_source(const struct json *j, struct record_names *n, struct buf *slots)
{
	struct record_source s;
	record_source_init(&s);
	if (!record_source_parse(&s, j->text + j->nodes[0].at,
	    j->nodes[0].len)) {
		record_source_done(&s);
		return false;
	}
	record_source_done(&n->source);
	n->source = s;
	add_source(&s, slots);
	return true;
}

bool
record_text_parse(const struct json *j, struct record_names *n,
    struct buf *slots)
{
	uint32_t type = json_get(j, 0, "type");
	if (json_is(j, type, "packet"))
		return parse_packet(j, n, slots);
	if (json_is(j, type, "tick"))
		return parse_tick(j, slots);
	if (json_is(j, type, "event"))
		return parse_event(j, slots);
	if (json_is(j, type, "source"))
		return parse_source(j, n, slots);
	return json_is(j, type, "end") && parse_end(j, slots);
}
