/* SPDX-License-Identifier: MIT
 *
 * Tooltips of how the screen is set: program, view, order, units, theme,
 * filter, help.
 */
#include <stdio.h>
#include <sys/utsname.h>

#include "tuiview/labels.h"
#include "tuiview/popups.h"
#include "tuiview/scale.h"
#include "tuiview/segments.h"
#include "tuiview/tips_segments.h"

void
tip_program(const struct app *app, struct tip *t)
{
	struct utsname u = { .sysname = "" };
	const char *path = prefs_path(app->prefs);
	uname(&u);
	tip_line(t, "version", "%s (tuiview)", VERSION);
	tip_line(t, "what", "flows, processes and hosts on an interface");
	tip_line(t, "licence", "MIT");
	tip_line(t, "system", "%s %s", u.sysname, u.machine);
	tip_line(t, "settings", "%s", path != NULL ? path : "kept nowhere");
	if (app->flows != NULL) {
		tip_line(t, "host", "%s", app->flows->host);
		tip_line(t, "session", "%s", app->flows->session);
		tip_line(t, "snapshot", "number %llu",
		    (unsigned long long)app->flows->seq);
	}
	tip_line(t, "screen", "%d columns, %d rows", app->cols, app->rows);
	tip_line(t, "manual", "iftoprs(7), tuiview(1)");
	tip_line(t, "quit", "%s", tip_keys(ACTION_QUIT));
}

void
tip_view(const struct app *app, struct tip *t)
{
	for (int i = 0; i < VIEWS; i++)
		tip_line(t, i == (int)app->view ? "▸ now" : "", "%s",
		    view_name((enum pref_view)i));
	tip_line(t, "rows", "%zu of %zu", app->model.count, app->model.all);
	tip_line(t, "drilled into", "%s", app_drilled(app) ?
	    app->drill.name : "nothing");
	tip_line(t, "lines", "%s (%s)", line_name((enum pref_line)
	    prefs_choice(app->prefs, PREF_LINE_MODE)),
	    tip_keys(ACTION_LINE_MODE));
	tip_line(t, "change", "%s, %s", tip_keys(ACTION_NEXT_VIEW),
	    tip_keys(ACTION_PREVIOUS_VIEW));
	tip_line(t, "into a row", "%s, back %s", tip_keys(ACTION_ENTER),
	    tip_keys(ACTION_BACK));
}

void
tip_sort(const struct app *app, struct tip *t)
{
	struct rows_how how;
	char text[FORMAT_TEXT], label[LABEL];
	app_how(app, &how);
	tip_line(t, "by", "%s", sort_name(how.sort, app->view));
	tip_origin(app, PREF_SORT, t);
	tip_line(t, "direction", "%s", how.reverse ? "reversed" : "usual");
	tip_line(t, "counts", "%s", line_name(how.line));
	tip_line(t, "frozen", "%s (%s)", app->frozen ? "yes" : "no",
	    tip_keys(ACTION_FREEZE));
	for (int i = 0; i < 2 && app->model.count > 0; i++) {
		const struct row *row = rows_at(&app->model, i == 0 ? 0 :
		    app->model.count - 1);
		label_row_rate(app, row, rows_rate(row, how.line,
		    rows_window(how.sort)), text);
		if (app->view == VIEW_FLOWS)
			label_end(app, row, false, label);
		else
			label_group(app, row, label);
		tip_line(t, i == 0 ? "first" : "last", "%s %s", text,
		    label);
	}
	tip_line(t, "rates", "%s %s %s, total %s", tip_keys(ACTION_SORT_2S),
	    tip_keys(ACTION_SORT_10S), tip_keys(ACTION_SORT_40S),
	    tip_keys(ACTION_SORT_TOTAL));
	tip_line(t, "names", "%s %s, process %s", tip_keys(ACTION_SORT_SOURCE),
	    tip_keys(ACTION_SORT_DESTINATION), tip_keys(ACTION_SORT_PROCESS));
	tip_line(t, "reverse", "%s", tip_keys(ACTION_REVERSE));
	tip_line(t, "mouse", "click on a column's heading");
}

void
tip_units(const struct app *app, struct tip *t)
{
	enum format_unit unit = (enum format_unit)prefs_choice(app->prefs,
	    PREF_UNITS);
	struct scale s;
	char top[FORMAT_TEXT];
	scale_of(app, &s);
	tip_line(t, "rates", "%s per second", unit_name(unit));
	tip_origin(app, PREF_UNITS, t);
	tip_line(t, "totals", "%s", unit == FORMAT_PACKETS ? "packets" :
	    "bytes");
	tip_line(t, "prefixes", "k M G T, steps of 1000");
	format_rate((uint64_t)(s.top / (unit == FORMAT_PACKETS ? 1 : 8)),
	    unit, top);
	tip_line(t, "scale", "%s, up to %s (%s)", s.linear ? "linear" :
	    "logarithmic", top, tip_keys(ACTION_SCALE));
	tip_line(t, "bars", "%s (%s)", bar_name(app->prefs),
	    tip_keys(ACTION_BAR_STYLE));
	tip_line(t, "change", "%s", tip_keys(ACTION_UNITS));
}

void
tip_theme(const struct app *app, struct tip *t)
{
	static const char *const depths[] = { "none", "16", "256",
		"16 million" };
	const struct theme *theme = app->preview != NULL ? app->preview :
	    prefs_theme(app->prefs);
	tip_line(t, "theme", "%s", theme->name);
	if (app->preview == NULL)
		tip_origin(app, PREF_THEME, t);
	tip_line(t, "mood", "%s", theme->mood != NULL &&
	    theme->mood[0] != '\0' ? theme->mood : "your own");
	tip_line(t, "built in", "%zu", theme_count);
	tip_line(t, "your own", "%d", themes_count(app->prefs) -
	    (int)theme_count);
	tip_line(t, "colours", "%s", depths[app->depth]);
	tip_line(t, "background", "%s", app->background == BACKGROUND_LIGHT ?
	    "light" : "dark");
	tip_line(t, "choose", "%s", tip_keys(ACTION_THEMES));
	tip_line(t, "edit", "%s", tip_keys(ACTION_THEME_EDITOR));
}

void
tip_filter(const struct app *app, struct tip *t)
{
	const struct flows *f = app_newest(app);
	const char *last = prefs_history(app->prefs, 0);
	tip_line(t, "filter", "%s", app->filter.text[0] != '\0' ?
	    app->filter.text : "none");
	tip_line(t, "flows that match", "%zu", app->model.matched);
	tip_line(t, "rows shown", "%zu of %zu", app->model.count,
	    app->model.all);
	tip_line(t, "rows hidden", "%zu", app->model.all - app->model.count);
	tip_line(t, "totals, alerts", "of everything, filtered or not");
	tip_line(t, "last one", "%s", last != NULL ? last : "none");
	tip_line(t, "edit", "%s, clear %s", tip_keys(ACTION_FILTER),
	    tip_keys(ACTION_FILTER_CLEAR));
	tip_line(t, "words", "host: port: proc: proto: user: !not /regex/");
	tip_line(t, "capture filter", "%s (%s)", f != NULL &&
	    f->filter[0] != '\0' ? f->filter :
	    "none: everything is counted", tip_keys(ACTION_EDIT_BPF));
}

void
tip_help(const struct app *app, struct tip *t)
{
	(void)app;
	tip_line(t, "help", "%s", tip_keys(ACTION_HELP));
	tip_line(t, "views", "%s", tip_keys(ACTION_NEXT_VIEW));
	tip_line(t, "filter", "%s", tip_keys(ACTION_FILTER));
	tip_line(t, "move", "%s, %s", tip_keys(ACTION_DOWN),
	    tip_keys(ACTION_UP));
	tip_line(t, "mouse", "%s; right click: tips", tip_keys(ACTION_MOUSE));
	tip_line(t, "tips by hover", "%s (%s)", tip_on_off(prefs_bool(
	    app->prefs, PREF_HOVER_TOOLTIPS)), tip_keys(ACTION_HOVER));
	tip_line(t, "hide this bar", "%s", tip_keys(ACTION_HEADER));
	tip_line(t, "quit", "%s", tip_keys(ACTION_QUIT));
}
