/* SPDX-License-Identifier: MIT
 *
 * The export for programs: CSV (RFC 4180) and JSON.
 */
#include <string.h>

#include "lib/json_write.h"
#include "tuiview/export_render.h"
#include "tuiview/text.h"

static const char *
or_empty(const char *text)
{
	return text != NULL ? text : "";
}

/* A field of CSV (RFC 4180); a control character becomes a dot. */
static void
add_csv(struct buf *b, const char *text)
{
	struct buf shown = { 0 };
	text_add_shown(&shown, or_empty(text), strlen(or_empty(text)));
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

void
export_add_csv(const struct export_table *t, struct buf *b)
{
	if (t->group != NULL)
		buf_add_text(b, "name,flows,");
	buf_add_text(b, "src,src_name,src_port,src_service,dst,dst_name,"
	    "dst_port,dst_service,protocol,pid,process,user,sent_2s,sent_10s,"
	    "sent_40s,total_sent,recv_2s,recv_10s,recv_40s,total_recv\r\n");
	for (size_t i = 0; i < t->count; i++) {
		const struct export_row *r = &t->rows[i];
		if (t->group != NULL) {
			add_csv(b, r->name);
			add_csv_number(b, r->flows);
		}
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
	if (r->name != NULL) {
		json_member_text(b, "name", r->name);
		json_member_unsigned(b, "flows", r->flows);
	}
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

void
export_add_json(const struct export_table *t, struct buf *b)
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
