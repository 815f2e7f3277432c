/* SPDX-License-Identifier: MIT
 *
 * A snapshot line into structs: all but its flows.
 */
#include "tuiview/model_parse.h"

#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"
#include "tuiview/text.h"

static uint64_t
number_of(const struct json *j, uint32_t object, const char *name)
{
	uint32_t node = json_get(j, object, name);
	return node == JSON_NONE ? 0 : parse_unsigned(j, node, UINT64_MAX);
}

static uint64_t
figure_of(const struct json *j, uint32_t object, const char *name)
{
	uint64_t n = number_of(j, object, name);
	return n < FIGURE_MAX ? n : FIGURE_MAX;
}

static const char *
member_text(struct flows *f, const struct json *j, uint32_t object,
    const char *name)
{
	uint32_t node = json_get(j, object, name);
	return node == JSON_NONE ? "" : parse_text(f, j, node);
}

static void
text_of(struct flows *f, const struct json *j, uint32_t object,
    const char *name, char *text, size_t size)
{
	uint32_t node = json_get(j, object, name);
	text[0] = '\0';
	if (node == JSON_NONE || j->nodes[node].kind != JSON_STRING)
		return;
	const char *clean = parse_text(f, j, node);
	size_t len = (size_t)text_bytes(clean, (int)size - 1);
	memcpy(text, clean, len);
	text[len] = '\0';
}

/* An array of texts as one text with commas; an ellipsis stands for what it
 * has no room for. */
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
		const char *item = parse_text(f, j, n);
		size_t more = strlen(item) + (len > 0 ? 2 : 0);
		if (len + more + sizeof(", …") > size) {
			memcpy(text + len, ", …", sizeof(", …"));
			break;
		}
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
		n->sent[i] = figure_of(j, o, sent[i]);
		n->recv[i] = figure_of(j, o, recv[i]);
	}
	n->total_sent = figure_of(j, o, "total_sent");
	n->total_recv = figure_of(j, o, "total_recv");
	n->packets_sent = figure_of(j, o, "packets_sent");
	n->packets_recv = figure_of(j, o, "packets_recv");
	n->peak_sent = figure_of(j, o, "peak_sent");
	n->peak_recv = figure_of(j, o, "peak_recv");
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
	f->skipped = number_of(j, o, "skipped");
	f->evicted = number_of(j, o, "evicted");
	f->coverage = -1;
	json_read_number(j, json_get(j, o, "coverage"), &f->coverage);
}

static int
compare_alerts(const void *a, const void *b)
{
	const struct flows_alert *x = a, *y = b;
	if (x->flow != y->flow)
		return x->flow < y->flow ? -1 : 1;
	return x->rate > y->rate ? -1 : x->rate < y->rate;
}

/* Those that are raised; a flow may be so by several rules. */
static void
read_alerts(struct flows *f, const struct json *j, uint32_t root)
{
	uint32_t a = json_get(j, root, "alerts");
	size_t count = 0, kept = 0;
	for (uint32_t n = json_first(j, a); n != JSON_NONE;
	    n = json_next(j, a, n)) {
		if (!json_is(j, json_get(j, n, "state"), "raised"))
			continue;
		if (count == f->alert_size) {
			f->alert_size = count != 0 ? count * 2 : 16;
			f->alerts = xreallocarray(f->alerts, f->alert_size,
			    sizeof(*f->alerts));
		}
		f->alerts[count++] = (struct flows_alert){
			.flow = number_of(j, n, "flow"),
			.rate = number_of(j, n, "rate"),
			.src = member_text(f, j, n, "src"),
			.dst = member_text(f, j, n, "dst"),
		};
	}
	if (count > 1)
		qsort(f->alerts, count, sizeof(*f->alerts), compare_alerts);
	for (size_t i = 0; i < count; i++)
		if (i == 0 || f->alerts[i].flow != f->alerts[i - 1].flow)
			f->alerts[kept++] = f->alerts[i];
	f->alert_count = kept;
}

/* Of a flood the last ones: among them is what says that it was one. */
static void
read_events(struct flows *f, const struct json *j, uint32_t root)
{
	uint32_t e = json_get(j, root, "events");
	size_t left = 0;
	for (uint32_t n = json_first(j, e); n != JSON_NONE;
	    n = json_next(j, e, n))
		left++;
	for (uint32_t n = json_first(j, e); n != JSON_NONE;
	    n = json_next(j, e, n)) {
		if (left-- > FLOWS_NOTES)
			continue;
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
	f->own_flows = number_of(j, json_get(j, root, "names"), "own_flows");
}

bool
parse_is_snapshot(const struct json *j, const char **error)
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

/* What no clock can have counted is as if it were not there. */
static void
read_times(struct flows *f, const struct json *j)
{
	json_read_number(j, json_get(j, 0, "interval"), &f->interval);
	json_read_number(j, json_get(j, 0, "elapsed"), &f->elapsed);
	if (!(f->interval > 0 && f->interval < 1e6))
		f->interval = 1;
	if (!(f->elapsed >= 0 && f->elapsed < 1e12))
		f->elapsed = 0;
}

void
parse_rest(struct flows *f, const struct json *j)
{
	text_of(f, j, 0, "host", f->host, sizeof(f->host));
	text_of(f, j, 0, "session", f->session, sizeof(f->session));
	text_of(f, j, 0, "by", f->by, sizeof(f->by));
	f->seq = number_of(j, 0, "seq");
	f->ts = number_of(j, 0, "ts");
	read_times(f, j);
	read_source(f, j, 0);
	read_capture(f, j, 0);
	read_figures(j, 0, &f->total);
	f->peak_total = figure_of(j, 0, "peak_total");
	f->flow_count = number_of(j, 0, "flow_count");
	f->expired = number_of(j, json_get(j, 0, "expired"), "flows");
	read_alerts(f, j, 0);
	read_events(f, j, 0);
	if (f->flow_count < f->count)
		f->flow_count = f->count;
}

struct flows *
flows_parse(struct json *j, const char *line, size_t len, const char **error)
{
	*error = NULL;
	j->skips_numbers = true;	/* histories: json_read_skipped() */
	if (!json_parse(j, line, len)) {
		*error = j->error;
		return NULL;
	}
	if (!parse_is_snapshot(j, error))
		return NULL;
	struct flows *f = flows_new();
	struct reading *r = reading_new(f);
	reading_flows(r, j, json_get(j, 0, "flows"), JSON_NONE);
	reading_free(r);
	parse_rest(f, j);
	return f;
}
