/* SPDX-License-Identifier: MIT
 *
 * The export as a table to read.
 */
#include <string.h>

#include "tuiview/export_render.h"
#include "tuiview/text.h"

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

/* Of flows, or of the groups of a view. */
enum column { SOURCE, DESTINATION, PROTOCOL, PROCESS, NAME, FLOWS, TEXTS };

static bool
has_column(const struct export_table *t, enum column column)
{
	return (column >= NAME) == (t->group != NULL);
}

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
	case NAME:
		buf_add_text(b, or_empty(r->name));
		break;
	case FLOWS:
		buf_printf(b, "%5u", r->flows);
		break;
	case TEXTS:
		break;
	}
}

/* A text to a width in cells; blanks behind it. */
static size_t
add_padded(struct buf *b, const struct buf *text, size_t width)
{
	size_t cells = text_add_shown(b, text->data, text->len);
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
		widths[c] = 0;
		if (!has_column(t, c))
			continue;
		widths[c] = strlen(titles[c]);
		for (size_t i = 0; i < t->count; i++) {
			buf_reset(&text);
			buf_reset(&shown);
			add_text(&text, &t->rows[i], c);
			size_t cells = text_add_shown(&shown, text.data,
			    text.len);
			if (cells > widths[c])
				widths[c] = cells;
		}
	}
	buf_done(&text);
	buf_done(&shown);
}

/* An amount: bytes, or packets where these are counted. */
static void
format_total(uint64_t total, enum format_unit unit, char text[FORMAT_TEXT])
{
	if (unit == FORMAT_PACKETS)
		format_rate(total, FORMAT_PACKETS, text);
	else
		format_bytes(total, text);
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
	format_total(s->total, unit, text);
	buf_printf(b, "  %8s", text);
}

static void
add_total_line(struct buf *b, const char *name, const struct export_side *s,
    enum format_unit unit)
{
	char total[FORMAT_TEXT], peak[FORMAT_TEXT], rates[3][FORMAT_TEXT];
	format_total(s->total, unit, total);
	format_rate(s->peak, unit, peak);
	format_rate(s->rate_2s, unit, rates[0]);
	format_rate(s->rate_10s, unit, rates[1]);
	format_rate(s->rate_40s, unit, rates[2]);
	buf_printf(b, "%-10s cum: %8s  peak: %8s", name, total, peak);
	buf_printf(b, "  rates: %8s  %8s  %8s\n", rates[0], rates[1],
	    rates[2]);
}

static void
add_fact(struct buf *b, const char *name, const char *text)
{
	if (or_empty(text)[0] == '\0')
		return;
	buf_printf(b, "%-10s ", name);
	text_add_shown(b, text, strlen(text));
	buf_add_char(b, '\n');
}

static void
add_facts(struct buf *b, const struct export_table *t)
{
	buf_printf(b, "iftoprs %s\n", or_empty(t->view));
	add_fact(b, "time", t->time);
	add_fact(b, "host", t->host);
	add_fact(b, "interface", t->interface);
	add_fact(b, "filter", t->filter);
	buf_printf(b, "%-10s %zu\n\n", "rows", t->count);
}

/* The columns of text, each as wide as its longest; the arrow behind the
 * first. */
static void
add_texts(struct buf *b, const struct export_table *t,
    const struct export_row *r, const size_t widths[TEXTS],
    const char *const titles[TEXTS])
{
	struct buf text = { 0 };
	bool first = true;
	for (enum column c = 0; c < TEXTS; c++) {
		if (!has_column(t, c))
			continue;
		buf_reset(&text);
		if (r != NULL)
			add_text(&text, r, c);
		else
			buf_add_text(&text, titles[c]);
		if (!first)
			buf_add_text(b, "  ");
		add_padded(b, &text, widths[c]);
		if (first)
			buf_add_text(b, r != NULL ? "  =>" : "    ");
		first = false;
	}
	buf_done(&text);
}

/* A row takes two lines, as on the screen: sent, then received. */
void
export_add_text(const struct export_table *t, struct buf *b)
{
	const char *const titles[TEXTS] = { "SOURCE", "DESTINATION", "PROTO",
		"PROCESS", t->group, "FLOWS" };
	size_t widths[TEXTS];
	measure(t, titles, widths);
	enum column first = t->group != NULL ? NAME : SOURCE;
	int rest = 0;
	for (enum column c = first + 1; c < TEXTS; c++)
		rest += has_column(t, c) ? (int)widths[c] + 2 : 0;
	add_facts(b, t);
	add_texts(b, t, NULL, widths, titles);
	buf_printf(b, "  %8s  %8s  %8s  %8s\n", "2s", "10s", "40s", "TOTAL");
	for (size_t i = 0; i < t->count; i++) {
		const struct export_row *r = &t->rows[i];
		add_texts(b, t, r, widths, titles);
		add_rates(b, &r->sent, t->unit);
		buf_printf(b, "\n%*s  <=%*s", (int)widths[first], "", rest,
		    "");
		add_rates(b, &r->received, t->unit);
		buf_add_char(b, '\n');
	}
	buf_add_char(b, '\n');
	add_total_line(b, "sent", &t->sent, t->unit);
	add_total_line(b, "received", &t->received, t->unit);
	add_total_line(b, "total", &t->both, t->unit);
}
