/* SPDX-License-Identifier: MIT
 *
 * Rows to export_row.
 */
#include "tuiview/export_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "lib/xalloc.h"
#include "tuiview/export.h"

static struct export_side
side(const uint64_t rates[WINDOWS], uint64_t total, uint64_t peak)
{
	return (struct export_side){ .rate_2s = rates[0],
		.rate_10s = rates[1], .rate_40s = rates[2], .total = total,
		.peak = peak };
}

/* Of a group: what its flows have in common. */
static void
fill_group(enum pref_view view, const struct row *row, struct export_row *r,
    char *name)
{
	const struct flow *f = row->flow;
	rows_name(row, view, true, true, name);
	r->name = name;
	r->flows = row->flows;
	switch (view) {
	case VIEW_PROCESSES:
		r->pid = f->pid;
		r->process = f->process;
		r->user = f->user;
		break;
	case VIEW_HOSTS:
		r->dst = f->dst;
		r->dst_name = f->dst_name;
		break;
	case VIEW_SERVICES:
		r->dst_port = rows_service(f, &r->dst_service);
		r->protocol = f->protocol;
		break;
	default:
		break;
	}
}

static void
fill_flow(const struct app *app, const struct row *row, struct export_row *r)
{
	const struct flow *f = row->flow;
	/* Ends that were merged are nobody's: empty, as in the stream. */
	enum pref_aggregate merged = (enum pref_aggregate)prefs_choice(
	    app->prefs, PREF_AGGREGATE);
	bool no_src = (merged & AGGREGATE_SOURCE) != 0;
	bool no_dst = (merged & AGGREGATE_DESTINATION) != 0;
	r->src = no_src ? "" : f->src;
	r->dst = no_dst ? "" : f->dst;
	r->src_port = no_src || row->mixed_src ? 0 : f->src_port;
	r->dst_port = no_dst || row->mixed_dst ? 0 : f->dst_port;
	r->src_name = no_src ? "" : f->src_name;
	r->dst_name = no_dst ? "" : f->dst_name;
	r->src_service = r->src_port == 0 ? "" : f->src_service;
	r->dst_service = r->dst_port == 0 ? "" : f->dst_service;
	r->protocol = row->mixed_protocol ? "" : f->protocol;
	r->pid = row->mixed_process ? 0 : f->pid;
	r->process = row->mixed_process ? "" : f->process;
	r->user = row->mixed_process ? "" : f->user;
}

static void
fill(const struct app *app, const struct row *row, struct export_row *r,
    char *name)
{
	*r = (struct export_row){
		.sent = side(row->n.sent, row->n.total_sent,
		    row->n.peak_sent),
		.received = side(row->n.recv, row->n.total_recv,
		    row->n.peak_recv),
	};
	if (app->view != VIEW_FLOWS)
		fill_group(app->view, row, r, name);
	else
		fill_flow(app, row, r);
}

/* The rows of the screen.  For programs figures are always of bytes. */
static const struct rows *
rows_of(struct app *app, enum export_format format, struct rows *own)
{
	struct rows_how how;
	app_prepare(app);
	app_how(app, &how);
	if (format == EXPORT_TEXT || how.unit != FORMAT_PACKETS)
		return &app->model;
	how.unit = FORMAT_BYTES;
	how.frozen = false;
	rows_build(own, app->flows, &how);
	return own;
}

static void
totals(struct export_table *t, const struct app *app)
{
	struct figures n;
	uint64_t both[WINDOWS], peak;
	app_totals(app, t->unit, &n, &peak);
	for (int i = 0; i < WINDOWS; i++)
		both[i] = n.sent[i] + n.recv[i];
	t->sent = side(n.sent, n.total_sent, n.peak_sent);
	t->received = side(n.recv, n.total_recv, n.peak_recv);
	t->both = side(both, n.total_sent + n.total_recv, peak);
}

static void
write_and_say(struct app *app, const char *path,
    const struct export_table *table, enum export_format format)
{
	char *why = NULL;
	if (export_write(path, table, format, &why))
		app_say(app, STATUS_INFO, "%zu rows written to %s",
		    table->count, path);
	else
		app_say(app, STATUS_ERROR, "export failed: %s", why);
	free(why);
}

void
export_rows(struct app *app)
{
	static const char *const views[] = { "flows", "processes", "hosts",
		"services", "publishers" };
	static const char *const groups[] = { NULL, "PROCESS", "HOST",
		"SERVICE", "PUBLISHER" };
	enum export_format format = (enum export_format)prefs_choice(
	    app->prefs, PREF_EXPORT_FORMAT);
	char *path = export_path(format), when[64];
	if (app->flows == NULL || path == NULL) {
		app_say(app, STATUS_ERROR, path == NULL ? "nothing exported: "
		    "HOME is not set" : "nothing to export yet");
		free(path);
		return;
	}
	struct rows own = { .groups = NULL };
	const struct rows *from = rows_of(app, format, &own);
	const struct flows *f = app->flows;
	struct export_row *rows = xcalloc(from->count + 1, sizeof(*rows));
	char (*names)[ROWS_NAME] = xcalloc(from->count + 1, ROWS_NAME);
	time_t seconds = (time_t)(f->ts / 1000);
	struct tm tm;
	gmtime_r(&seconds, &tm);
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &tm);
	for (size_t i = 0; i < from->count; i++)
		fill(app, rows_at(from, i), &rows[i], names[i]);
	struct export_table table = { .view = views[app->view],
		.group = groups[app->view], .time = when, .host = f->host,
		.interface = f->interfaces, .filter = app->filter.text,
		.rows = rows, .count = from->count, .unit = from->how.unit };
	totals(&table, app);
	write_and_say(app, path, &table, format);
	rows_done(&own);
	free(names);
	free(rows);
	free(path);
}
