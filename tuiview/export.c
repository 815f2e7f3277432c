/* SPDX-License-Identifier: MIT
 *
 * Three ways to write a table, and the file they go to.
 */
#include "tuiview/export.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json_write.h"
#include "lib/utf8.h"
#include "lib/xalloc.h"
#include "tuiview/replace.h"
#include "tuiview/width.h"

static const char *
or_empty(const char *text)
{
	return text != NULL ? text : "";
}

/* An address, or its name, with port or service; IPv6 in brackets when a
 * port follows. */
static void
add_end(struct buf *b, const char *address, const char *name, uint16_t port,
    const char *service)
{
	const char *text = or_empty(name)[0] != '\0' ? name :
	    or_empty(address);
	if (address != NULL && text[0] == '\0')
		text = "*";	/* merged */
	bool brackets = port != 0 && strchr(text, ':') != NULL;
	buf_printf(b, brackets ? "[%s]" : "%s", text);
	if (or_empty(service)[0] != '\0')
		buf_printf(b, ":%s", service);
	else if (port != 0)
		buf_printf(b, ":%u", port);
}

static void
add_process(struct buf *b, const struct export_row *r)
{
	if (r->pid != 0)
		buf_printf(b, "%u:", r->pid);
	buf_add_text(b, or_empty(r->process));
}

enum column { SOURCE, DESTINATION, PROTOCOL, PROCESS, TEXTS };

static void
add_text(struct buf *b, const struct export_row *r, enum column column)
{
	switch (column) {
	case SOURCE:
		add_end(b, r->src, r->src_name, r->src_port, r->src_service);
		break;
	case DESTINATION:
		add_end(b, r->dst, r->dst_name, r->dst_port, r->dst_service);
		break;
	case PROTOCOL:
		buf_add_text(b, or_empty(r->protocol));
		break;
	case PROCESS:
		add_process(b, r);
		break;
	case TEXTS:
		break;
	}
}

/* C0 and C1 controls, line separators, and marks that reorder text. */
static bool
steers(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x200e ||
	    c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
	    (c >= 0x2066 && c <= 0x2069);
}

/* Append a text with what would steer a terminal shown as a dot; returns
 * its width in cells. */
static size_t
add_shown(struct buf *b, const char *text, size_t len)
{
	size_t cells = 0;
	while (len > 0) {
		uint32_t c;
		size_t part = utf8_decode(text, len, &c);
		int width = 1;
		if (part == 0 || steers(c)) {
			buf_add_text(b, "\xc2\xb7");
		} else {
			buf_add(b, text, part);
			width = width_of(c);
		}
		cells += (size_t)width;
		part += part == 0;
		text += part;
		len -= part;
	}
	return cells;
}

/* A text to a width in cells; blanks behind it. */
static size_t
add_padded(struct buf *b, const struct buf *text, size_t width)
{
	size_t cells = add_shown(b, text->data, text->len);
	for (size_t i = cells; i < width; i++)
		buf_add_char(b, ' ');
	return cells;
}

static void
measure(const struct export_table *t, const char *const titles[TEXTS],
    size_t widths[TEXTS])
{
	struct buf text = { 0 }, shown = { 0 };
	for (enum column c = 0; c < TEXTS; c++) {
		widths[c] = strlen(titles[c]);
		for (size_t i = 0; i < t->count; i++) {
			buf_reset(&text);
			buf_reset(&shown);
			add_text(&text, &t->rows[i], c);
			size_t cells = add_shown(&shown, text.data, text.len);
			if (cells > widths[c])
				widths[c] = cells;
		}
	}
	buf_done(&text);
	buf_done(&shown);
}

static void
add_rates(struct buf *b, const struct export_side *s, enum format_unit unit)
{
	const uint64_t rates[] = { s->rate_2s, s->rate_10s, s->rate_40s };
	char text[FORMAT_TEXT];
	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		format_rate(rates[i], unit, text);
		buf_printf(b, "  %8s", text);
	}
	format_bytes(s->total, text);
	buf_printf(b, "  %8s", text);
}

static void
add_total_line(struct buf *b, const char *name, const struct export_side *s,
    enum format_unit unit)
{
	char total[FORMAT_TEXT], peak[FORMAT_TEXT], rates[3][FORMAT_TEXT];
	format_bytes(s->total, total);
	format_rate(s->peak, unit, peak);
	format_rate(s->rate_2s, unit, rates[0]);
	format_rate(s->rate_10s, unit, rates[1]);
	format_rate(s->rate_40s, unit, rates[2]);
	buf_printf(b, "%-10s cum: %8s  peak: %8s  rates: %8s  %8s  %8s\n",
	    name, total, peak, rates[0], rates[1], rates[2]);
}

static void
add_fact(struct buf *b, const char *name, const char *text)
{
	if (or_empty(text)[0] == '\0')
		return;
	buf_printf(b, "%-10s ", name);
	add_shown(b, text, strlen(text));
	buf_add_char(b, '\n');
}

/* A row takes two lines, as on the screen: sent, then received. */
static void
render_text(const struct export_table *t, struct buf *b)
{
	static const char *const titles[TEXTS] = {
		"SOURCE", "DESTINATION", "PROTO", "PROCESS",
	};
	size_t widths[TEXTS];
	struct buf text = { 0 };
	measure(t, titles, widths);
	buf_printf(b, "iftoprs %s\n", or_empty(t->view));
	add_fact(b, "time", t->time);
	add_fact(b, "host", t->host);
	add_fact(b, "interface", t->interface);
	add_fact(b, "filter", t->filter);
	buf_printf(b, "%-10s %zu\n\n", "rows", t->count);
	for (enum column c = 0; c < TEXTS; c++)
		buf_printf(b, "%-*s  %s", (int)widths[c], titles[c],
		    c == SOURCE ? "    " : "");
	buf_printf(b, "%8s  %8s  %8s  %8s\n", "2s", "10s", "40s", "TOTAL");
	for (size_t i = 0; i < t->count; i++) {
		const struct export_row *r = &t->rows[i];
		for (enum column c = 0; c < TEXTS; c++) {
			buf_reset(&text);
			add_text(&text, r, c);
			add_padded(b, &text, widths[c]);
			buf_add_text(b, c == SOURCE ? "  =>  " :
			    c == PROCESS ? "" : "  ");
		}
		add_rates(b, &r->sent, t->unit);
		buf_printf(b, "\n%*s  <=%*s", (int)widths[SOURCE], "",
		    (int)(widths[DESTINATION] + widths[PROTOCOL] +
		    widths[PROCESS] + 6), "");
		add_rates(b, &r->received, t->unit);
		buf_add_char(b, '\n');
	}
	buf_add_char(b, '\n');
	add_total_line(b, "sent", &t->sent, t->unit);
	add_total_line(b, "received", &t->received, t->unit);
	add_total_line(b, "total", &t->both, t->unit);
	buf_done(&text);
}

/* A field of CSV (RFC 4180); a control character becomes a dot. */
static void
add_csv(struct buf *b, const char *text)
{
	struct buf shown = { 0 };
	add_shown(&shown, or_empty(text), strlen(or_empty(text)));
	bool quote = strpbrk(buf_text(&shown), ",\"") != NULL;
	if (quote)
		buf_add_char(b, '"');
	for (const char *c = buf_text(&shown); *c != '\0'; c++) {
		if (*c == '"')
			buf_add_char(b, '"');
		buf_add_char(b, *c);
	}
	if (quote)
		buf_add_char(b, '"');
	buf_add_char(b, ',');
	buf_done(&shown);
}

/* Nothing rather than 0 for what is not known. */
static void
add_csv_number(struct buf *b, uint32_t number)
{
	if (number != 0)
		buf_printf(b, "%u", number);
	buf_add_char(b, ',');
}

static void
add_csv_side(struct buf *b, const struct export_side *s)
{
	buf_printf(b, "%llu,%llu,%llu,%llu", (unsigned long long)s->rate_2s,
	    (unsigned long long)s->rate_10s, (unsigned long long)s->rate_40s,
	    (unsigned long long)s->total);
}

static void
render_csv(const struct export_table *t, struct buf *b)
{
	buf_add_text(b, "src,src_name,src_port,src_service,dst,dst_name,"
	    "dst_port,dst_service,protocol,pid,process,user,sent_2s,sent_10s,"
	    "sent_40s,total_sent,recv_2s,recv_10s,recv_40s,total_recv\r\n");
	for (size_t i = 0; i < t->count; i++) {
		const struct export_row *r = &t->rows[i];
		add_csv(b, r->src);
		add_csv(b, r->src_name);
		add_csv_number(b, r->src_port);
		add_csv(b, r->src_service);
		add_csv(b, r->dst);
		add_csv(b, r->dst_name);
		add_csv_number(b, r->dst_port);
		add_csv(b, r->dst_service);
		add_csv(b, r->protocol);
		add_csv_number(b, r->pid);
		add_csv(b, r->process);
		add_csv(b, r->user);
		add_csv_side(b, &r->sent);
		buf_add_char(b, ',');
		add_csv_side(b, &r->received);
		buf_add_text(b, "\r\n");
	}
}

static void
member(struct buf *b, const char *name, const char *text)
{
	if (or_empty(text)[0] != '\0')
		json_member_text(b, name, text);
}

static void
add_json_side(struct buf *b, const struct export_side *s, bool sent)
{
	json_member_unsigned(b, sent ? "sent_2s" : "recv_2s", s->rate_2s);
	json_member_unsigned(b, sent ? "sent_10s" : "recv_10s", s->rate_10s);
	json_member_unsigned(b, sent ? "sent_40s" : "recv_40s", s->rate_40s);
	json_member_unsigned(b, sent ? "total_sent" : "total_recv", s->total);
}

static void
add_json_row(struct buf *b, const struct export_row *r)
{
	json_open(b, '{');
	member(b, "src", r->src);
	member(b, "src_name", r->src_name);
	if (r->src_port != 0)
		json_member_unsigned(b, "src_port", r->src_port);
	member(b, "src_service", r->src_service);
	member(b, "dst", r->dst);
	member(b, "dst_name", r->dst_name);
	if (r->dst_port != 0)
		json_member_unsigned(b, "dst_port", r->dst_port);
	member(b, "dst_service", r->dst_service);
	member(b, "protocol", r->protocol);
	if (r->pid != 0)
		json_member_unsigned(b, "pid", r->pid);
	member(b, "process", r->process);
	member(b, "user", r->user);
	add_json_side(b, &r->sent, true);
	add_json_side(b, &r->received, false);
	json_close(b, '}');
}

static void
render_json(const struct export_table *t, struct buf *b)
{
	json_open(b, '{');
	member(b, "view", t->view);
	member(b, "timestamp", t->time);
	member(b, "host", t->host);
	member(b, "interface", t->interface);
	member(b, "filter", t->filter);
	add_json_side(b, &t->sent, true);
	add_json_side(b, &t->received, false);
	json_member_unsigned(b, "peak_sent", t->sent.peak);
	json_member_unsigned(b, "peak_recv", t->received.peak);
	json_member_unsigned(b, "peak_total", t->both.peak);
	json_member(b, "rows");
	json_open(b, '[');
	for (size_t i = 0; i < t->count; i++)
		add_json_row(b, &t->rows[i]);
	json_close(b, ']');
	json_close(b, '}');
	buf_add_char(b, '\n');
}

void
export_render(const struct export_table *t, enum export_format format,
    struct buf *b)
{
	switch (format) {
	case EXPORT_TEXT:
		render_text(t, b);
		break;
	case EXPORT_CSV:
		render_csv(t, b);
		break;
	case EXPORT_JSON:
		render_json(t, b);
		break;
	}
}

char *
export_path(enum export_format format)
{
	static const char *const suffixes[] = { "txt", "csv", "json" };
	const char *home = getenv("HOME");
	return home == NULL || home[0] != '/' ? NULL :
	    xasprintf("%s/.iftoprs.export.%s", home, suffixes[format]);
}

bool
export_write(const char *path, const struct export_table *t,
    enum export_format format, char **why)
{
	char *target = replace_target(path, getenv("HOME"), why);
	struct buf b = { 0 };
	if (target == NULL)
		return false;
	export_render(t, format, &b);
	bool good = replace_file(target, b.data, b.len, 0600, why);
	buf_done(&b);
	free(target);
	return good;
}
