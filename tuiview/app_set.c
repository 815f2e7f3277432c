/* SPDX-License-Identifier: MIT
 *
 * Actions that change a setting: what is shown, in what order, how often.
 */
#include "tuiview/app.h"
#include "tuiview/segments.h"

static void
changed(struct app *app)
{
	app->rows_stale = app->dirty = true;
	app_forget_widths(app);
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
		app_forget_widths(app);
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

/* Which of a flow's two ends are meant, as bits. */
enum { SOURCE = AGGREGATE_SOURCE, DESTINATION = AGGREGATE_DESTINATION };

static void
set_and_say(struct app *app, const char *text)
{
	app->wants.save = true;
	app_say(app, STATUS_INFO, "%s", text);
	changed(app);
}

static void
side_ports(struct app *app, unsigned side)
{
	static const enum pref_port display[] = { PORT_BOTH, PORT_SOURCE,
		PORT_DESTINATION, PORT_BOTH };
	static const char *const said[] = {
		"ports hidden: rows merged by hosts", "source ports only",
		"destination ports only", "ports shown",
	};
	int now = prefs_choice(app->prefs, PREF_PORT_DISPLAY);
	unsigned sides = now == PORT_SOURCE ? SOURCE : now ==
	    PORT_DESTINATION ? DESTINATION : SOURCE | DESTINATION;
	if (!prefs_bool(app->prefs, PREF_SHOW_PORTS))
		sides = 0;
	sides ^= side;
	prefs_set_bool(app->prefs, PREF_SHOW_PORTS, sides != 0);
	prefs_set_choice(app->prefs, PREF_PORT_DISPLAY, display[sides]);
	set_and_say(app, said[sides]);
}

static void
merge_side(struct app *app, unsigned side)
{
	static const char *const said[] = { "hosts told apart",
		"sources merged", "destinations merged", "all hosts merged" };
	unsigned sides = (unsigned)prefs_choice(app->prefs, PREF_AGGREGATE) ^
	    side;
	prefs_set_choice(app->prefs, PREF_AGGREGATE, (int)sides);
	set_and_say(app, said[sides]);
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
reset_totals(struct app *app)
{
	if (app->has_flowagg) {
		app_order(app, "flowagg", "reset");
		app_say(app, STATUS_INFO, "totals and peaks begin at 0");
	} else {
		app_say(app, STATUS_WARN, "totals cannot begin at 0: this "
		    "stream takes no orders");
	}
}

static void
freeze(struct app *app)
{
	app->frozen = !app->frozen;
	app_say(app, STATUS_INFO, app->frozen ?
	    "order frozen (o or a sort key thaws it)" : "order thawed");
	changed(app);
}

bool
app_set(struct app *app, enum action action)
{
	if (toggle(app, action))
		return true;
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
	case ACTION_REFRESH: next_refresh(app); return true;
	case ACTION_RESET: reset_totals(app); return true;
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
	case ACTION_SOURCE_PORTS: side_ports(app, SOURCE); return true;
	case ACTION_DESTINATION_PORTS:
		side_ports(app, DESTINATION);
		return true;
	case ACTION_MERGE_SOURCES: merge_side(app, SOURCE); return true;
	case ACTION_MERGE_DESTINATIONS:
		merge_side(app, DESTINATION);
		return true;
	default: return false;
	}
}
