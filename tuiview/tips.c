/* SPDX-License-Identifier: MIT
 *
 * Tooltips of the fourteen segments.
 */
#include "tuiview/tips.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>

#include "tuiview/labels.h"
#include "tuiview/popups.h"
#include "tuiview/scale.h"
#include "tuiview/segments.h"

void
tip_line(struct tip *t, const char *label, const char *format, ...)
{
	va_list arguments;
	if (t->count == TIP_LINES)
		return;
	struct tip_line *l = &t->lines[t->count++];
	snprintf(l->label, sizeof(l->label), "%s", label);
	va_start(arguments, format);
	vsnprintf(l->value, sizeof(l->value), format, arguments);
	va_end(arguments);
}

static const char *
on_off(bool on)
{
	return on ? "on" : "off";
}

static const char *
keys(enum action action)
{
	static _Thread_local char names[4][KEY_NAMES];
	static _Thread_local unsigned next;
	char *text = names[next++ % 4];
	key_names(action, text);
	return text;
}

static void
tip_program(const struct app *app, struct tip *t)
{
	struct utsname u = { .sysname = "" };
	const char *path = prefs_path(app->prefs);
	uname(&u);
	tip_line(t, "version", "%s (tuiview)", VERSION);
	tip_line(t, "what", "flows, processes and hosts on an interface");
	tip_line(t, "licence", "MIT");
	tip_line(t, "system", "%.30s %.30s", u.sysname, u.machine);
	tip_line(t, "settings", "%s", path != NULL ? path : "kept nowhere");
	if (app->flows != NULL) {
		tip_line(t, "host", "%s", app->flows->host);
		tip_line(t, "session", "%s", app->flows->session);
		tip_line(t, "snapshot", "number %llu",
		    (unsigned long long)app->flows->seq);
	}
	tip_line(t, "screen", "%d columns, %d rows", app->cols, app->rows);
	tip_line(t, "manual", "iftoprs(7), tuiview(1)");
	tip_line(t, "quit", "%s", keys(ACTION_QUIT));
}

static void
tip_interface(const struct app *app, struct tip *t)
{
	const struct flows *f = app->flows;
	const char *none = "not known";
	tip_line(t, "interface", "%s", f != NULL && f->interfaces[0] != '\0' ?
	    f->interfaces : none);
	tip_line(t, "state", "%s", f != NULL ? f->state : none);
	tip_line(t, "source", "%s", f == NULL ? none : f->live ?
	    "live" : "a file, replayed");
	if (f != NULL) {
		tip_line(t, "our addresses", "%.100s", f->local[0] != '\0' ?
		    f->local : none);
		tip_line(t, "capture filter", "%.100s", f->filter[0] != '\0' ?
		    f->filter : "none");
		tip_line(t, "counts", "%s", f->count_network ?
		    "from the network header on" : "whole frames");
		tip_line(t, "packets", "%llu", (unsigned long long)f->packets);
	}
	tip_line(t, "host names", "%s (%s)", on_off(prefs_bool(app->prefs,
	    PREF_DNS_RESOLUTION)), keys(ACTION_DNS));
	tip_line(t, "choose another", "%s", keys(ACTION_INTERFACES));
	tip_line(t, "edit the filter", "%s", keys(ACTION_EDIT_BPF));
}

static void
tip_view(const struct app *app, struct tip *t)
{
	for (int i = 0; i < VIEWS; i++)
		tip_line(t, i == (int)app->view ? "▸ now" : "", "%s",
		    view_name((enum pref_view)i));
	tip_line(t, "rows", "%zu of %zu", app->model.count, app->model.all);
	tip_line(t, "drilled into", "%s", app->drill.view != VIEW_FLOWS ?
	    app->drill.name : "nothing");
	tip_line(t, "lines", "%s (%s)", line_name((enum pref_line)
	    prefs_choice(app->prefs, PREF_LINE_MODE)),
	    keys(ACTION_LINE_MODE));
	tip_line(t, "change", "%s, %s", keys(ACTION_NEXT_VIEW),
	    keys(ACTION_PREVIOUS_VIEW));
	tip_line(t, "into a row", "%s, back %s", keys(ACTION_ENTER),
	    keys(ACTION_BACK));
}

static void
rate_line(const struct app *app, struct tip *t, const char *label,
    const uint64_t rates[WINDOWS])
{
	char a[FORMAT_TEXT], b[FORMAT_TEXT], c[FORMAT_TEXT];
	enum format_unit unit = (enum format_unit)prefs_choice(app->prefs,
	    PREF_UNITS);
	unit = unit == FORMAT_PACKETS ? FORMAT_BITS : unit;
	format_rate(rates[0], unit, a);
	format_rate(rates[1], unit, b);
	format_rate(rates[2], unit, c);
	tip_line(t, label, "%7s %7s %7s", a, b, c);
}

static void
tip_flows(const struct app *app, struct tip *t)
{
	const struct flows *f = app->flows;
	char sent[FORMAT_TEXT], recv[FORMAT_TEXT];
	if (f == NULL) {
		for (int i = 0; i < 5; i++)
			tip_line(t, i == 0 ? "flows" : "", i == 0 ?
			    "none yet" : " ");
		return;
	}
	tip_line(t, "in the table", "%llu", (unsigned long long)f->flow_count);
	tip_line(t, "in the stream", "%zu", f->count);
	tip_line(t, "match the filter", "%zu", app->model.matched);
	tip_line(t, "rows", "%zu", app->model.count);
	tip_line(t, "pinned", "%zu", app->model.pinned);
	tip_line(t, "expired", "%llu", (unsigned long long)f->expired);
	tip_line(t, "evicted", "%llu", (unsigned long long)f->evicted);
	tip_line(t, "", "     2s     10s     40s");
	rate_line(app, t, "TX", f->total.sent);
	rate_line(app, t, "RX", f->total.recv);
	format_bytes(f->total.total_sent, sent);
	format_bytes(f->total.total_recv, recv);
	tip_line(t, "TX, RX together", "%s, %s", sent, recv);
	format_rate(f->peak_total, FORMAT_BITS, sent);
	tip_line(t, "peak", "%s", sent);
	tip_line(t, "pin, copy, export", "%s, %s, %s", keys(ACTION_PIN),
	    keys(ACTION_COPY), keys(ACTION_EXPORT));
}

static void
time_of_day(char *text, size_t size, const struct tm *tm)
{
	strftime(text, size, "%H:%M:%S", tm);
}

static void
date(char *text, size_t size, const struct tm *tm)
{
	strftime(text, size, "%A %Y-%m-%d", tm);
}

static void
zone(char *text, size_t size, const struct tm *tm)
{
	strftime(text, size, "%Z, UTC%z", tm);
}

static void
time_line(struct tip *t, const char *label, uint64_t ms,
    void (*print)(char *, size_t, const struct tm *))
{
	char text[64];
	time_t seconds = (time_t)(ms / 1000);
	struct tm tm;
	localtime_r(&seconds, &tm);
	print(text, sizeof(text), &tm);
	tip_line(t, label, "%s", text);
}

static void
tip_clock(const struct app *app, struct tip *t)
{
	const struct flows *f = app->flows;
	uint64_t now = app->wall != 0 ? app->wall : f != NULL ? f->ts : 0;
	time_line(t, "now", now, time_of_day);
	time_line(t, "date", now, date);
	time_line(t, "zone", now, zone);
	if (f != NULL) {
		time_line(t, "last snapshot", f->ts, time_of_day);
		tip_line(t, "stream runs", "%.0f s", f->elapsed);
		tip_line(t, "clock shows", "%s", f->live ? "your time" :
		    "the time of the recording");
	}
	tip_line(t, "seconds since 1970", "%llu",
	    (unsigned long long)(now / 1000));
}

static void
tip_sort(const struct app *app, struct tip *t)
{
	struct rows_how how;
	char text[FORMAT_TEXT], label[LABEL];
	app_how(app, &how);
	tip_line(t, "by", "%s", sort_name(how.sort, app->view));
	tip_line(t, "direction", "%s", how.reverse ? "reversed" : "usual");
	tip_line(t, "counts", "%s", line_name(how.line));
	tip_line(t, "frozen", "%s (%s)", app->frozen ? "yes" : "no",
	    keys(ACTION_FREEZE));
	for (int i = 0; i < 2 && app->model.count > 0; i++) {
		const struct row *row = rows_at(&app->model, i == 0 ? 0 :
		    app->model.count - 1);
		label_rate(app, rows_rate(row, how.line, how.sort <= SORT_40S ?
		    (int)how.sort : 1), text);
		label_end(app, row, false, label);
		tip_line(t, i == 0 ? "first" : "last", "%s %.60s", text,
		    label);
	}
	tip_line(t, "rates", "%s %s %s, total %s", keys(ACTION_SORT_2S),
	    keys(ACTION_SORT_10S), keys(ACTION_SORT_40S),
	    keys(ACTION_SORT_TOTAL));
	tip_line(t, "names", "%s %s, process %s", keys(ACTION_SORT_SOURCE),
	    keys(ACTION_SORT_DESTINATION), keys(ACTION_SORT_PROCESS));
	tip_line(t, "reverse", "%s", keys(ACTION_REVERSE));
	tip_line(t, "mouse", "click on a column's heading");
}

static void
tip_refresh(const struct app *app, struct tip *t)
{
	const struct flows *f = app->flows;
	tip_line(t, "asked for", "every %g s", prefs_number(app->prefs,
	    PREF_REFRESH_RATE));
	tip_line(t, "the stream has", f != NULL ? "every %g s" : "none yet",
	    f != NULL ? f->interval : 0.0);
	tip_line(t, "change", "%s: 1, 2, 5, 10 s", keys(ACTION_REFRESH));
	tip_line(t, "averages", "2, 10, 40 s, whatever the refresh");
	tip_line(t, "paused", "%s (%s)", app->paused ? "yes" : "no",
	    keys(ACTION_PAUSE));
	tip_line(t, "takes orders", "%s", app->has_flowagg ? "yes" :
	    "no: this stream comes as it is");
}

static void
tip_units(const struct app *app, struct tip *t)
{
	enum format_unit unit = (enum format_unit)prefs_choice(app->prefs,
	    PREF_UNITS);
	struct scale s;
	char top[FORMAT_TEXT];
	scale_of(app, &s);
	tip_line(t, "rates", "%s per second", unit_name(unit));
	tip_line(t, "totals", "%s", unit == FORMAT_PACKETS ? "packets" :
	    "bytes");
	tip_line(t, "prefixes", "k M G T, steps of 1000");
	format_rate((uint64_t)(s.top / (unit == FORMAT_PACKETS ? 1 : 8)),
	    unit, top);
	tip_line(t, "scale", "%s, up to %s (%s)", s.linear ? "linear" :
	    "logarithmic", top, keys(ACTION_SCALE));
	tip_line(t, "bars", "%s (%s)", bar_name(app->prefs),
	    keys(ACTION_BAR_STYLE));
	tip_line(t, "change", "%s", keys(ACTION_UNITS));
}

static void
tip_theme(const struct app *app, struct tip *t)
{
	static const char *const depths[] = { "none", "16", "256",
		"16 million" };
	const struct theme *theme = app->preview != NULL ? app->preview :
	    prefs_theme(app->prefs);
	tip_line(t, "theme", "%s", theme->name);
	tip_line(t, "mood", "%s", theme->mood != NULL &&
	    theme->mood[0] != '\0' ? theme->mood : "your own");
	tip_line(t, "built in", "%zu", theme_count);
	tip_line(t, "your own", "%d", themes_count(app->prefs) -
	    (int)theme_count);
	tip_line(t, "colours", "%s", depths[app->depth]);
	tip_line(t, "background", "%s", app->background == BACKGROUND_LIGHT ?
	    "light" : "dark");
	tip_line(t, "choose", "%s", keys(ACTION_THEMES));
	tip_line(t, "edit", "%s", keys(ACTION_THEME_EDITOR));
}

static void
tip_state(const struct app *app, struct tip *t)
{
	char text[40];
	state_text(app, text, sizeof(text));
	tip_line(t, "state", "%s", text);
	tip_line(t, "pause", "%s: the screen stands, the stream is read",
	    keys(ACTION_PAUSE));
	if (app_is_replay(app)) {
		tip_line(t, "position", "%.0f s", app->flows->elapsed);
		tip_line(t, "faster, slower", "%s, %s", keys(ACTION_FASTER),
		    keys(ACTION_SLOWER));
		tip_line(t, "step", "%s while paused", keys(ACTION_STEP));
	}
	tip_line(t, "lines read", "%llu", (unsigned long long)
	    app->feed.lines);
	tip_line(t, "not understood", "%llu", (unsigned long long)
	    app->feed.bad);
	tip_line(t, "recording", "%s (%s)", app->feed.recording ?
	    app->feed.record_path : "no", keys(ACTION_RECORD));
	if (app->feed.recording)
		tip_line(t, "recorded", "%llu snapshots",
		    (unsigned long long)app->feed.recorded);
	for (int i = 0; i < app->log_count && t->count < 15; i++) {
		char when[TIP_LABEL];
		time_t seconds = (time_t)(app->log[i].ts / 1000);
		struct tm tm;
		localtime_r(&seconds, &tm);
		time_of_day(when, sizeof(when), &tm);
		tip_line(t, when, "%.110s", app->log[i].text);
	}
}

static void
tip_losses(const struct app *app, struct tip *t)
{
	const struct flows *f = app->flows;
	static const struct flows empty = { .coverage = -1 };
	f = f != NULL ? f : &empty;
	tip_line(t, "by the kernel", "%llu dropped",
	    (unsigned long long)f->kernel_dropped);
	tip_line(t, "by the interface", "%llu dropped",
	    (unsigned long long)f->interface_dropped);
	if (f->coverage >= 0)
		tip_line(t, "seen", "%.2f%% of the bytes on the wire",
		    f->coverage * 100);
	else
		tip_line(t, "seen", "not known for this source");
	tip_line(t, "captured", "%llu packets",
	    (unsigned long long)f->packets);
	tip_line(t, "malformed", "%llu", (unsigned long long)f->malformed);
	tip_line(t, "not decoded", "%llu",
	    (unsigned long long)f->unsupported);
	tip_line(t, "not IP", "%llu", (unsigned long long)f->non_ip);
	tip_line(t, "snapshots skipped", "%llu",
	    (unsigned long long)f->skipped);
	tip_line(t, "flows evicted", "%llu", (unsigned long long)f->evicted);
}

static void
tip_alert(const struct app *app, struct tip *t)
{
	uint64_t threshold = prefs_rate(app->prefs, PREF_ALERT_THRESHOLD);
	char bits[FORMAT_TEXT], bytes[FORMAT_TEXT];
	format_rate(threshold, FORMAT_BITS, bits);
	format_rate(threshold, FORMAT_BYTES, bytes);
	if (threshold > 0)
		tip_line(t, "threshold", "%s/s (%s/s)", bits, bytes);
	else
		tip_line(t, "threshold", "off");
	tip_line(t, "measures", "a flow's 2 s rate, sent and received");
	tip_line(t, "flows above now", "%zu", app->alert_count);
	tip_line(t, "total above now", "%s", app->alert_total ? "yes" : "no");
	tip_line(t, "cleared", "under 80 %% of the threshold");
	tip_line(t, "hidden rows", "alert as well");
	tip_line(t, "set it", "%s", keys(ACTION_ALERT));
}

static void
tip_filter(const struct app *app, struct tip *t)
{
	const char *last = prefs_history(app->prefs, 0);
	tip_line(t, "filter", "%.100s", app->filter.text[0] != '\0' ?
	    app->filter.text : "none");
	tip_line(t, "flows that match", "%zu", app->model.matched);
	tip_line(t, "rows shown", "%zu of %zu", app->model.count,
	    app->model.all);
	tip_line(t, "rows hidden", "%zu", app->model.all - app->model.count);
	tip_line(t, "totals, alerts", "of everything, filtered or not");
	tip_line(t, "last one", "%.100s", last != NULL ? last : "none");
	tip_line(t, "edit", "%s, clear %s", keys(ACTION_FILTER),
	    keys(ACTION_FILTER_CLEAR));
	tip_line(t, "words", "host: port: proc: proto: user: !not /regex/");
	tip_line(t, "capture filter", "%s (BPF: what is counted at all)",
	    keys(ACTION_EDIT_BPF));
}

static void
tip_help(const struct app *app, struct tip *t)
{
	(void)app;
	tip_line(t, "help", "%s", keys(ACTION_HELP));
	tip_line(t, "views", "%s", keys(ACTION_NEXT_VIEW));
	tip_line(t, "filter", "%s", keys(ACTION_FILTER));
	tip_line(t, "move", "%s, %s", keys(ACTION_DOWN), keys(ACTION_UP));
	tip_line(t, "mouse", "%s; right click: tips", keys(ACTION_MOUSE));
	tip_line(t, "tips by hover", "%s (%s)", on_off(prefs_bool(app->prefs,
	    PREF_HOVER_TOOLTIPS)), keys(ACTION_HOVER));
	tip_line(t, "hide this bar", "%s", keys(ACTION_HEADER));
	tip_line(t, "quit", "%s", keys(ACTION_QUIT));
}

void
tip_segment(const struct app *app, enum segment s, struct tip *t)
{
	static void (*const makers[SEGMENT_COUNT])(const struct app *,
	    struct tip *) = { tip_program, tip_interface, tip_view, tip_flows,
		tip_clock, tip_sort, tip_refresh, tip_units, tip_theme,
		tip_state, tip_losses, tip_alert, tip_filter, tip_help };
	*t = (struct tip){ .count = 0 };
	snprintf(t->title, sizeof(t->title), "%s", segment_name(s));
	makers[s](app, t);
}
