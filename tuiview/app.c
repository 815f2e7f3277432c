/* SPDX-License-Identifier: MIT
 *
 * The state of the screen: start, stream, time, and what the parts share.
 */
#include "tuiview/app.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"
#include "tuiview/chooser.h"
#include "tuiview/layout.h"
#include "tuiview/popups.h"
#include "tuiview/text.h"

enum { STATUS_MS = 4000, ECHO_SNAPSHOTS = 2, WIDTHS_LAST = 10 };

void
app_theme_changed(struct app *app)
{
	const struct theme *theme = app->preview != NULL ? app->preview :
	    prefs_theme(app->prefs);
	palette_init(&app->palette, theme, app->background, app->depth);
	app->dirty = true;
}

void
app_init(struct app *app, struct prefs *prefs, int cols, int rows)
{
	char why[80];
	app->prefs = prefs;
	app->cols = cols;
	app->rows = rows;
	app->view = (enum pref_view)prefs_choice(prefs, PREF_VIEW);
	app->drill.view = VIEW_FLOWS;
	filter_set(&app->filter, "", why, sizeof(why));
	app_theme_changed(app);
	app->rows_stale = app->dirty = true;
}

void
app_done(struct app *app)
{
	flows_free(app->flows);
	flows_free(app->latest);
	rows_done(&app->model);
	history_done(&app->history);
	history_done(&app->held);
	filter_done(&app->filter);
	interfaces_done(&app->interfaces);
	free(app->alerts);
	free(app->wants.copy);
}

void
app_forget_widths(struct app *app)
{
	app->widest = app->widest_before = (struct ends_width){ 0, 0 };
	app->widest_age = 0;
}

void
app_resize(struct app *app, int cols, int rows)
{
	app->cols = cols < 1 ? 1 : cols > GRID_COLS_MAX ? GRID_COLS_MAX : cols;
	app->rows = rows < 1 ? 1 : rows > GRID_ROWS_MAX ? GRID_ROWS_MAX : rows;
	app_forget_widths(app);
	app->dirty = true;
	app_keep_visible(app);
	if (app_popup(app) == POPUP_HELP)
		popups_scroll(app, 0);	/* not past its end */
}

void
app_say(struct app *app, enum status_level level, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(app->status, sizeof(app->status), format, arguments);
	va_end(arguments);
	text_drop_half(app->status);
	app->status_level = level;
	app->status_refuses = false;
	app->status_until = app->now + STATUS_MS *
	    (level == STATUS_INFO ? 1 : 2);
	app->dirty = true;
}

void
app_order(struct app *app, const char *stage, const char *format, ...)
{
	if (app->wants.control_count == APP_CONTROLS)
		return;
	struct control_order *o =
	    &app->wants.controls[app->wants.control_count++];
	va_list arguments;
	snprintf(o->stage, sizeof(o->stage), "%s", stage);
	va_start(arguments, format);
	vsnprintf(o->command, sizeof(o->command), format, arguments);
	va_end(arguments);
	int verb = (int)strcspn(o->command, " ");
	bool plays = strcmp(stage, "capd") == 0;
	if (strncmp(o->command, "filter", 6) == 0 ||
	    strncmp(o->command, "interface", 9) == 0)
		return;		/* the answer says more than the key */
	snprintf(app->echo, sizeof(app->echo), "%s: %.*s", stage,
	    plays ? 7 : verb, plays ? "replay:" : o->command);
	app->echo_left = ECHO_SNAPSHOTS;
}

/* Alerts are of the newest snapshot.  On a paused screen their ids may be those
 * of other flows, of the session before. */
static size_t
alerts_shown(const struct app *app)
{
	return app->latest == NULL || app->flows == NULL ||
	    strcmp(app->latest->session, app->flows->session) == 0 ?
	    app->alert_count : 0;
}

void
app_how(const struct app *app, struct rows_how *how)
{
	const struct prefs *p = app->prefs;
	bool ports = prefs_bool(p, PREF_SHOW_PORTS);
	enum pref_port which = (enum pref_port)prefs_choice(p,
	    PREF_PORT_DISPLAY);
	*how = (struct rows_how){
		.view = app->view,
		.line = (enum pref_line)prefs_choice(p, PREF_LINE_MODE),
		.sort = (enum pref_sort)prefs_choice(p, PREF_SORT),
		.reverse = prefs_bool(p, PREF_REVERSE),
		.aggregate = (enum pref_aggregate)prefs_choice(p,
		    PREF_AGGREGATE),
		.src_ports = ports && which != PORT_DESTINATION,
		.dst_ports = ports && which != PORT_SOURCE,
		.names = prefs_bool(p, PREF_DNS_RESOLUTION),
		.services = prefs_bool(p, PREF_PORT_RESOLUTION),
		.unit = (enum format_unit)prefs_choice(p, PREF_UNITS),
		.frozen = app->frozen,
		.filter = &app->filter,
		.drill = &app->drill,
		.prefs = p,
		.history = app->held.slots != NULL ? &app->held :
		    &app->history,
		.alerts = app->alerts,
		.alert_count = alerts_shown(app),
	};
}

void
app_totals(const struct app *app, enum format_unit unit, struct figures *n,
    uint64_t *peak)
{
	struct rows_how how;
	*n = app->flows->total;
	*peak = app->flows->peak_total;
	if (unit != FORMAT_PACKETS)
		return;
	app_how(app, &how);
	n->total_sent = n->packets_sent;
	n->total_recv = n->packets_recv;
	history_totals(how.history, n, peak);
}

/* Where the selection is now; what cannot be seen any more keeps its
 * place, so that the next key moves on from there. */
static void
follow_selection(struct app *app)
{
	enum pref_view v = app->view;
	long at = rows_find(&app->model, app->selected[v]);
	if (at >= 0)
		app->place[v] = at;
	if (app->place[v] >= (long)app->model.count)
		app->place[v] = (long)app->model.count - 1;
	if (app->place[v] < 0)
		app->place[v] = 0;
}

static void
build_rows(struct app *app)
{
	struct rows_how how;
	enum pref_view v = app->view;
	bool same = app->model.flows != NULL && app->model.view == v;
	long at = same ? rows_find(&app->model, app->selected[v]) : -1;
	app_how(app, &how);
	app_select_again(app, &how);
	rows_build(&app->model, app->flows, &how);
	app->rows_stale = false;
	follow_selection(app);
	/* A selected row that was in sight stays in sight. */
	if (at >= 0 || app->selected[v] == 0)
		app_keep_visible(app);
	else if (app->top[v] >= (long)app->model.count)
		app->top[v] = app->model.count > 0 ?
		    (long)app->model.count - 1 : 0;
}

void
app_prepare(struct app *app)
{
	/* A banner came or went, the header took another row. */
	int height = app_area_height(app);
	if (height != app->area_height && !app->rows_stale)
		app_keep_visible(app);
	app->area_height = height;
	if (app->rows_stale && app->flows != NULL)
		build_rows(app);
	layout_widen(app, &app->widest);
}

const struct row *
app_selected(const struct app *app)
{
	long at = rows_find(&app->model, app->selected[app->view]);
	if (app->flows == NULL || app->model.view != app->view || at < 0)
		return NULL;
	return rows_at(&app->model, (size_t)at);
}

int
app_row_lines(const struct app *app)
{
	return app->view == VIEW_FLOWS && prefs_choice(app->prefs,
	    PREF_LINE_MODE) == LINE_TWO ? 2 : 1;
}

int
app_row_height(const struct app *app, const struct row *row)
{
	return app_row_lines(app) + (row->key == app->selected[app->view]);
}

int
app_area_height(const struct app *app)
{
	struct layout l;
	layout_of(app, &l);
	return l.area.h - (app->view != VIEW_FLOWS);	/* its heading */
}

/* A filter that was refused must not be there at the next start. */
static void
store_done(struct app *app, const struct flows *f)
{
	if (app->filter_asked && strcmp(f->filter, app->asked_filter) == 0) {
		prefs_set_text(app->prefs, PREF_BPF_FILTER, f->filter);
		app->filter_asked = false;
		app->wants.save = true;
	}
	if (app->interface_asked &&
	    strcmp(f->interfaces, app->asked_interface) == 0) {
		prefs_set_text(app->prefs, PREF_INTERFACE, f->interfaces);
		app->interface_asked = false;
		app->wants.save = true;
	}
}

void
app_show(struct app *app, struct flows *f)
{
	struct flows *before = app->flows;
	bool anew = before != NULL &&
	    strcmp(before->session, f->session) != 0;
	if (anew)
		app_select_anew(app, f);
	app->flows = f;
	app->rows_stale = app->dirty = true;
	if (++app->widest_age == WIDTHS_LAST) {
		app->widest_before = app->widest;
		app->widest = (struct ends_width){ 0, 0 };
		app->widest_age = 0;
	}
	/* Rows point into the flows they were built from. */
	app_prepare(app);
	if (anew)
		app_keep_visible(app);
	flows_free(before);
}

/* Another run of the stream: what was said of the one before is over.  What
 * is selected goes on to it when it is shown. */
static void
begin_run(struct app *app)
{
	app->totals_since = app->down_since = 0;
	app->down_text[0] = '\0';
	app->filtered = false;
	app->alert_count = 0;
	app->alert_total = false;
}

void
app_snapshot(struct app *app, struct flows *f)
{
	f->live = f->live && !app->recorded;
	store_done(app, f);
	if (history_add(&app->history, f))
		begin_run(app);
	app->arrived = app->now;
	if (f->filter[0] != '\0')
		app->filtered = true;
	if (!f->live || strcmp(f->state, "down") != 0) {
		app->down_since = 0;
		app->down_text[0] = '\0';
	} else if (app->down_since == 0) {
		app->down_since = f->ts;
	}
	app_notes(app, f);
	/* A paused file stands still itself: what comes is a step. */
	if (app->paused && f->live) {
		flows_free(app->latest);
		app->latest = f;
		app->dirty = true;
		return;
	}
	app_show(app, f);
}

void
app_feed(struct app *app, const struct feed_state *state)
{
	if (state->bad > app->feed.bad)
		app_say(app, STATUS_WARN, "stream: %s", state->error);
	/* Not by the key, which would have said so here. */
	if (app->feed.recording && !state->recording)
		app_say(app, STATUS_ERROR, "%s", state->error);
	if (state->ended != app->feed.ended ||
	    state->recording != app->feed.recording)
		app->dirty = true;
	app->feed = *state;
}

void
app_interfaces(struct app *app)
{
	if (app_popup(app) != POPUP_INTERFACES)
		return;
	app->chooser.count = app->interfaces.count;
	if (app->chooser.at >= app->chooser.count)
		app->chooser.at = 0;
	app->dirty = true;
	/* Where the capture is, unless one was looked for already. */
	if (app->chooser.search.len > 0) {
		chooser_search(app);
		return;
	}
	for (int i = app->chooser.count; i-- > 0;)
		if (flows_come_from(app->flows, app->interfaces.list[i].name))
			app->chooser.at = i;
}
