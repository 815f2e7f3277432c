/* SPDX-License-Identifier: MIT
 *
 * A line into flows, flows into rows: cleaned texts, hostile numbers, the
 * total order, groups that add up, the filter, packets over time.
 *
 * uses: tuiview/model_ahead.c tuiview/model_ended.c tuiview/model_flows.c tuiview/model_texts.c tuiview/model_parse.c tuiview/model_parse_flows.c tuiview/model_rows.c tuiview/model_keys.c tuiview/model_order.c tuiview/model_frozen.c tuiview/model_sort.c tuiview/model_pins.c tuiview/model_names.c tuiview/text.c tuiview/width.c tuiview/model_history.c tuiview/filter.c tuiview/lower.c tuiview/search.c
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/buf.h"
#include "tuiview/model_ahead.h"
#include "tuiview/model_pins.h"
#include "tuiview/model_sort.h"

#define ROW(r, i) (*rows_at(&(r), (i)))

static int failures;

static void
is(long long got, long long want, const char *what)
{
	if (got != want) {
		printf("%s: %lld, want %lld\n", what, got, want);
		failures++;
	}
}

static void
same(const char *got, const char *want)
{
	if (strcmp(got, want) != 0) {
		printf("got \"%s\", want \"%s\"\n", got, want);
		failures++;
	}
}

/* Stand in for the settings: only pins are asked for here, of the last few
 * that were added. */
static struct pref_pin pins[4];
static char pinned[4][2][ROWS_PIN];
static size_t pin_count;

const struct pref_pin *
prefs_pins(const struct prefs *p, size_t *count)
{
	(void)p;
	*count = pin_count;
	return pins;
}

static void
add_pin(const char *src, const char *dst)
{
	size_t i = pin_count++;
	snprintf(pinned[i][0], ROWS_PIN, "%s", src);
	snprintf(pinned[i][1], ROWS_PIN, "%s", dst);
	pins[i] = (struct pref_pin){ pinned[i][0], pinned[i][1] };
}

bool
prefs_pin_toggle(struct prefs *p, const char *src, const char *dst)
{
	(void)p;
	for (size_t i = 0; i < pin_count; i++)
		if (strcmp(pins[i].src, src) == 0 &&
		    strcmp(pins[i].dst, dst) == 0) {
			pins[i] = pins[--pin_count];
			return false;
		}
	add_pin(src, dst);
	return true;
}

static struct flows *
parse(const char *line)
{
	struct json j = { .text = NULL };
	const char *error;
	struct flows *f = flows_parse(&j, line, strlen(line), &error);
	json_done(&j);
	return f;
}

#define HEAD "{\"schema\":1,\"type\":\"snapshot\",\"ts\":1000,"

static void
test_parse(void)
{
	is(parse("[]") == NULL, 1, "an array");
	is(parse("{\"schema\":2,\"type\":\"snapshot\"}") == NULL, 1, "schema");
	is(parse("{\"type\":\"other\"}") == NULL, 1, "other");
	struct flows *f = parse(HEAD "\"flows\":[{\"src\":\"a\\u001b[1m"
	    "\\u202e\\u180e\\u0000b\",\"dst\":\"192.0.2.1\",\"src_port\":70000,"
	    "\"sent_2s\":1e3,\"recv_2s\":-5,\"total_sent\":12345678901234567890"
	    ",\"sent_10s\":\"x\",\"history\":[1,2.6,null,-1],\"pid\":null,"
	    "\"ended\":true,\"first_seen\":\"1970-01-02T00:00:01.250Z\","
	    "\"new\":{\"a\":[1]}},7]}");
	is(f != NULL && f->count == 1, 1, "one flow");
	same(f->list[0].src, "a·[1m··\357\277\275b");
	is(f->list[0].src_port, 65535, "a port too large");
	is((long long)f->list[0].n.sent[0], 1000, "1e3");
	is((long long)f->list[0].n.recv[0], 0, "negative");
	is((long long)f->list[0].n.sent[1], 0, "no number");
	is(f->list[0].history_count, 4, "samples");
	is((long long)f->list[0].first_seen, 86401250, "time");
	is(f->list[0].ended, 1, "ended");
	is(f->list[0].dst_addr.family, ADDR_IPV4, "address");
	flows_free(f);
	/* As if it were not there. */
	f = parse(HEAD "\"flows\":[{\"icmp_id\":null,\"unit\":\"a.service\","
	    "\"container\":null},{\"icmp_id\":0,\"container\":\"c\"}]}");
	is(f->list[0].has_icmp_id, 0, "an identifier that is null");
	same(f->list[0].unit, "a.service");
	is(f->list[1].has_icmp_id, 1, "an identifier of 0");
	same(f->list[1].unit, "c");
	flows_free(f);
	is((long long)flows_time("2026-11-21T19:28:40.000Z"), 1795289320000,
	    "a date");
	is((long long)flows_time("2024-02-29T00:00:00Z"), 1709164800000,
	    "a leap day");
	is((long long)flows_time("yesterday"), 0, "no date");
}

/* A snapshot of so many flows; some members stand behind them. */
static void
long_line(struct buf *b, int flows, const char *first, const char *behind)
{
	b->len = 0;
	buf_printf(b, "{%s\"ts\":1000,\"flow_count\":9,\"alerts\":[{\"state\":"
	    "\"raised\",\"flow\":3},{}],\"flows\":[", first);
	for (int i = 0; i < flows; i++)
		buf_printf(b, "%s{\"id\":%d,\"src\":\"192.0.2.%d\",\"src_name\":"
		    "\"%s-%d\",\"total_sent\":%d,\"history\":[%d,2,3],"
		    "\"dst\":\"2001:db8::1\"%s}", i > 0 ? "," : "", i + 1, i % 9,
		    i % 50 == 7 ? "a\\\"},{\\\"b" : "host", i / 3, i * 7,
		    i, i % 3 == 0 ? ",\"ended\":true" : "");
	buf_printf(b, "],\"events\":[{\"text\":\"x\"},{\"text\":\"y\"}]%s}",
	    behind);
}

static void
same_flows(const struct flows *a, const struct flows *b)
{
	is((long long)a->count, (long long)b->count, "flows");
	is((long long)a->flow_count, (long long)b->flow_count, "flow_count");
	is((long long)a->alert_count, 1, "alerts");
	is(a->event_count, 2, "events");
	is((long long)a->sample_count, (long long)b->sample_count, "samples");
	for (size_t i = 0; i < a->count && i < b->count; i++) {
		const struct flow *x = &a->list[i], *y = &b->list[i];
		is((long long)x->id, (long long)y->id, "id");
		is(memcmp(&x->n, &y->n, sizeof(x->n)), 0, "figures");
		is(x->ended, y->ended, "ended");
		is(addr_compare(&x->dst_addr, &y->dst_addr), 0, "dst_addr");
		is((long long)a->samples[x->history], (long long)i, "history");
		same(x->src, y->src);
		same(x->src_name, y->src_name);
		same(x->search, y->search);
	}
}

/* The line as it comes in pieces, each in other memory than the one before,
 * says what it says at once. */
static void
read_in_pieces(struct ahead *a, uint64_t number, const struct buf *line,
    size_t piece, bool good)
{
	const char *error;
	char *copy = NULL;
	struct json j = { .text = NULL };
	for (size_t there = piece; there < line->len; there += piece) {
		free(copy);
		copy = malloc(there);
		memcpy(copy, line->data, there);
		ahead_read(a, number, copy, there);
	}
	struct flows *f = ahead_parse(a, number, line->data, line->len,
	    &error);
	struct flows *want = flows_parse(&j, line->data, line->len, &error);
	is(f != NULL, good, "read");
	is(want != NULL, good, "read at once");
	if (f != NULL && want != NULL)
		same_flows(f, want);
	flows_free(f);
	flows_free(want);
	json_done(&j);
	free(copy);
}

static void
test_ahead(void)
{
	static const char type[] = "\"schema\":1,\"type\":\"snapshot\",";
	struct ahead *a = ahead_new();
	struct buf line = { .data = NULL }, others = { .data = NULL };
	const char *error;
	for (size_t piece = 1000; piece < 400000; piece *= 3) {
		long_line(&line, 4000, type, "");
		read_in_pieces(a, piece, &line, piece, true);
		read_in_pieces(a, piece + 1, &line, piece, true);
		long_line(&line, 3, type, "");
		read_in_pieces(a, piece + 2, &line, piece, true);
		/* What it is comes last, or it is none, or broken. */
		long_line(&line, 4000, "", ",\"schema\":1,"
		    "\"type\":\"snapshot\"");
		read_in_pieces(a, piece + 3, &line, piece, true);
		long_line(&line, 4000, "", "");
		read_in_pieces(a, piece + 4, &line, piece, false);
		long_line(&line, 4000, type, "x");
		read_in_pieces(a, piece + 5, &line, piece, false);
	}
	/* A line that was too long never comes whole. */
	long_line(&line, 4000, type, "");
	ahead_read(a, 7, line.data, 200000);
	long_line(&line, 5, type, "");
	struct flows *f = ahead_parse(a, 8, line.data, line.len, &error);
	is((long long)f->count, 5, "flows of the line behind it");
	flows_free(f);
	long_line(&line, 4000, type, "");
	ahead_read(a, 9, line.data, 200000);
	buf_printf(&others, "%s\"host\":\"host\",", type);
	long_line(&line, 3000, others.data, "");
	read_in_pieces(a, 10, &line, 100000, true);
	/* An array of others, as long. */
	buf_add_text(&others, "\"others\":[{}");
	for (int i = 0; i < 10000; i++)
		buf_printf(&others, ",{\"id\":%d}", i);
	buf_add_text(&others, "],");
	long_line(&line, 4000, others.data, "");
	read_in_pieces(a, 11, &line, 70000, true);
	ahead_read(a, 12, line.data, line.len - 100);
	ahead_free(a);
	buf_done(&line);
	buf_done(&others);
}

static struct filter all;
static struct history no_history;

static struct rows_how
how(enum pref_view view, enum pref_sort sort)
{
	return (struct rows_how){ .view = view, .sort = sort,
		.src_ports = true, .dst_ports = true, .names = true,
		.filter = &all, .history = &no_history };
}

/* Three hosts, with rates that are equal, on purpose. */
static struct flows *
many(bool backwards)
{
	struct buf b = { .data = NULL };
	buf_add_text(&b, HEAD "\"flows\":[");
	for (int n = 0; n < 300; n++) {
		int i = backwards ? 299 - n : n;
		buf_printf(&b, "%s{\"id\":%d,\"src\":\"192.0.2.%d\","
		    "\"dst\":\"198.51.100.%d\",\"src_port\":%d,"
		    "\"dst_port\":443,\"proto\":6,\"protocol\":\"TCP\","
		    "\"sent_10s\":%d,\"recv_10s\":%d,\"total_sent\":%d,"
		    "\"pid\":%d,\"process_name\":\"p%d\"}",
		    n > 0 ? "," : "", i + 1, i % 3, i % 7, 1000 + i,
		    i % 5, i % 2, i % 4, i % 11, i % 11);
	}
	buf_add_text(&b, "]}");
	struct flows *f = parse(buf_text(&b));
	buf_done(&b);
	return f;
}

static void
test_order(void)
{
	for (int sort = SORT_2S; sort <= SORT_PROCESS; sort++) {
		struct rows a = { .groups = NULL }, b = { .groups = NULL };
		struct flows *f = many(false), *g = many(true);
		struct rows_how h = how(VIEW_FLOWS, (enum pref_sort)sort);
		rows_build(&a, f, &h);
		rows_build(&b, g, &h);
		is((long long)a.count, 300, "rows");
		for (size_t i = 0; i < a.count; i++)
			if (ROW(a, i).key != ROW(b, i).key) {
				is((long long)ROW(a, i).key,
				    (long long)ROW(b, i).key, "order");
				break;
			}
		if (sort == SORT_10S)
			for (size_t i = 1; i < a.count; i++)
				is(rows_rate(&ROW(a, i - 1), LINE_TWO, 1) >=
				    rows_rate(&ROW(a, i), LINE_TWO, 1), 1,
				    "descending");
		h.reverse = true;
		rows_build(&a, f, &h);
		if (sort == SORT_10S)
			is((long long)rows_rate(&ROW(a, 0), LINE_TWO, 1), 0,
			    "reversed");
		rows_done(&a);
		rows_done(&b);
		flows_free(f);
		flows_free(g);
	}
}

/* Only what is looked at gets sorted: whatever is looked at first, every row
 * is where a look from the top to the bottom finds it. */
static void
test_any_place(void)
{
	static const int flips[] = { 0, 1 };
	for (int sort = SORT_2S; sort <= SORT_PROCESS; sort++)
		for (size_t i = 0; i < 2; i++) {
			struct rows a = { .groups = NULL };
			struct rows b = { .groups = NULL };
			struct flows *f = many(false);
			struct rows_how h = how(VIEW_FLOWS,
			    (enum pref_sort)sort);
			h.reverse = flips[i];
			rows_build(&a, f, &h);
			rows_build(&b, f, &h);
			size_t at = 0;
			for (size_t n = 0; n < b.count; n++) {
				at = (at + 127) % b.count;
				uint64_t key = ROW(a, at).key;
				if (n % 3 == 0)
					is(rows_find(&b, key), (long long)at,
					    "found where it belongs");
				else
					is((long long)ROW(b, at).key,
					    (long long)key, "any place");
			}
			rows_done(&a);
			rows_done(&b);
			flows_free(f);
		}
}

/* Memory is used again: nothing of the last snapshot shines through. */
static void
test_again(void)
{
	flows_free(many(false));
	struct flows *f = parse(HEAD "\"host\":\"a\",\"flows\":[{\"id\":1,"
	    "\"src\":\"192.0.2.9\",\"process_name\":\"p1\"},{\"id\":2,"
	    "\"process_name\":\"p1\"}]}");
	is((long long)f->count, 2, "two flows");
	same(f->list[0].src, "192.0.2.9");
	same(f->list[1].src, "");
	is(f->list[1].src_addr.family, ADDR_NONE, "no address");
	is(f->list[0].process == f->list[1].process, 1, "kept once");
	is(f->list[1].n.sent[1] != 0, 0, "no rate");
	flows_free(f);
}

static void
test_groups(void)
{
	static const size_t counts[] = { 300, 11, 7, 1, 1 };
	struct flows *f = many(false);
	for (int view = VIEW_FLOWS; view <= VIEW_PUBLISHERS; view++) {
		struct rows r = { .groups = NULL };
		struct rows_how h = how((enum pref_view)view, SORT_10S);
		uint64_t sum = 0, flows = 0;
		rows_build(&r, f, &h);
		is((long long)r.count, (long long)counts[view], "groups");
		for (size_t i = 0; i < r.count; i++) {
			sum += rows_rate(&ROW(r, i), LINE_TWO, 1);
			flows += ROW(r, i).flows;
			is(rows_find(&r, ROW(r, i).key), (long long)i, "find");
		}
		is((long long)sum, 300 * 2 + 150, "the sum of all groups");
		is((long long)flows, 300, "flows in groups");
		rows_done(&r);
	}
	/* Hidden ports: 3 by 7 pairs of hosts. */
	struct rows r = { .groups = NULL };
	struct rows_how h = how(VIEW_FLOWS, SORT_10S);
	h.src_ports = h.dst_ports = false;
	rows_build(&r, f, &h);
	is((long long)r.count, 21, "pairs of hosts");
	rows_done(&r);
	flows_free(f);
}

/* A row is marked when one of its flows is on alert, the first or not. */
static void
test_alerts(void)
{
	const uint64_t ids[] = { 2, 13 };	/* of the pids 1 and 1 */
	struct flows *f = many(false);
	for (int ports = 0; ports < 2; ports++)
		for (int view = VIEW_FLOWS; view <= VIEW_PROCESSES; view++) {
			struct rows r = { .groups = NULL };
			struct rows_how h = how((enum pref_view)view,
			    SORT_10S);
			h.src_ports = h.dst_ports = ports != 0;
			h.alerts = ids;
			h.alert_count = 2;
			rows_build(&r, f, &h);
			int alerting = 0;
			for (size_t i = 0; i < r.count; i++) {
				const struct row *row = &ROW(r, i);
				alerting += row->alerting;
				if (view == VIEW_PROCESSES)
					is(row->alerting, row->flow->pid == 1,
					    "the process of an alert");
			}
			is(alerting, view == VIEW_PROCESSES ? 1 : 2,
			    "rows on alert");
			rows_done(&r);
		}
	flows_free(f);
}

static void
test_frozen(void)
{
	struct flows *f = many(false), *g = many(true);
	struct rows r = { .groups = NULL };
	struct rows_how h = how(VIEW_FLOWS, SORT_10S);
	uint64_t keys[300];
	rows_build(&r, f, &h);
	for (size_t i = 0; i < r.count; i++)
		keys[i] = ROW(r, i).key;
	for (size_t i = 0; i < g->count; i++)
		g->list[i].n.sent[1] = i * 1000;
	h.frozen = true;
	rows_build(&r, g, &h);
	for (size_t i = 0; i < r.count; i++)
		if (ROW(r, i).key != keys[i]) {
			is((long long)ROW(r, i).key, (long long)keys[i],
			    "frozen");
			break;
		}
	rows_done(&r);
	flows_free(f);
	flows_free(g);
}

/* Of rows that come and go some thousands are remembered; none of those that
 * are there loses its place. */
static void
test_frozen_bound(void)
{
	struct flows *f = many(false);
	struct rows r = { .groups = NULL };
	struct rows_how h = how(VIEW_FLOWS, SORT_10S);
	size_t most = 0, stay = 0;
	uint64_t keys[10];
	h.frozen = true;
	for (unsigned n = 0; n < 300; n++) {
		for (size_t i = 10; i < f->count; i++)
			f->list[i].id += 1000;
		f->list[n % 10].n.sent[1] = 1000 + n;
		rows_build(&r, f, &h);
		if (r.order->frozen.count > most)
			most = r.order->frozen.count;
		for (size_t i = 0; n == 0 && i < r.count; i++)
			if (ROW(r, i).key <= 10)
				keys[stay++] = ROW(r, i).key;
	}
	is(most > 65000 && most < 67000, 1, "bounded");
	is((long long)r.order->frozen.count < 30000, 1, "trimmed");
	is((long long)stay, 10, "those that stay");
	for (size_t i = 0; i < stay; i++)
		is(rows_find(&r, keys[i]), (long long)i, "where it was");
	/* Another key for the order, and its places count no more. */
	h.sort = SORT_TOTAL;
	f->list[9].n.total_sent = 1000000;
	rows_build(&r, f, &h);
	is((long long)ROW(r, 0).key, 10, "another order");
	rows_done(&r);
	flows_free(f);
}

static void
test_pins(void)
{
	struct flows *f = many(false);
	struct rows r = { .groups = NULL };
	struct rows_how h = how(VIEW_FLOWS, SORT_10S);
	/* One flow; then all between two hosts, as old files have it. */
	add_pin("192.0.2.1:1001", "198.51.100.1:443");
	rows_build(&r, f, &h);
	is((long long)r.pinned, 1, "one pin");
	is((long long)ROW(r, 0).key, 2, "the pinned one comes first");
	pin_count = 0;
	add_pin("198.51.100.1", "192.0.2.1");
	rows_build(&r, f, &h);
	is((long long)r.pinned, 15, "a pair of hosts, either way round");
	pin_count = 0;
	/* As somebody may have written it. */
	struct flows *six = parse(HEAD "\"flows\":[{\"id\":1,\"src\":"
	    "\"2001:db8::a\",\"src_port\":9,\"dst\":\"2001:db8::b\","
	    "\"dst_port\":53,\"proto\":17,\"protocol\":\"UDP\"}]}");
	add_pin("[2001:DB8:0::A]:9", "[2001:db8:0:0:0:0:0:b]:53 udp");
	rows_build(&r, six, &h);
	is((long long)r.pinned, 1, "an address in another form");
	pin_count = 0;
	add_pin("2001:db8::a", "2001:db8::c");
	rows_build(&r, six, &h);
	is((long long)r.pinned, 0, "another address");
	pin_count = 0;
	rows_done(&r);
	flows_free(f);
	flows_free(six);
}

#define ENDS "\"src\":\"2001:db8::1\",\"dst\":\"2001:db8::2\","

/* Each row between two hosts is pinned alone, whatever it speaks. */
static void
test_pin_each(void)
{
	static const char *const want[] = { "2001:db8::2 ICMPv6 7",
		"2001:db8::2 ICMPv6 0", "2001:db8::2 ICMPv6 -",
		"2001:db8::2 ESP", "[2001:db8::2]:53 UDP",
		"[2001:db8::2]:53 TCP" };
	struct flows *f = parse(HEAD "\"flows\":[{\"id\":1," ENDS
	    "\"proto\":58,\"protocol\":\"ICMPv6\",\"icmp_id\":7},{\"id\":2,"
	    ENDS "\"proto\":58,\"protocol\":\"ICMPv6\",\"icmp_id\":0},"
	    "{\"id\":3," ENDS "\"proto\":58,\"protocol\":\"ICMPv6\"},"
	    "{\"id\":4," ENDS "\"proto\":50,\"protocol\":\"ESP\"},"
	    "{\"id\":5," ENDS "\"proto\":17,\"protocol\":\"UDP\","
	    "\"src_port\":9,\"dst_port\":53},{\"id\":6," ENDS
	    "\"proto\":6,\"protocol\":\"TCP\",\"src_port\":9,"
	    "\"dst_port\":53}]}");
	struct rows r = { .groups = NULL };
	struct rows_how h = how(VIEW_FLOWS, SORT_10S);
	for (uint64_t id = 1; id <= 6; id++) {
		rows_build(&r, f, &h);
		is(pins_toggle(NULL, &h, &ROW(r, (size_t)rows_find(&r, id))),
		    1, "pinned");
		same(pins[0].dst, want[id - 1]);
		rows_build(&r, f, &h);
		is((long long)r.pinned, 1, want[id - 1]);
		is(rows_find(&r, id), 0, "it is it");
		/* Where rows do not tell apart what it does, it is theirs. */
		h.src_ports = h.dst_ports = false;
		rows_build(&r, f, &h);
		is((long long)r.count, 1, "a pair of hosts");
		is((long long)r.pinned, 1, "with a flow that is pinned");
		h.src_ports = h.dst_ports = true;
		rows_build(&r, f, &h);
		is(pins_toggle(NULL, &h, &ROW(r, 0)), 0, "no longer");
		is((long long)pin_count, 0, "none");
	}
	/* What old files have, in a finer row, and in one of merged hosts. */
	add_pin("2001:db8::1", "2001:db8::2");
	add_pin("[2001:db8::1]:9", "[2001:db8::2]:53");
	rows_build(&r, f, &h);
	is((long long)r.pinned, 6, "all");
	is(pins_toggle(NULL, &h, &ROW(r, (size_t)rows_find(&r, 6))), 0, "both");
	is((long long)pin_count, 0, "are gone");
	add_pin("2001:db8::1", "2001:db8::2 ICMPv6");
	rows_build(&r, f, &h);
	is((long long)r.pinned, 3, "all of a protocol");
	pin_count = 0;
	add_pin("*", "[2001:db8::2]:53");
	rows_build(&r, f, &h);
	is((long long)r.pinned, 0, "of merged sources");
	h.aggregate = AGGREGATE_SOURCE;
	rows_build(&r, f, &h);
	is((long long)r.pinned, 2, "which are");
	pin_count = 0;
	rows_done(&r);
	flows_free(f);
}

static void
test_filter(void)
{
	struct flows *f = many(false);
	struct rows r = { .groups = NULL };
	struct rows_how h = how(VIEW_FLOWS, SORT_10S);
	struct filter filter = { .count = 0 };
	char why[80];
	is(filter_set(&filter, "port:1007", why, sizeof(why)), 1, "set");
	h.filter = &filter;
	rows_build(&r, f, &h);
	is((long long)r.count, 1, "one flow");
	is((long long)r.all, 300, "of all");
	is(filter_set(&filter, "/[/", why, sizeof(why)), 0, "a bad expression");
	rows_build(&r, f, &h);
	is((long long)r.count, 1, "the filter before stays");
	h.view = VIEW_PROCESSES;
	rows_build(&r, f, &h);
	is((long long)r.count, 1, "its process");
	is(ROW(r, 0).flows > 1, 1, "with all its flows");
	filter_done(&filter);
	rows_done(&r);
	flows_free(f);
}

static void
test_history(void)
{
	struct history h = { .size = 0 };
	uint64_t sent[WINDOWS], recv[WINDOWS];
	for (int i = 0; i < 60; i++) {
		char line[400];
		snprintf(line, sizeof(line), "{\"schema\":1,"
		    "\"type\":\"snapshot\",\"ts\":%d,\"interval\":1.0,"
		    "\"flows\":[{\"id\":5,\"packets_sent\":%d,"
		    "\"packets_recv\":%d,\"total_sent\":%d}]}",
		    (i + 1) * 1000, i * 100, i < 30 ? 0 : (i - 30) * 10,
		    i * 5000);
		struct flows *f = parse(line);
		history_add(&h, f);
		flows_free(f);
	}
	history_packets(&h, 5, sent, recv);
	is((long long)sent[0], 100000, "2 s");
	is((long long)sent[1], 100000, "10 s");
	is((long long)sent[2], 100000, "40 s");
	is((long long)recv[1], 10000, "10 s received");
	is((long long)recv[2], 7250, "40 s received");
	float samples[HISTORY];
	is(history_samples(&h, 5, samples), HISTORY, "samples");
	is((long long)samples[HISTORY - 1], 5000, "newest sample");
	history_packets(&h, 6, sent, recv);
	is((long long)sent[0], 0, "an unknown flow");

	/* Totals that are set back lose nothing of the past. */
	struct flows *f = parse("{\"schema\":1,\"type\":\"snapshot\","
	    "\"ts\":61000,\"interval\":1.0,\"flows\":[{\"id\":5,"
	    "\"packets_sent\":300,\"total_sent\":3000,\"first_seen\":1000},"
	    "{\"id\":7,\"packets_sent\":9,\"total_sent\":500,"
	    "\"first_seen\":60500},{\"id\":8,\"packets_sent\":900,"
	    "\"total_sent\":70000,\"first_seen\":2000}]}");
	history_add(&h, f);
	flows_free(f);
	history_packets(&h, 5, sent, recv);
	is((long long)sent[0], 200000, "2 s after a reset");
	is((long long)sent[2], 105000, "40 s after a reset");
	is(history_samples(&h, 5, samples), HISTORY, "samples after it");
	is((long long)samples[HISTORY - 1], 3000, "since the reset");
	is((long long)samples[HISTORY - 2], 5000, "before it");
	/* A flow that begins had nothing before, one that comes back did. */
	is(history_samples(&h, 7, samples), HISTORY, "of a new flow");
	is((long long)samples[HISTORY - 1], 500, "its first");
	is((long long)samples[HISTORY - 2], 0, "before it began");
	is(history_samples(&h, 8, samples), 0, "of an old one");
	history_packets(&h, 8, sent, recv);
	is((long long)sent[0], 0, "its packets");

	/* A copy stands still while the other goes on. */
	struct history held = { .size = 0 };
	uint64_t was[WINDOWS];
	history_packets(&h, 5, was, recv);
	history_copy(&held, &h);
	history_done(&h);
	history_packets(&held, 5, sent, recv);
	is(sent[0], was[0], "packets of a copy");
	is(history_samples(&held, 5, samples), HISTORY, "its samples");
	history_copy(&held, &h);
	is(history_samples(&held, 5, samples), 0, "a copy of nothing");
	history_done(&held);
}

/* Second `second`: one flow of those that there are, 1000 bytes and 10
 * packets a second each since second 0. */
static void
add_second(struct history *h, int second, int id, int known)
{
	char line[300];
	snprintf(line, sizeof(line), "{\"schema\":1,\"type\":\"snapshot\","
	    "\"ts\":%d,\"interval\":1.0,\"flow_count\":%d,\"flows\":["
	    "{\"id\":%d,\"packets_sent\":%d,\"total_sent\":%d,"
	    "\"first_seen\":1}]}", second * 1000, known, id, second * 10,
	    second * 1000);
	struct flows *f = parse(line);
	history_add(h, f);
	flows_free(f);
}

/* A flow that others displaced for a while, in a stream of the first few. */
static void
test_return(void)
{
	struct history h = { .size = 0 };
	uint64_t sent[WINDOWS], recv[WINDOWS];
	float samples[HISTORY];
	for (int i = 1; i <= 10; i++)
		add_second(&h, i, 5, 9);
	for (int i = 11; i <= 14; i++)
		add_second(&h, i, 6, 9);
	add_second(&h, 15, 5, 9);
	is(history_samples(&h, 5, samples), 15, "as if it had stayed");
	for (int i = 0; i < 15; i++)
		is((long long)samples[i], 1000, "the mean between");
	history_packets(&h, 5, sent, recv);
	is((long long)sent[0], 10000, "packets of 2 s");
	is((long long)sent[1], 10000, "packets of 10 s");
	/* Not for ever, and not more than there is room for. */
	for (int i = 16; i <= 60; i++)
		add_second(&h, i, 6, 9);
	add_second(&h, 61, 5, 9);
	is(history_samples(&h, 5, samples), 0, "too long ago");
	for (int i = 62; i <= 66; i++)
		add_second(&h, i, 100 + i, 9);
	add_second(&h, 71, 5, 9);
	is(history_samples(&h, 5, samples), 0, "no room");
	/* Nothing was left out: what is not there is gone. */
	add_second(&h, 72, 6, 1);
	add_second(&h, 73, 5, 1);
	is(history_samples(&h, 5, samples), 0, "gone");
	history_done(&h);
}

int
main(void)
{
	test_parse();
	test_ahead();
	test_order();
	test_any_place();
	test_again();
	test_groups();
	test_alerts();
	test_frozen();
	test_frozen_bound();
	test_pins();
	test_pin_each();
	test_filter();
	test_history();
	test_return();
	return failures != 0;
}
