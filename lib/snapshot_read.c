/* SPDX-License-Identifier: MIT
 *
 * Reading snapshot lines.
 */
#include "lib/snapshot.h"

#include <stdlib.h>
#include <string.h>

#include "lib/json_order.h"
#include "lib/xalloc.h"

static uint64_t
number(const struct json *j, uint32_t node)
{
	uint64_t value = 0;
	json_read_unsigned(j, node, &value);
	return value;
}

/* A number that is out of bounds is none, not what is left of its bits. */
static uint64_t
small_number(const struct json *j, uint32_t node, uint64_t most)
{
	uint64_t value = number(j, node);
	return value <= most ? value : 0;
}

static uint16_t
port(const struct json *j, uint32_t node)
{
	return (uint16_t)small_number(j, node, UINT16_MAX);
}

static void
address(const struct json *j, uint32_t node, struct addr *a)
{
	char text[ADDR_TEXT];
	if (!json_read_text(j, node, text, sizeof(text)) ||
	    !addr_parse(text, a))
		*a = (struct addr){ 0 };
}

/* The members that are read: see read_member(). */
enum member { OTHER, ID, SRC, DST, SRC_PORT, DST_PORT, PROTO, ICMP_ID,
	RATE_10S, DELTA, TOTAL, FIRST_SEEN, LAST_SEEN, ENDED };

static enum member
member_of(const struct json *j, uint32_t key)
{
	static const struct {
		const char *name;
		enum member member;
	} known[] = { { "id", ID }, { "src", SRC }, { "dst", DST },
		{ "src_port", SRC_PORT }, { "dst_port", DST_PORT },
		{ "proto", PROTO }, { "icmp_id", ICMP_ID },
		{ "sent_10s", RATE_10S }, { "recv_10s", RATE_10S },
		{ "delta_sent", DELTA }, { "delta_recv", DELTA },
		{ "total_sent", TOTAL }, { "total_recv", TOTAL },
		{ "first_seen", FIRST_SEEN }, { "last_seen", LAST_SEEN },
		{ "ended", ENDED } };
	const struct json_node *n = &j->nodes[key];
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strlen(known[i].name) + 2 == n->len &&
		    memcmp(known[i].name, j->text + n->at + 1,
		    n->len - 2) == 0)
			return known[i].member;
	return OTHER;
}

static void
read_member(const struct json *j, uint32_t value, enum member member,
    struct snapshot_flow *f)
{
	switch (member) {
	case OTHER:
		break;
	case ID:
		f->id = number(j, value);
		break;
	case SRC:
		address(j, value, &f->src);
		break;
	case DST:
		address(j, value, &f->dst);
		break;
	case SRC_PORT:
		f->src_port = port(j, value);
		break;
	case DST_PORT:
		f->dst_port = port(j, value);
		break;
	case PROTO:
		f->proto = (uint8_t)small_number(j, value, UINT8_MAX);
		break;
	case ICMP_ID:
		f->has_icmp_id = true;
		f->icmp_id = port(j, value);
		break;
	case RATE_10S:
		f->rate_10s += number(j, value);
		break;
	case DELTA:
		f->delta += number(j, value);
		break;
	case TOTAL:
		f->total += number(j, value);
		break;
	case FIRST_SEEN:
		f->first_seen = number(j, value);
		break;
	case LAST_SEEN:
		f->last_seen = number(j, value);
		break;
	case ENDED:
		json_read_bool(j, value, &f->ended);
		break;
	}
}

/* Members are walked over without a call for each: there are many. */
static void
read_flow(const struct json *j, uint32_t node, struct json_order *o,
    struct snapshot_flow *f)
{
	uint32_t end = j->nodes[node].after, members = 0;
	*f = (struct snapshot_flow){ .node = node };
	if (json_order_fits(o, j, node)) {
		for (uint32_t i = 0; i < o->count; i++)
			read_member(j, node + o->list[i].at,
			    (enum member)o->list[i].what, f);
		return;
	}
	o->count = 0;
	for (uint32_t key = node + 1; key < end;
	    key = j->nodes[key + 1].after, members++) {
		enum member member = member_of(j, key);
		if (member == OTHER)
			continue;
		json_order_note(o, key + 1 - node, (int)member);
		read_member(j, key + 1, member, f);
	}
	json_order_end(o, j, node, members);
}

static void
read_flows(struct snapshot *s)
{
	const struct json *j = &s->json;
	uint32_t list = json_get(j, 0, "flows");
	struct json_order order = { 0 };
	s->flow_count = 0;
	for (uint32_t node = json_first(j, list); node != JSON_NONE;
	    node = json_next(j, list, node)) {
		if (j->nodes[node].kind != JSON_OBJECT)
			continue;
		if (s->flow_count == s->flow_size) {
			s->flow_size = s->flow_size != 0 ?
			    s->flow_size * 2 : 256;
			s->flows = xreallocarray(s->flows, s->flow_size,
			    sizeof(*s->flows));
		}
		read_flow(j, node, &order,
		    &s->flows[s->flow_count++]);
	}
}

/* Up to a year. */
static double
interval(const struct json *j)
{
	double seconds = 0;
	json_read_number(j, json_get(j, 0, "interval"), &seconds);
	return seconds >= 0 && seconds <= 366 * 86400.0 ? seconds : 0;
}

bool
snapshot_read(struct snapshot *s, const char *line, size_t len)
{
	struct json *j = &s->json;
	uint64_t schema = 0;
	s->line = line;
	s->len = len;
	s->error = NULL;
	s->other = false;
	j->skips_numbers = true;
	if (!json_parse(j, line, len)) {
		s->error = j->error;
		return false;
	}
	if (!json_is(j, json_get(j, 0, "type"), "snapshot")) {
		s->other = j->nodes[0].kind == JSON_OBJECT;
		s->error = "not a snapshot";
		return false;
	}
	if (!json_read_unsigned(j, json_get(j, 0, "schema"), &schema) ||
	    schema != SNAPSHOT_SCHEMA) {
		s->error = "a snapshot of an unknown schema (expected 1)";
		return false;
	}
	s->ts = number(j, json_get(j, 0, "ts"));
	s->seq = number(j, json_get(j, 0, "seq"));
	s->interval = interval(j);
	s->live = json_is(j, json_get(j, json_get(j, 0, "source"), "kind"),
	    "live");
	read_flows(s);
	return true;
}

void
snapshot_done(struct snapshot *s)
{
	json_done(&s->json);
	free(s->flows);
	*s = (struct snapshot){ 0 };
}
