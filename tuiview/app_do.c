/* SPDX-License-Identifier: MIT
 *
 * Actions of the main view.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"
#include "tuiview/app.h"
#include "tuiview/labels.h"
#include "tuiview/segments.h"

static void
changed(struct app *app)
{
	app->rows_stale = app->dirty = true;
}

/* Settings that a key toggles, what they mean, and whether rows change. */
static const struct toggle {
	enum action action;
	enum pref pref;
	const char *on, *off;
	bool rows;
} toggles[] = {
	{ ACTION_CUMULATIVE, PREF_SHOW_CUMULATIVE, "totals shown",
	    "totals hidden", false },
	{ ACTION_BORDER, PREF_SHOW_BORDER, "border shown", "border hidden",
	    false },
	{ ACTION_HEADER, PREF_SHOW_HEADER, "header shown (g hides it)",
	    "header hidden (g brings it back)", false },
	{ ACTION_PROCESSES, PREF_SHOW_PROCESSES, "processes shown",
	    "processes hidden", false },
	{ ACTION_DNS, PREF_DNS_RESOLUTION, "host names", "addresses", true },
	{ ACTION_SERVICES, PREF_PORT_RESOLUTION, "service names",
	    "port numbers", true },
	{ ACTION_HOVER, PREF_HOVER_TOOLTIPS, "tips under the pointer: on",
	    "tips under the pointer: off", false },
	{ ACTION_MOUSE, PREF_MOUSE, "mouse on",
	    "mouse off: the terminal selects text", false },
	{ ACTION_REVERSE, PREF_REVERSE, "order reversed",
	    "order as usual", true },
	{ ACTION_PORTS, PREF_SHOW_PORTS, "ports shown",
	    "ports hidden: rows merged by hosts", true },
};

static bool
toggle(struct app *app, enum action action)
{
	for (size_t i = 0; i < sizeof(toggles) / sizeof(toggles[0]); i++) {
		const struct toggle *t = &toggles[i];
		if (t->action != action)
			continue;
		bool on = !prefs_bool(app->prefs, t->pref);
		prefs_set_bool(app->prefs, t->pref, on);
		app->wants.save = true;
		app->dirty = true;
		app->rows_stale |= t->rows;
		app_say(app, STATUS_INFO, "%s", on ? t->on : t->off);
		if (action == ACTION_REVERSE)
			app->frozen = false;
		if (action == ACTION_DNS && app->has_namemap)
			app_order(app, "namemap", "dns %s", on ? "on" : "off");
		if (action == ACTION_SERVICES && app->has_namemap)
			app_order(app, "namemap", "services %s",
			    on ? "on" : "off");
		app_keep_visible(app);
		return true;
	}
	return false;
}

static void
sort_by(struct app *app, enum pref_sort sort)
{
	static const char *const keys[] = { "2s", "10s", "40s", "total",
		"src", "dst", "process" };
	prefs_set_choice(app->prefs, PREF_SORT, (int)sort);
	app->frozen = false;
	app->wants.save = true;
	/* Which flows make the top N is flowagg's choice. */
	if (app->has_flowagg && sort <= SORT_TOTAL)
		app_order(app, "flowagg", "sort %s", keys[sort]);
	app_say(app, STATUS_INFO, "sorted by %s", sort_name(sort, app->view));
	changed(app);
}

static void
side_ports(struct app *app, bool source)
{
	bool shown = prefs_bool(app->prefs, PREF_SHOW_PORTS);
	enum pref_port which = (enum pref_port)prefs_choice(app->prefs,
	    PREF_PORT_DISPLAY);
	bool src = shown && which != PORT_DESTINATION;
	bool dst = shown && which != PORT_SOURCE;
	if (source)
		src = !src;
	else
		dst = !dst;
	prefs_set_bool(app->prefs, PREF_SHOW_PORTS, src || dst);
	prefs_set_choice(app->prefs, PREF_PORT_DISPLAY, src && !dst ?
	    PORT_SOURCE : dst && !src ? PORT_DESTINATION : PORT_BOTH);
	app->wants.save = true;
	app_say(app, STATUS_INFO, src && dst ? "ports shown" : src ?
	    "source ports only" : dst ? "destination ports only" :
	    "ports hidden: rows merged by hosts");
	changed(app);
}

static void
merge_side(struct app *app, bool source)
{
	enum pref_aggregate now = (enum pref_aggregate)prefs_choice(
	    app->prefs, PREF_AGGREGATE);
	bool src = now == AGGREGATE_SOURCE || now == AGGREGATE_BOTH;
	bool dst = now == AGGREGATE_DESTINATION || now == AGGREGATE_BOTH;
	if (source)
		src = !src;
	else
		dst = !dst;
	prefs_set_choice(app->prefs, PREF_AGGREGATE, src && dst ?
	    AGGREGATE_BOTH : src ? AGGREGATE_SOURCE : dst ?
	    AGGREGATE_DESTINATION : AGGREGATE_NONE);
	app->wants.save = true;
	app_say(app, STATUS_INFO, src && dst ? "all hosts merged" : src ?
	    "sources merged" : dst ? "destinations merged" :
	    "hosts told apart");
	changed(app);
}

static void
next_bar(struct app *app)
{
	bool shown = prefs_bool(app->prefs, PREF_SHOW_BARS);
	int style = prefs_choice(app->prefs, PREF_BAR_STYLE);
	if (!shown) {
		prefs_set_bool(app->prefs, PREF_SHOW_BARS, true);
		prefs_set_choice(app->prefs, PREF_BAR_STYLE, BAR_GRADIENT);
	} else if (style == BAR_ASCII) {
		prefs_set_bool(app->prefs, PREF_SHOW_BARS, false);
	} else {
		prefs_set_choice(app->prefs, PREF_BAR_STYLE, style + 1);
	}
	app->wants.save = true;
	app_say(app, STATUS_INFO, "bars: %s", bar_name(app->prefs));
}

static void
next_choice(struct app *app, enum pref pref, int count)
{
	prefs_set_choice(app->prefs, pref,
	    (prefs_choice(app->prefs, pref) + 1) % count);
	app->wants.save = true;
	changed(app);
}

static void
next_refresh(struct app *app)
{
	static const double steps[] = { 1, 2, 5, 10 };
	double now = prefs_number(app->prefs, PREF_REFRESH_RATE), next = 1;
	for (int i = 3; i >= 0; i--)
		if (steps[i] > now)
			next = steps[i];
	prefs_set_number(app->prefs, PREF_REFRESH_RATE, next);
	app->wants.save = true;
	if (app->has_flowagg) {
		app_order(app, "flowagg", "interval %g", next);
		app_say(app, STATUS_INFO, "refresh every %g s", next);
	} else {
		app_say(app, STATUS_WARN, "refresh every %g s from the next "
		    "start: this stream takes no orders", next);
	}
}

static void
pause_screen(struct app *app)
{
	app->paused = !app->paused;
	app->paused_at = app->flows != NULL ? app->flows->ts : 0;
	app->dirty = true;
	if (app_is_replay(app) && app->has_capd)
		app_order(app, "capd", app->paused ? "pause" : "resume");
	if (app_is_replay(app) && app->paces)
		app->wants.pause_feed = true;
	if (!app->paused && app->latest != NULL) {
		struct flows *latest = app->latest;
		app->latest = NULL;
		app_show(app, latest);
	}
}

static void
change_speed(struct app *app, bool faster)
{
	if (!app_is_replay(app) || (!app->has_capd && !app->paces)) {
		app_say(app, STATUS_WARN, "only a replay has a speed");
		return;
	}
	double speed = app->speed > 0 ? app->speed : 1;
	speed = faster ? speed * 2 : speed / 2;
	if (speed > 1024)
		speed = 1024;
	if (speed < 0.125)
		speed = 0.125;
	app->speed = speed;
	if (app->has_capd)
		app_order(app, "capd", "speed %g", speed);
	else
		app->wants.speed_feed = true;
	app_say(app, STATUS_INFO, "replay at %g times the recorded speed",
	    speed);
}

static void
step(struct app *app)
{
	if (!app_is_replay(app) || !app->paused) {
		app_say(app, STATUS_WARN, app_is_replay(app) ?
		    "pause first (P), then step" : "only a replay steps");
		return;
	}
	if (app->has_capd)
		app_order(app, "capd", "step %g", app->flows->interval);
	else if (app->paces)
		app->wants.step_feed = true;
}

static void
freeze(struct app *app)
{
	app->frozen = !app->frozen;
	app_say(app, STATUS_INFO, app->frozen ?
	    "order frozen (o or a sort key thaws it)" : "order thawed");
	changed(app);
}

static void
pin(struct app *app)
{
	const struct row *row = app_selected(app);
	struct rows_how how;
	char src[ROWS_PIN], dst[ROWS_PIN];
	if (row == NULL) {
		app_say(app, STATUS_WARN, "select a row first (j, k)");
		return;
	}
	app_how(app, &how);
	rows_pin(row, &how, src, dst);
	bool on = prefs_pin_toggle(app->prefs, src, dst);
	app->wants.save = true;
	app_say(app, STATUS_INFO, on ? "★ pinned" : "no longer pinned");
	changed(app);
}

static void
copy(struct app *app)
{
	const struct row *row = app_selected(app);
	char text[512];
	if (row == NULL) {
		app_say(app, STATUS_WARN, "select a row first (j, k)");
		return;
	}
	label_copy(app, row, text, sizeof(text));
	free(app->wants.copy);
	app->wants.copy = xstrdup(text);
}

static void
change_view(struct app *app, int step_by)
{
	app->view = (enum pref_view)(((int)app->view + step_by + VIEWS) %
	    VIEWS);
	prefs_set_choice(app->prefs, PREF_VIEW, (int)app->view);
	app->wants.save = true;
	changed(app);
}

/* Into a group's flows, or a flow's details. */
static void
enter(struct app *app)
{
	const struct row *row = app_selected(app);
	if (row == NULL) {
		app_move(app, 1);
		return;
	}
	if (app->view == VIEW_FLOWS) {
		app_popup_open(app, POPUP_DETAILS);
		return;
	}
	app->drill = (struct drill){ .view = app->view, .key = row->key };
	rows_name(row, app->view, prefs_bool(app->prefs, PREF_DNS_RESOLUTION),
	    true, app->drill.name);
	app->view = VIEW_FLOWS;
	app->selected[VIEW_FLOWS] = 0;
	app->place[VIEW_FLOWS] = app->top[VIEW_FLOWS] = 0;
	changed(app);
}

static void
back(struct app *app)
{
	if (app->selected[app->view] != 0) {
		app->selected[app->view] = 0;
	} else if (app->drill.view != VIEW_FLOWS) {
		app->view = app->drill.view;
		app->drill.view = VIEW_FLOWS;
	}
	changed(app);
}

static void
first_row(struct app *app, bool last)
{
	app_prepare(app);
	app_select(app, last ? (long)app->model.count - 1 : 0);
}

static long
page(const struct app *app)
{
	int lines = app->view == VIEW_FLOWS && prefs_choice(app->prefs,
	    PREF_LINE_MODE) == LINE_TWO ? 2 : 1;
	int rows = app_area_height(app) / lines;
	return rows > 1 ? rows - 1 : 1;
}

static bool
move(struct app *app, enum action action)
{
	switch (action) {
	case ACTION_DOWN: app_move(app, 1); return true;
	case ACTION_UP: app_move(app, -1); return true;
	case ACTION_HALF_DOWN: app_move(app, (page(app) + 1) / 2); return true;
	case ACTION_HALF_UP: app_move(app, -(page(app) + 1) / 2); return true;
	case ACTION_PAGE_DOWN: app_move(app, page(app)); return true;
	case ACTION_PAGE_UP: app_move(app, -page(app)); return true;
	case ACTION_FIRST: first_row(app, false); return true;
	case ACTION_LAST: first_row(app, true); return true;
	default: return false;
	}
}

static bool
sort_or_show(struct app *app, enum action action)
{
	switch (action) {
	case ACTION_SORT_2S: sort_by(app, SORT_2S); return true;
	case ACTION_SORT_10S: sort_by(app, SORT_10S); return true;
	case ACTION_SORT_40S: sort_by(app, SORT_40S); return true;
	case ACTION_SORT_TOTAL: sort_by(app, SORT_TOTAL); return true;
	case ACTION_SORT_SOURCE: sort_by(app, SORT_SOURCE); return true;
	case ACTION_SORT_DESTINATION:
		sort_by(app, SORT_DESTINATION);
		return true;
	case ACTION_SORT_PROCESS: sort_by(app, SORT_PROCESS); return true;
	case ACTION_FREEZE: freeze(app); return true;
	case ACTION_LINE_MODE:
		next_choice(app, PREF_LINE_MODE, 4);
		app_keep_visible(app);
		app_say(app, STATUS_INFO, "%s", line_name((enum pref_line)
		    prefs_choice(app->prefs, PREF_LINE_MODE)));
		return true;
	case ACTION_BAR_STYLE: next_bar(app); return true;
	case ACTION_UNITS:
		next_choice(app, PREF_UNITS, 3);
		app_say(app, STATUS_INFO, "rates in %s", unit_name(
		    (enum format_unit)prefs_choice(app->prefs, PREF_UNITS)));
		return true;
	case ACTION_SCALE:
		next_choice(app, PREF_SCALE, 2);
		app_say(app, STATUS_INFO, "%s scale", prefs_choice(app->prefs,
		    PREF_SCALE) == SCALE_LINEAR ? "linear" : "logarithmic");
		return true;
	case ACTION_SOURCE_PORTS: side_ports(app, true); return true;
	case ACTION_DESTINATION_PORTS: side_ports(app, false); return true;
	case ACTION_MERGE_SOURCES: merge_side(app, true); return true;
	case ACTION_MERGE_DESTINATIONS: merge_side(app, false); return true;
	default: return false;
	}
}

static bool
open_popup(struct app *app, enum action action)
{
	static const struct { enum action action; enum popup popup; }
	    table[] = {
		{ ACTION_HELP, POPUP_HELP },
		{ ACTION_THEMES, POPUP_THEMES },
		{ ACTION_THEME_EDITOR, POPUP_EDITOR },
		{ ACTION_INTERFACES, POPUP_INTERFACES },
		{ ACTION_FILTER, POPUP_FILTER },
		{ ACTION_EDIT_BPF, POPUP_BPF },
		{ ACTION_ALERT, POPUP_ALERT },
	};
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (table[i].action == action) {
			app_popup_open(app, table[i].popup);
			return true;
		}
	return false;
}

static bool
leave_or_ask(struct app *app, enum action action)
{
	switch (action) {
	case ACTION_QUIT:
		app->wants.save = app->wants.quit = true;
		return true;
	case ACTION_QUIT_UNSAVED: app->wants.quit = true; return true;
	case ACTION_SUSPEND: app->wants.suspend = true; return true;
	case ACTION_REPAINT: app->wants.repaint = true; return true;
	case ACTION_EXPORT: app->wants.export = true; return true;
	case ACTION_RECORD: app->wants.record = true; return true;
	default: return false;
	}
}

void
app_do(struct app *app, enum action action)
{
	app->dirty = true;
	if (toggle(app, action) || move(app, action) ||
	    sort_or_show(app, action) || open_popup(app, action) ||
	    leave_or_ask(app, action))
		return;
	switch (action) {
	case ACTION_NEXT_VIEW: change_view(app, 1); break;
	case ACTION_PREVIOUS_VIEW: change_view(app, -1); break;
	case ACTION_ENTER: enter(app); break;
	case ACTION_BACK: back(app); break;
	case ACTION_FILTER_CLEAR:
		app_set_filter(app, "");
		app_say(app, STATUS_INFO, "filter cleared");
		break;
	case ACTION_REFRESH: next_refresh(app); break;
	case ACTION_PAUSE: pause_screen(app); break;
	case ACTION_PIN: pin(app); break;
	case ACTION_COPY: copy(app); break;
	case ACTION_FASTER: change_speed(app, true); break;
	case ACTION_SLOWER: change_speed(app, false); break;
	case ACTION_STEP: step(app); break;
	default: break;
	}
}
