/* SPDX-License-Identifier: MIT
 *
 * The flows of a snapshot.  Members are met in the line's own order, each
 * name looked up in one table, so a large snapshot is read in one pass.
 */
#include "tuiview/model_parse.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json_order.h"
#include "lib/json_scan.h"
#include "lib/xalloc.h"
#include "tuiview/search.h"

enum { TEXT_MAX = 1024 };

/* What a member is and where its value goes. */
enum kind { TEXT, ADDRESS, ID, COUNT, U32, U16, U8, BOOL, TIME, SAMPLES };

struct member {
	const char *name;
	enum kind kind;
	size_t offset;
	size_t length;		/* of the name, filled in once a snapshot */
};

#define AT(field) offsetof(struct flow, field), 0
static struct member members[] = {
	{ "id", ID, AT(id) },
	{ "src", ADDRESS, AT(src) },
	{ "dst", ADDRESS, AT(dst) },
	{ "src_port", U16, AT(src_port) },
	{ "dst_port", U16, AT(dst_port) },
	{ "icmp_id", U16, AT(icmp_id) },
	{ "protocol", TEXT, AT(protocol) },
	{ "proto", U8, AT(proto) },
	{ "direction", TEXT, AT(direction) },
	{ "sent_2s", COUNT, AT(n.sent[0]) },
	{ "recv_2s", COUNT, AT(n.recv[0]) },
	{ "sent_10s", COUNT, AT(n.sent[1]) },
	{ "recv_10s", COUNT, AT(n.recv[1]) },
	{ "sent_40s", COUNT, AT(n.sent[2]) },
	{ "recv_40s", COUNT, AT(n.recv[2]) },
	{ "total_sent", COUNT, AT(n.total_sent) },
	{ "total_recv", COUNT, AT(n.total_recv) },
	{ "packets_sent", COUNT, AT(n.packets_sent) },
	{ "packets_recv", COUNT, AT(n.packets_recv) },
	{ "peak_sent", COUNT, AT(n.peak_sent) },
	{ "peak_recv", COUNT, AT(n.peak_recv) },
	{ "first_seen", TIME, AT(first_seen) },
	{ "last_seen", TIME, AT(last_seen) },
	{ "ended", BOOL, AT(ended) },
	{ "interface", TEXT, AT(interface) },
	{ "history", SAMPLES, AT(history) },
	{ "pid", U32, AT(pid) },
	{ "process_name", TEXT, AT(process) },
	{ "user", TEXT, AT(user) },
	{ "unit", TEXT, AT(unit) },
	{ "container", TEXT, AT(unit) },
	{ "package", TEXT, AT(package) },
	{ "exe", TEXT, AT(exe) },
	{ "match", TEXT, AT(match) },
	{ "via", TEXT, AT(via) },
	{ "why", TEXT, AT(why) },
	{ "src_name", TEXT, AT(src_name) },
	{ "dst_name", TEXT, AT(dst_name) },
	{ "src_service", TEXT, AT(src_service) },
	{ "dst_service", TEXT, AT(dst_service) },
};
#undef AT

enum { MEMBERS = sizeof(members) / sizeof(members[0]) };

struct reading {
	struct flows *f;
	const struct json *json;
	struct json_order order;	/* members[] by number */
	/* What the flow before had: many have the same */
	struct last {
		const char *text;
		uint32_t at, len;	/* in the line */
		struct addr addr;
	} last[MEMBERS];
};

static const struct member *
member_find(const struct json *j, uint32_t key, unsigned *hint)
{
	const char *name = j->text + j->nodes[key].at + 1;
	size_t len = j->nodes[key].len - 2;
	/* The stream's order is nearly the table's: start behind the last. */
	for (unsigned i = 0, at = *hint; i < MEMBERS; i++) {
		at = at + 1 < MEMBERS ? at + 1 : 0;
		if (members[at].length == len &&
		    memcmp(members[at].name, name, len) == 0) {
			*hint = at;
			return &members[at];
		}
	}
	return NULL;
}

uint64_t
parse_unsigned(const struct json *j, uint32_t node, uint64_t max)
{
	uint64_t value = 0;
	if (!json_read_unsigned(j, node, &value)) {
		double d = 0;
		json_read_number(j, node, &d);
		value = !(d > 0) ? 0 : d < 1e19 ? (uint64_t)(d + 0.5) :
		    UINT64_MAX;
	}
	return value > max ? max : value;
}

const char *
parse_text(struct flows *f, const struct json *j, uint32_t node)
{
	const struct json_node *n = &j->nodes[node];
	char text[TEXT_MAX];
	if (n->kind != JSON_STRING || n->len == 2)
		return "";
	if (!n->escaped && n->len < TEXT_MAX)
		return flows_intern(f, j->text + n->at + 1, n->len - 2);
	if (!json_read_text(j, node, text, sizeof(text)))
		return "";
	return flows_intern(f, text, strlen(text));
}

/* The same, without a call where it is a whole number that is not long. */
static inline uint64_t
quick_unsigned(const struct json *j, uint32_t node, uint64_t max)
{
	const struct json_node *n = &j->nodes[node];
	uint64_t value;
	/* A name is before it: there are as many bytes as are looked at. */
	if (n->kind == JSON_NUMBER && n->len <= 8 &&
	    scan_eight(j->text + n->at + n->len - 8, n->len, &value))
		return value > max ? max : value;
	return parse_unsigned(j, node, max);
}

/* A text, with its address if it is one. */
static const struct last *
read_member_text(struct reading *r, uint32_t node, const struct member *m)
{
	const struct json_node *n = &r->json->nodes[node];
	const char *line = r->json->text;
	struct last *last = &r->last[m - members];
	if (last->len == n->len &&
	    memcmp(line + last->at, line + n->at, n->len) == 0)
		return last;
	*last = (struct last){ .at = n->at, .len = n->len,
		.text = parse_text(r->f, r->json, node) };
	if (m->kind == ADDRESS)
		addr_parse(last->text, &last->addr);
	return last;
}

static uint64_t
read_time(const struct json *j, uint32_t node)
{
	char text[40];
	if (j->nodes[node].kind == JSON_NUMBER)
		return parse_unsigned(j, node, UINT64_MAX);
	if (!json_read_text(j, node, text, sizeof(text)))
		return 0;
	return flows_time(text);
}

static void
read_samples(struct reading *r, uint32_t array, struct flow *flow)
{
	struct flows *f = r->f;
	const struct json *j = r->json;
	uint64_t values[HISTORY];
	size_t count = json_read_skipped(j, array, values, HISTORY);
	for (uint32_t n = json_first(j, array); n != JSON_NONE &&
	    count < HISTORY; n = json_next(j, array, n))
		values[count++] = parse_unsigned(j, n, FIGURE_MAX);
	if (f->sample_size - f->sample_count < count) {
		f->sample_size = f->sample_size != 0 ?
		    f->sample_size * 2 : 1024;
		f->samples = xreallocarray(f->samples, f->sample_size,
		    sizeof(*f->samples));
	}
	flow->history = (uint32_t)f->sample_count;
	flow->history_count = (uint16_t)count;
	for (size_t i = 0; i < count; i++)
		f->samples[f->sample_count++] = (float)(values[i] <
		    FIGURE_MAX ? values[i] : FIGURE_MAX);
}

static void
read_member(struct reading *r, struct flow *flow, const struct member *m,
    uint32_t value)
{
	const struct json *j = r->json;
	char *at = (char *)flow + m->offset;
	const struct last *last;
	switch (m->kind) {
	case TEXT:
		/* A unit and a container share a place: keep what is there. */
		if (j->nodes[value].kind == JSON_STRING &&
		    j->nodes[value].len > 2)
			*(const char **)(void *)at =
			    read_member_text(r, value, m)->text;
		break;
	case ADDRESS:
		last = read_member_text(r, value, m);
		*(const char **)(void *)at = last->text;
		*(m->offset == offsetof(struct flow, src) ? &flow->src_addr :
		    &flow->dst_addr) = last->addr;
		break;
	case ID:
		*(uint64_t *)(void *)at = quick_unsigned(j, value,
		    UINT64_MAX);
		break;
	case COUNT:
		*(uint64_t *)(void *)at = quick_unsigned(j, value,
		    FIGURE_MAX);
		break;
	case U32:
		*(uint32_t *)(void *)at = (uint32_t)quick_unsigned(j, value,
		    UINT32_MAX);
		break;
	case U16:
		*(uint16_t *)(void *)at = (uint16_t)quick_unsigned(j, value,
		    UINT16_MAX);
		if (m->offset == offsetof(struct flow, icmp_id))
			flow->has_icmp_id = j->nodes[value].kind ==
			    JSON_NUMBER;
		break;
	case U8:
		*(uint8_t *)at = (uint8_t)quick_unsigned(j, value, UINT8_MAX);
		break;
	case BOOL:
		*(bool *)at = j->nodes[value].kind == JSON_TRUE;
		break;
	case TIME:
		*(uint64_t *)(void *)at = read_time(j, value);
		break;
	case SAMPLES:
		read_samples(r, value, flow);
		break;
	}
}

static void
read_flow(struct reading *r, uint32_t object, struct flow *flow)
{
	struct json_order *o = &r->order;
	const struct json *j = r->json;
	unsigned hint = MEMBERS - 1;
	*flow = (struct flow){ .src = "", .dst = "", .src_name = "",
		.dst_name = "", .src_service = "", .dst_service = "",
		.protocol = "", .direction = "", .interface = "",
		.process = "", .user = "", .unit = "", .package = "",
		.exe = "", .match = "", .via = "", .why = "", .search = "" };
	/* Without a call for each: there are many. */
	uint32_t end = j->nodes[object].after, members_met = 0;
	if (json_order_fits(o, j, object)) {
		for (uint32_t i = 0; i < o->count; i++)
			read_member(r, flow, &members[o->list[i].what],
			    object + o->list[i].at);
		search_build(r->f, flow);
		return;
	}
	o->count = 0;
	for (uint32_t key = object + 1; key < end;
	    key = j->nodes[key + 1].after, members_met++) {
		const struct member *m = member_find(j, key, &hint);
		if (m == NULL)
			continue;
		json_order_note(o, key + 1 - object, (int)(m - members));
		read_member(r, flow, m, key + 1);
	}
	json_order_end(o, j, object, members_met);
	search_build(r->f, flow);
}

struct reading *
reading_new(struct flows *f)
{
	struct reading *r = xcalloc(1, sizeof(*r));
	r->f = f;
	for (size_t i = 0; i < MEMBERS; i++)
		members[i].length = strlen(members[i].name);
	return r;
}

void
reading_free(struct reading *r)
{
	free(r);
}

static struct flow *
add_flow(struct flows *f)
{
	if (f->count == f->list_size) {
		f->list_size = f->list_size != 0 ? f->list_size * 2 : 256;
		f->list = xreallocarray(f->list, f->list_size,
		    sizeof(*f->list));
	}
	return &f->list[f->count++];
}

void
reading_flows(struct reading *r, const struct json *j, uint32_t array,
    uint32_t last)
{
	r->json = j;
	for (uint32_t n = last == JSON_NONE ? json_first(j, array) :
	    json_next(j, array, last); n != JSON_NONE;
	    n = json_next(j, array, n))
		if (j->nodes[n].kind == JSON_OBJECT)
			read_flow(r, n, add_flow(r->f));
}
