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
#include "tuiview/segments.h"

static struct export_side
side(const uint64_t rates[WINDOWS], uint64_t total, uint64_t peak)
{
	return (struct export_side){ .rate_2s = rates[0],
		.rate_10s = rates[1], .rate_40s = rates[2], .total = total,
		.peak = peak };
}

static void
fill(const struct app *app, const struct row *row, struct export_row *r,
    char *name)
{
	const struct flow *f = row->flow;
	*r = (struct export_row){
		.sent = side(row->n.sent, row->n.total_sent,
		    row->n.peak_sent),
		.received = side(row->n.recv, row->n.total_recv,
		    row->n.peak_recv),
	};
	if (app->view != VIEW_FLOWS) {
		rows_name(row, app->view, true, true, name);
		r->src = name;
		return;
	}
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

void
export_rows(struct app *app)
{
	static const char *const views[] = { "flows", "processes", "hosts",
		"services", "publishers" };
	enum export_format format = (enum export_format)prefs_choice(
	    app->prefs, PREF_EXPORT_FORMAT);
	char *path = export_path(format), *why = NULL;
	if (app->flows == NULL || path == NULL) {
		app_say(app, STATUS_ERROR, path == NULL ? "nothing exported: "
		    "HOME is not set" : "nothing to export yet");
		free(path);
		return;
	}
	app_prepare(app);
	size_t count = app->model.count;
	const struct flows *f = app->flows;
	const struct figures *n = &f->total;
	struct export_row *rows = xcalloc(count + 1, sizeof(*rows));
	char (*names)[ROWS_NAME] = xcalloc(count + 1, ROWS_NAME);
	uint64_t both[WINDOWS];
	char when[64];
	time_t seconds = (time_t)(f->ts / 1000);
	struct tm tm;
	gmtime_r(&seconds, &tm);
	strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", &tm);
	for (int i = 0; i < WINDOWS; i++)
		both[i] = n->sent[i] + n->recv[i];
	for (size_t i = 0; i < count; i++)
		fill(app, rows_at(&app->model, i), &rows[i], names[i]);
	struct export_table table = { .view = views[app->view],
		.time = when, .host = f->host, .interface = f->interfaces,
		.filter = app->filter.text, .rows = rows, .count = count,
		.unit = (enum format_unit)prefs_choice(app->prefs,
		    PREF_UNITS),
		.sent = side(n->sent, n->total_sent, n->peak_sent),
		.received = side(n->recv, n->total_recv, n->peak_recv),
		.both = side(both, n->total_sent + n->total_recv,
		    f->peak_total) };
	if (export_write(path, &table, format, &why))
		app_say(app, STATUS_INFO, "%zu rows written to %s", count,
		    path);
	else
		app_say(app, STATUS_ERROR, "export failed: %s", why);
	free(why);
	free(names);
	free(rows);
	free(path);
}
