/* SPDX-License-Identifier: MIT
 *
 * The tooltip of a row, and all details of a flow.
 */
#include <stdio.h>
#include <string.h>

#include "tuiview/labels.h"
#include "tuiview/text.h"
#include "tuiview/tips.h"

static void
way(const struct app *app, const struct row *row, struct tip *t,
    const char *label, const uint64_t rates[WINDOWS], uint64_t total)
{
	char a[FORMAT_TEXT], b[FORMAT_TEXT], c[FORMAT_TEXT], d[FORMAT_TEXT];
	label_row_rate(app, row, rates[0], a);
	label_row_rate(app, row, rates[1], b);
	label_row_rate(app, row, rates[2], c);
	label_total(app, total, d);
	tip_line(t, label, "%7s %7s %7s %7s", a, b, c, d);
}

static void
known(struct tip *t, const char *label, const char *value)
{
	if (value[0] != '\0')
		tip_line(t, label, "%s", value);
}

static void
ends(const struct app *app, const struct row *row, struct tip *t)
{
	char text[LABEL];
	const struct flow *f = row->flow;
	if (app->view != VIEW_FLOWS) {
		tip_line(t, "flows", "%u", row->flows);
		if (app->view == VIEW_PUBLISHERS)
			tip_line(t, "processes", "%u", row->members);
		return;
	}
	label_end(app, row, true, text);
	tip_line(t, "source", "%s", text);
	label_end(app, row, false, text);
	tip_line(t, "destination", "%s", text);
	const char *direction = row->mixed_direction ? "several ways" :
	    f->direction;
	const char *protocol = row->mixed_protocol ? "several" : f->protocol;
	/* Rows that flowagg has merged may have neither. */
	if (protocol[0] == '\0')
		known(t, "direction", direction);
	else
		tip_line(t, "protocol", "%s%s%s", protocol,
		    direction[0] != '\0' ? ", " : "", direction);
	if (row->flows > 1)
		tip_line(t, "flows merged", "%u", row->flows);
}

static void
since(struct tip *t, const char *label, uint64_t at, uint64_t now)
{
	if (at == 0 || at > now)
		return;
	unsigned long long s = (now - at) / 1000;
	if (s < 60)
		tip_line(t, label, "%llu s ago", s);
	else if (s < 3600)
		tip_line(t, label, "%llu min %llu s ago", s / 60, s % 60);
	else
		tip_line(t, label, "%llu h %llu min ago", s / 3600,
		    s / 60 % 60);
}

static void
details_of(const struct app *app, const struct flow *f, struct tip *t)
{
	char text[LABEL];
	label_address(f->src[0] != '\0' ? f->src : "*", f->src_port, text);
	tip_line(t, "our end", "%s", text);
	label_address(f->dst[0] != '\0' ? f->dst : "*", f->dst_port, text);
	tip_line(t, "far end", "%s", text);
	if (f->has_icmp_id)
		tip_line(t, "echo identifier", "%u", f->icmp_id);
	tip_line(t, "packets", "%llu sent, %llu received",
	    (unsigned long long)f->n.packets_sent,
	    (unsigned long long)f->n.packets_recv);
	since(t, "first seen", f->first_seen, app->flows->ts);
	since(t, "last seen", f->last_seen, app->flows->ts);
	known(t, "interface", f->interface);
	known(t, "user", f->user);
	known(t, "unit", f->unit);
	known(t, "program", f->exe);
	known(t, "package", f->package);
	if (f->match[0] != '\0')
		tip_line(t, "owner found", "%s%s%s%s%s", f->match,
		    f->via[0] != '\0' ? " by " : "", f->via,
		    f->why[0] != '\0' ? ": " : "", f->why);
}

void
tip_row(const struct app *app, const struct row *row, bool details,
    struct tip *t)
{
	struct rows_how how;
	char text[LABEL], sent[FORMAT_TEXT], recv[FORMAT_TEXT];
	uint64_t both[WINDOWS];
	const struct figures *n = &row->n;
	*t = (struct tip){ .count = 0 };
	app_how(app, &how);
	if (app->view == VIEW_FLOWS)
		snprintf(t->title, sizeof(t->title), "%s%s", row->pinned ?
		    "★ " : "", details ? "Flow" : row->flows > 1 ? "Flows" :
		    "Flow");
	else {
		label_group(app, row, text);
		char name[ROWS_NAME];
		text_elide(text, TIP_WIDTH - 2, false, name, sizeof(name));
		snprintf(t->title, sizeof(t->title), "%s%s",
		    row->pinned ? "★ " : "", name);
	}
	ends(app, row, t);
	label_process(row, LABEL, text);
	if (app->view != VIEW_PROCESSES)
		tip_line(t, "process", "%s", text[0] != '\0' ? text :
		    row->flow->why[0] != '\0' ? row->flow->why : "not known");
	else
		known(t, "user", row->flow->user);
	for (int i = 0; i < WINDOWS; i++)
		both[i] = n->sent[i] + n->recv[i];
	tip_line(t, "", "     2s     10s     40s   total");
	way(app, row, t, "TX", n->sent, n->total_sent);
	way(app, row, t, "RX", n->recv, n->total_recv);
	way(app, row, t, "TOTAL", both, n->total_sent + n->total_recv);
	format_rate(n->peak_sent, how.unit, sent);
	format_rate(n->peak_recv, how.unit, recv);
	if (how.unit != FORMAT_PACKETS)
		tip_line(t, row->flows > 1 ? "peak of one" : "peak",
		    "%s sent, %s received", sent, recv);
	if (details && row->flows == 1)
		details_of(app, row->flow, t);
	double seconds;
	t->sample_count = rows_history(&app->model, row, &how, t->samples,
	    &seconds);
}

int
tip_last_top(const struct app *app, const struct tip *t)
{
	enum { FRAME = 2 };
	int last = t->count + (t->sample_count > 0) - (app->rows - FRAME);
	return last > 0 ? last : 0;
}
