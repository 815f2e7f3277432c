/* SPDX-License-Identifier: MIT
 *
 * A snapshot line into structs.  Members are met in the line's own order,
 * each name looked up in one table, so a large snapshot is read in one
 * pass.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"
#include "tuiview/model_flows.h"

enum { TEXT_MAX = 1024 };

/* What a member is and where its value goes. */
enum kind { TEXT, ADDRESS, U64, U32, U16, U8, BOOL, TIME, SAMPLES };

struct member {
	const char *name;
	enum kind kind;
	size_t offset;
	size_t length;		/* of the name, filled in by prepare() */
};

#define AT(field) offsetof(struct flow, field), 0
static struct member members[] = {
	{ "id", U64, AT(id) },
	{ "src", ADDRESS, AT(src) },
	{ "dst", ADDRESS, AT(dst) },
	{ "src_port", U16, AT(src_port) },
	{ "dst_port", U16, AT(dst_port) },
	{ "icmp_id", U16, AT(icmp_id) },
	{ "protocol", TEXT, AT(protocol) },
	{ "proto", U8, AT(proto) },
	{ "direction", TEXT, AT(direction) },
	{ "sent_2s", U64, AT(n.sent[0]) },
	{ "recv_2s", U64, AT(n.recv[0]) },
	{ "sent_10s", U64, AT(n.sent[1]) },
	{ "recv_10s", U64, AT(n.recv[1]) },
	{ "sent_40s", U64, AT(n.sent[2]) },
	{ "recv_40s", U64, AT(n.recv[2]) },
	{ "total_sent", U64, AT(n.total_sent) },
	{ "total_recv", U64, AT(n.total_recv) },
	{ "packets_sent", U64, AT(n.packets_sent) },
	{ "packets_recv", U64, AT(n.packets_recv) },
	{ "peak_sent", U64, AT(n.peak_sent) },
	{ "peak_recv", U64, AT(n.peak_recv) },
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
	size_t sample_size;
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

static uint64_t
digits(const struct json *j, uint32_t node, uint64_t max)
{
	const struct json_node *n = &j->nodes[node];
	uint64_t value = 0;
	if (n->kind != JSON_NUMBER)
		return 0;
	for (uint32_t i = 0; i < n->len; i++) {
		char c = j->text[n->at + i];
		if (c < '0' || c > '9' || value > UINT64_MAX / 16) {
			if (!json_read_unsigned(j, node, &value)) {
				double d = 0;
				json_read_number(j, node, &d);
				value = d > 0 && d < 1e18 ? (uint64_t)d : 0;
			}
			break;
		}
		value = value * 10 + (uint64_t)(c - '0');
	}
	return value > max ? max : value;
}

static const char *
read_text(struct flows *f, const struct json *j, uint32_t node)
{
	const struct json_node *n = &j->nodes[node];
	char text[TEXT_MAX];
	if (n->kind != JSON_STRING || n->len == 2)
		return "";
	if (!n->escaped && n->len < TEXT_MAX)
		return flows_text(f, j->text + n->at + 1, n->len - 2);
	if (!json_read_text(j, node, text, sizeof(text)))
		return "";
	return flows_text(f, text, strlen(text));
}

static uint64_t
read_time(const struct json *j, uint32_t node)
{
	char text[40];
	if (j->nodes[node].kind == JSON_NUMBER)
		return digits(j, node, UINT64_MAX);
	if (!json_read_text(j, node, text, sizeof(text)))
		return 0;
	return flows_time(text);
}

static void
read_samples(struct reading *r, uint32_t array, struct flow *flow)
{
	struct flows *f = r->f;
	const struct json *j = r->json;
	if (j->nodes[array].kind != JSON_ARRAY)
		return;
	flow->history = (uint32_t)f->sample_count;
	for (uint32_t n = json_first(j, array); n != JSON_NONE &&
	    flow->history_count < HISTORY; n = json_next(j, array, n)) {
		if (f->sample_count == r->sample_size) {
			r->sample_size = r->sample_size != 0 ?
			    r->sample_size * 2 : 1024;
			f->samples = xreallocarray(f->samples,
			    r->sample_size, sizeof(*f->samples));
		}
		f->samples[f->sample_count++] =
		    (float)digits(j, n, UINT64_MAX);
		flow->history_count++;
	}
}

static void
read_member(struct reading *r, struct flow *flow, const struct member *m,
    uint32_t value)
{
	const struct json *j = r->json;
	char *at = (char *)flow + m->offset;
	switch (m->kind) {
	case TEXT:
		/* A unit and a container share a place: keep what is there. */
		if (j->nodes[value].len > 2)
			*(const char **)(void *)at = read_text(r->f, j, value);
		break;
	case ADDRESS:
		*(const char **)(void *)at = read_text(r->f, j, value);
		addr_parse(*(const char **)(void *)at,
		    m->offset == offsetof(struct flow, src) ?
		    &flow->src_addr : &flow->dst_addr);
		break;
	case U64:
		*(uint64_t *)(void *)at = digits(j, value, UINT64_MAX);
		break;
	case U32:
		*(uint32_t *)(void *)at = (uint32_t)digits(j, value,
		    UINT32_MAX);
		break;
	case U16:
		*(uint16_t *)(void *)at = (uint16_t)digits(j, value,
		    UINT16_MAX);
		if (m->offset == offsetof(struct flow, icmp_id))
			flow->has_icmp_id = true;
		break;
	case U8:
		*(uint8_t *)at = (uint8_t)digits(j, value, UINT8_MAX);
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

/* What a plain-text filter looks into, newline between fields. */
static void
build_search(struct flows *f, struct flow *flow)
{
	char ports[3][8] = { "", "", "" };
	const char *fields[] = { flow->src, flow->dst, flow->src_name,
		flow->dst_name, ports[0], ports[1], flow->src_service,
		flow->dst_service, flow->process, ports[2], flow->protocol };
	enum { FIELDS = sizeof(fields) / sizeof(fields[0]) };
	unsigned numbers[3] = { flow->src_port, flow->dst_port, flow->pid };
	size_t len = 1;
	for (int i = 0; i < 3; i++) {
		char *at = ports[i] + sizeof(ports[i]);
		unsigned n = numbers[i] % 10000000;
		*--at = '\0';
		do
			*--at = (char)('0' + n % 10);
		while ((n /= 10) != 0);
		if (numbers[i] != 0)
			memmove(ports[i], at, strlen(at) + 1);
	}
	for (int i = 0; i < FIELDS; i++)
		len += strlen(fields[i]) + 1;
	char *at = flows_room(f, len);
	flow->search = at;
	for (int i = 0; i < FIELDS; i++) {
		for (const char *c = fields[i]; *c != '\0'; c++)
			*at++ = *c >= 'A' && *c <= 'Z' ?
			    (char)(*c + 32) : *c;
		*at++ = '\n';
	}
	*at = '\0';
}

static void
read_flow(struct reading *r, uint32_t object, struct flow *flow)
{
	const struct json *j = r->json;
	unsigned hint = MEMBERS - 1;
	*flow = (struct flow){ .src = "", .dst = "", .src_name = "",
		.dst_name = "", .src_service = "", .dst_service = "",
		.protocol = "", .direction = "", .interface = "",
		.process = "", .user = "", .unit = "", .package = "",
		.exe = "", .match = "", .via = "", .why = "", .search = "" };
	for (uint32_t key = json_first(j, object); key != JSON_NONE;
	    key = json_next_member(j, object, key)) {
		const struct member *m = member_find(j, key, &hint);
		if (m != NULL)
			read_member(r, flow, m, key + 1);
	}
	build_search(r->f, flow);
}

static void
read_flows(struct flows *f, const struct json *j, uint32_t array)
{
	struct reading r = { .f = f, .json = j };
	size_t size = 0;
	for (size_t i = 0; i < MEMBERS; i++)
		members[i].length = strlen(members[i].name);
	for (uint32_t n = json_first(j, array); n != JSON_NONE;
	    n = json_next(j, array, n)) {
		if (j->nodes[n].kind != JSON_OBJECT)
			continue;
		if (f->count == size) {
			size = size != 0 ? size * 2 : 256;
			f->list = xreallocarray(f->list, size,
			    sizeof(*f->list));
		}
		read_flow(&r, n, &f->list[f->count++]);
	}
}

static uint64_t
number_of(const struct json *j, uint32_t object, const char *name)
{
	uint32_t node = json_get(j, object, name);
	return node == JSON_NONE ? 0 : digits(j, node, UINT64_MAX);
}

static void
text_of(struct flows *f, const struct json *j, uint32_t object,
    const char *name, char *text, size_t size)
{
	uint32_t node = json_get(j, object, name);
	text[0] = '\0';
	if (node == JSON_NONE || j->nodes[node].kind != JSON_STRING)
		return;
	const char *clean = read_text(f, j, node);
	size_t len = strlen(clean);
	while (len >= size || (len > 0 && (clean[len] & 0xc0) == 0x80))
		len--;
	memcpy(text, clean, len);
	text[len] = '\0';
}

/* An array of texts as one text with commas. */
static void
list_of(struct flows *f, const struct json *j, uint32_t object,
    const char *name, char *text, size_t size)
{
	uint32_t array = json_get(j, object, name);
	size_t len = 0;
	text[0] = '\0';
	if (array == JSON_NONE || j->nodes[array].kind != JSON_ARRAY)
		return;
	for (uint32_t n = json_first(j, array); n != JSON_NONE;
	    n = json_next(j, array, n)) {
		const char *item = read_text(f, j, n);
		size_t more = strlen(item) + (len > 0 ? 2 : 0);
		if (len + more >= size)
			break;
		if (len > 0)
			memcpy(text + len, ", ", 2);
		memcpy(text + len + (len > 0 ? 2 : 0), item, strlen(item) + 1);
		len += more;
	}
}

static void
read_figures(const struct json *j, uint32_t o, struct figures *n)
{
	static const char *const sent[] = { "sent_2s", "sent_10s",
		"sent_40s" };
	static const char *const recv[] = { "recv_2s", "recv_10s",
		"recv_40s" };
	for (int i = 0; i < WINDOWS; i++) {
		n->sent[i] = number_of(j, o, sent[i]);
		n->recv[i] = number_of(j, o, recv[i]);
	}
	n->total_sent = number_of(j, o, "total_sent");
	n->total_recv = number_of(j, o, "total_recv");
	n->peak_sent = number_of(j, o, "peak_sent");
	n->peak_recv = number_of(j, o, "peak_recv");
}

static void
read_capture(struct flows *f, const struct json *j, uint32_t root)
{
	uint32_t o = json_get(j, root, "capture");
	text_of(f, j, o, "state", f->state, sizeof(f->state));
	f->packets = number_of(j, o, "packets");
	f->bytes = number_of(j, o, "bytes");
	f->kernel_dropped = number_of(j, o, "kernel_dropped");
	f->interface_dropped = number_of(j, o, "interface_dropped");
	f->malformed = number_of(j, o, "malformed");
	f->unsupported = number_of(j, o, "unsupported");
	f->non_ip = number_of(j, o, "non_ip_packets");
	f->wire_bytes = number_of(j, o, "wire_bytes");
	f->skipped = number_of(j, o, "skipped");
	f->evicted = number_of(j, o, "evicted");
	f->coverage = -1;
	json_read_number(j, json_get(j, o, "coverage"), &f->coverage);
}

static void
read_notes(struct flows *f, const struct json *j, uint32_t root)
{
	uint32_t a = json_get(j, root, "alerts");
	for (uint32_t n = json_first(j, a); n != JSON_NONE &&
	    f->alert_count < FLOWS_NOTES; n = json_next(j, a, n)) {
		struct flows_alert *alert = &f->alerts[f->alert_count++];
		alert->flow = number_of(j, n, "flow");
		alert->rate = number_of(j, n, "rate");
		alert->threshold = number_of(j, n, "threshold");
		text_of(f, j, n, "direction", alert->direction,
		    sizeof(alert->direction));
		alert->raised = json_is(j, json_get(j, n, "state"), "raised");
	}
	uint32_t e = json_get(j, root, "events");
	for (uint32_t n = json_first(j, e); n != JSON_NONE &&
	    f->event_count < FLOWS_NOTES; n = json_next(j, e, n)) {
		struct flows_event *event = &f->events[f->event_count++];
		text_of(f, j, n, "level", event->level, sizeof(event->level));
		text_of(f, j, n, "from", event->from, sizeof(event->from));
		text_of(f, j, n, "text", event->text, sizeof(event->text));
	}
}

static void
read_source(struct flows *f, const struct json *j, uint32_t root)
{
	uint32_t o = json_get(j, root, "source");
	f->live = json_is(j, json_get(j, o, "kind"), "live");
	f->count_network = json_is(j, json_get(j, o, "count"), "network");
	list_of(f, j, o, "interfaces", f->interfaces, sizeof(f->interfaces));
	list_of(f, j, o, "local", f->local, sizeof(f->local));
	text_of(f, j, o, "filter", f->filter, sizeof(f->filter));
	text_of(f, j, json_get(j, root, "attribution"), "source", f->owners,
	    sizeof(f->owners));
	text_of(f, j, json_get(j, root, "names"), "dns", f->names,
	    sizeof(f->names));
}

static bool
is_snapshot(const struct json *j, const char **error)
{
	uint64_t schema = 0;
	if (j->nodes[0].kind != JSON_OBJECT) {
		*error = "not a JSON object";
		return false;
	}
	if (!json_is(j, json_get(j, 0, "type"), "snapshot"))
		return false;
	json_read_unsigned(j, json_get(j, 0, "schema"), &schema);
	if (schema != 1) {
		*error = "a snapshot of another schema than 1";
		return false;
	}
	return true;
}

struct flows *
flows_parse(struct json *j, const char *line, size_t len, const char **error)
{
	*error = NULL;
	if (!json_parse(j, line, len)) {
		*error = j->error;
		return NULL;
	}
	if (!is_snapshot(j, error))
		return NULL;
	struct flows *f = xcalloc(1, sizeof(*f));
	text_of(f, j, 0, "host", f->host, sizeof(f->host));
	text_of(f, j, 0, "session", f->session, sizeof(f->session));
	text_of(f, j, 0, "sort", f->sort, sizeof(f->sort));
	f->seq = number_of(j, 0, "seq");
	f->ts = number_of(j, 0, "ts");
	f->interval = 1;
	json_read_number(j, json_get(j, 0, "interval"), &f->interval);
	json_read_number(j, json_get(j, 0, "elapsed"), &f->elapsed);
	read_source(f, j, 0);
	read_capture(f, j, 0);
	read_figures(j, 0, &f->total);
	f->peak_total = number_of(j, 0, "peak_total");
	f->flow_count = number_of(j, 0, "flow_count");
	f->flows_shown = number_of(j, 0, "flows_shown");
	f->expired = number_of(j, json_get(j, 0, "expired"), "flows");
	read_notes(f, j, 0);
	read_flows(f, j, json_get(j, 0, "flows"));
	if (f->flow_count < f->count)
		f->flow_count = f->count;
	return f;
}
