/* SPDX-License-Identifier: MIT
 *
 * Texts of the header bar.
 */
#include "tuiview/segments.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "tuiview/labels.h"
#include "tuiview/text.h"

const char *
view_name(enum pref_view view)
{
	static const char *const names[] = { "Flows", "Processes", "Hosts",
		"Services", "Publishers" };
	return names[view];
}

const char *
sort_name(enum pref_sort sort, enum pref_view view)
{
	static const char *const names[] = { "2s", "10s", "40s", "total",
		"source", "dest", "process" };
	return view != VIEW_FLOWS && sort >= SORT_SOURCE ? "name" :
	    names[sort];
}

const char *
line_name(enum pref_line line)
{
	static const char *const names[] = { "two lines", "one line",
		"sent only", "received only" };
	return names[line];
}

const char *
unit_name(enum format_unit unit)
{
	static const char *const names[] = { "bits", "bytes", "packets" };
	return names[unit];
}

const char *
bar_name(const struct prefs *prefs)
{
	static const char *const names[] = { "gradient", "solid", "thin",
		"ascii" };
	return prefs_bool(prefs, PREF_SHOW_BARS) ?
	    names[prefs_choice(prefs, PREF_BAR_STYLE)] : "none";
}

const char *
segment_name(enum segment s)
{
	static const char *const names[] = { "Program", "Interface", "View",
		"Flows", "Clock", "Order", "Refresh", "Units", "Theme",
		"State", "Losses", "Alert", "Filter", "Help" };
	return names[s];
}

static void
speed_text(double speed, char *text, size_t size)
{
	if (speed <= 0)
		snprintf(text, size, "max");
	else
		snprintf(text, size, speed < 100 ? "×%.3g" : "×%.0f", speed);
}

void
state_text(const struct app *app, char *text, size_t size)
{
	char speed[16], state[40] = "live";
	switch (app_condition(app)) {
	case CONDITION_WAITING:
		snprintf(state, sizeof(state), "waiting");
		break;
	case CONDITION_LIVE: break;
	case CONDITION_REPLAY:
		speed_text(app->speed, speed, sizeof(speed));
		snprintf(state, sizeof(state), "replay %s", speed);
		break;
	case CONDITION_STALLED:
		snprintf(state, sizeof(state), "STALLED %us",
		    app_stalled(app));
		break;
	case CONDITION_DOWN: snprintf(state, sizeof(state), "DOWN"); break;
	case CONDITION_ENDED: snprintf(state, sizeof(state), "ENDED"); break;
	}
	/* Pausing hides neither that nothing comes nor that it is over. */
	bool more = strcmp(state, "live") != 0 &&
	    strncmp(state, "replay", 6) != 0;
	snprintf(text, size, "%s%s%s", app->paused ? "PAUSED" : "",
	    app->paused && more ? " " : "", !app->paused || more ? state :
	    "");
}

static enum role
interface(const struct app *app, int length, char *text)
{
	const struct flows *f = app_newest(app);
	const char *name = f != NULL && f->interfaces[0] != '\0' ?
	    f->interfaces : "no interface";
	const char *state = f == NULL || strcmp(f->state, "file") == 0 ? "" :
	    app->feed.ended ? "ended" : f->state[0] != '\0' ? f->state : "?";
	bool down = strcmp(state, "down") == 0;
	static const int widths[LENGTHS] = { 40, 40, 10, 6 };
	char cut[SEGMENT_TEXT - 20];
	text_elide(name, widths[length], app->ascii, cut, sizeof(cut));
	if (length == LENGTH_LEAST)
		snprintf(text, SEGMENT_TEXT, "%s%s", cut, down ? "!" : "");
	else if (length == LENGTH_SHORT)
		snprintf(text, SEGMENT_TEXT, "%s%s", cut,
		    down ? " DOWN" : "");
	else
		snprintf(text, SEGMENT_TEXT, "%s%s%s", cut,
		    state[0] != '\0' ? " " : "", down ? "DOWN" : state);
	return down ? ROLE_HEADER_WARN : ROLE_HEADER;
}

static enum role
flows(const struct app *app, int length, char *text)
{
	unsigned long long all = app->flows != NULL ?
	    flows_known(app->flows) : 0;
	unsigned long long shown = app->filter.count > 0 ||
	    app_drilled(app) ? app->model.matched :
	    app->flows != NULL ? app->flows->count : 0;
	const char *label = length == LENGTH_LONG ? "flows " :
	    length == LENGTH_MEDIUM ? "fl " : "";
	if (shown == all)
		snprintf(text, SEGMENT_TEXT, "%s%llu%s", label, all,
		    length >= LENGTH_SHORT ? "fl" : "");
	else
		snprintf(text, SEGMENT_TEXT, "%s%llu/%llu", label, shown,
		    all);
	return ROLE_HEADER;
}

static enum role
clock_time(const struct app *app, int length, char *text)
{
	uint64_t ms = app->flows != NULL ? app->flows->ts : app->wall;
	if (app->wall != 0 && !app_is_replay(app) && !app->feed.ended)
		ms = app->wall;
	time_t seconds = (time_t)(ms / 1000);
	struct tm tm;
	localtime_r(&seconds, &tm);
	strftime(text, SEGMENT_TEXT, length == LENGTH_LEAST ? "%H:%M" :
	    "%H:%M:%S", &tm);
	return ROLE_HEADER;
}

static enum role
sort(const struct app *app, int length, char *text)
{
	enum pref_sort by = (enum pref_sort)prefs_choice(app->prefs,
	    PREF_SORT);
	bool reverse = prefs_bool(app->prefs, PREF_REVERSE);
	const char *name = sort_name(by, app->view);
	if (length <= LENGTH_MEDIUM)
		snprintf(text, SEGMENT_TEXT, "%s%s%s%s",
		    length == LENGTH_LONG ? "sort " : "", name,
		    reverse ? " reversed" : "",
		    app->frozen ? " FROZEN" : "");
	else
		snprintf(text, SEGMENT_TEXT, "%s%s%s", name,
		    reverse ? "▲" : "", app->frozen ? " FRZ" : "");
	return app->frozen ? ROLE_HEADER_WARN : ROLE_HEADER;
}

static enum role
losses(const struct app *app, int length, char *text)
{
	const struct flows *f = app_newest(app);
	unsigned long long drops = 0, skipped = 0;
	char seen[24] = "";
	if (f != NULL) {
		drops = f->kernel_dropped + f->interface_dropped;
		skipped = f->skipped;
	}
	char skip[32] = "";
	if (skipped > 0)
		snprintf(skip, sizeof(skip), " skipped %llu", skipped);
	/* What a filter leaves out is no loss. */
	bool poor = f != NULL && f->coverage >= 0 && f->coverage < 0.99 &&
	    !app_filtered(app);
	if (f != NULL && f->coverage >= 0) {
		double percent = f->coverage * 100;
		/* Never round up to all of it. */
		if (percent < 100 && percent > 99.9)
			percent = 99.9;
		snprintf(seen, sizeof(seen), percent >= 100 ? "100%%" :
		    "%.1f%%", percent);
	}
	if (length == LENGTH_LONG)
		snprintf(text, SEGMENT_TEXT, "drops %llu%s%s%s", drops,
		    seen[0] != '\0' ? " seen " : "", seen,
		    skip);
	else if (length == LENGTH_MEDIUM)
		snprintf(text, SEGMENT_TEXT, "drops %llu%s%s%s", drops,
		    seen[0] != '\0' ? " " : "", seen,
		    skipped > 0 ? " skip" : "");
	else if (length == LENGTH_SHORT)
		snprintf(text, SEGMENT_TEXT, "d%llu%s%s%s", drops,
		    seen[0] != '\0' ? " " : "", seen,
		    skipped > 0 ? " sk" : "");
	else
		snprintf(text, SEGMENT_TEXT, "%s%llu%s", drops > 0 ? "D" : "d",
		    drops, poor || skipped > 0 ? "!" : "");
	return drops > 0 || poor || skipped > 0 ? ROLE_HEADER_WARN :
	    ROLE_HEADER;
}

static enum role
alert(const struct app *app, int length, char *text)
{
	uint64_t threshold = prefs_rate(app->prefs, PREF_ALERT_THRESHOLD);
	char rate[FORMAT_TEXT] = "off";
	bool on = app->alert_count > 0 || app->alert_total;
	if (threshold > 0)
		label_bandwidth(app, threshold, rate);
	const char *label = length == LENGTH_LONG ? "alert " :
	    length == LENGTH_MEDIUM ? "al " : "A:";
	if (on)		/* the threshold may be the command line's */
		snprintf(text, SEGMENT_TEXT, "%s %zu%s%s",
		    length >= LENGTH_SHORT ? "A!" : "ALERT",
		    app->alert_count + app->alert_total,
		    threshold > 0 ? ">" : "", threshold > 0 ? rate : "");
	else
		snprintf(text, SEGMENT_TEXT, "%s%s", label,
		    length == LENGTH_LEAST && threshold == 0 ? "-" : rate);
	return on ? ROLE_HEADER_WARN : ROLE_HEADER;
}

/* Of the rows, and of the capture: what it leaves out is nowhere else. */
static enum role
filter(const struct app *app, int length, char *text)
{
	static const int widths[LENGTHS] = { 28, 16, 9, 5 };
	const struct flows *f = app_newest(app);
	const char *bpf = f != NULL ? f->filter : "", *both = "";
	char cut[SEGMENT_TEXT - 8];
	bool rows = app->filter.text[0] != '\0';
	if (!rows && bpf[0] == '\0') {
		snprintf(text, SEGMENT_TEXT, length == LENGTH_LONG ?
		    "no filter" : "/-");
		return ROLE_HEADER;
	}
	text_elide(rows ? app->filter.text : bpf, widths[length], app->ascii,
	    cut, sizeof(cut));
	if (rows && bpf[0] != '\0')
		both = " bpf";
	if (!rows && length >= LENGTH_SHORT)
		snprintf(text, SEGMENT_TEXT, "bpf");
	else
		snprintf(text, SEGMENT_TEXT, "%s%s%s", rows ? "/" : "bpf ",
		    cut, both);
	return ROLE_HEADER_KEY;
}

static enum role
theme(const struct app *app, int length, char *text)
{
	static const int widths[LENGTHS] = { 24, 8, 4, 3 };
	const struct theme *t = app->preview != NULL ? app->preview :
	    prefs_theme(app->prefs);
	/* The end of a name tells less than its start, and whole words more
	 * than half of one. */
	char copy[SEGMENT_TEXT], *space;
	snprintf(copy, sizeof(copy), "%s", t->name);
	while (text_width(copy) > widths[length]) {
		if ((space = strrchr(copy, ' ')) != NULL)
			*space = '\0';
		else
			copy[text_bytes(copy, (int)strlen(copy) - 1)] = '\0';
	}
	snprintf(text, SEGMENT_TEXT, "%s", copy);
	return ROLE_HEADER;
}

static enum role
state(const struct app *app, int length, char *text)
{
	state_text(app, text, SEGMENT_TEXT);
	/* "rep ×4": never a bare number that could mean anything. */
	if (length == LENGTH_LEAST && strncmp(text, "replay ", 7) == 0)
		memmove(text + 3, text + 6, strlen(text + 6) + 1);
	if (app->feed.recording && length <= LENGTH_MEDIUM)
		strncat(text, " REC", SEGMENT_TEXT - strlen(text) - 1);
	else if (app->feed.recording)
		strncat(text, "●", SEGMENT_TEXT - strlen(text) - 1);
	return app->paused || app->feed.recording ||
	    app_condition(app) != CONDITION_LIVE ? ROLE_HEADER_WARN :
	    ROLE_HEADER;
}

static void
refresh(const struct app *app, char *text)
{
	double seconds = app->flows != NULL ? app->flows->interval :
	    prefs_number(app->prefs, PREF_REFRESH_RATE);
	/* That of a whole file is anything. */
	snprintf(text, SEGMENT_TEXT, "%gs", seconds < 10 ? seconds :
	    (double)(uint64_t)(seconds * 10 + 0.5) / 10);
}

enum role
segment_text(const struct app *app, enum segment s, int length,
    char text[SEGMENT_TEXT])
{
	text[0] = '\0';
	switch (s) {
	case SEGMENT_NAME:
		snprintf(text, SEGMENT_TEXT, length == LENGTH_LEAST ? "ift" :
		    "IFTOPRS");
		return ROLE_HEADER_NAME;
	case SEGMENT_INTERFACE:
		return interface(app, length, text);
	case SEGMENT_VIEW:
		snprintf(text, SEGMENT_TEXT, length >= LENGTH_SHORT ? "%.4s" :
		    "%s", view_name(app->view));
		return ROLE_HEADER;
	case SEGMENT_FLOWS:
		return flows(app, length, text);
	case SEGMENT_CLOCK:
		return clock_time(app, length, text);
	case SEGMENT_SORT:
		return sort(app, length, text);
	case SEGMENT_REFRESH:
		refresh(app, text);
		return ROLE_HEADER;
	case SEGMENT_UNITS:
		snprintf(text, SEGMENT_TEXT, length == LENGTH_LEAST ? "%.3s" :
		    "%s", unit_name((enum format_unit)prefs_choice(app->prefs,
		    PREF_UNITS)));
		return ROLE_HEADER;
	case SEGMENT_THEME:
		return theme(app, length, text);
	case SEGMENT_STATE:
		return state(app, length, text);
	case SEGMENT_DROPS:
		return losses(app, length, text);
	case SEGMENT_ALERT:
		return alert(app, length, text);
	case SEGMENT_FILTER:
		return filter(app, length, text);
	case SEGMENT_HELP:
		snprintf(text, SEGMENT_TEXT, length == LENGTH_LONG ?
		    "h help" : length == LENGTH_LEAST ? "h" : "h?");
		return ROLE_HEADER_KEY;
	case SEGMENT_COUNT:
		break;
	}
	return ROLE_HEADER;
}
