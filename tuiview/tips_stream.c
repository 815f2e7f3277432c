/* SPDX-License-Identifier: MIT
 *
 * Tooltips of what the stream tells: interface, flows, clock, refresh,
 * state, losses, alerts.
 */
#include <stdio.h>
#include <time.h>

#include "tuiview/labels.h"
#include "tuiview/segments.h"
#include "tuiview/tips_segments.h"

void
tip_interface(const struct app *app, struct tip *t)
{
	const struct flows *f = app_newest(app);
	const char *none = "not known";
	bool moves = app_moves_capture(app);
	const char *stays = "no: this stream takes no orders";
	tip_line(t, "interface", "%s", f != NULL && f->interfaces[0] != '\0' ?
	    f->interfaces : none);
	tip_line(t, "state", "%s", f == NULL ? none : app->feed.ended ?
	    "ended" : f->state);
	tip_line(t, "source", "%s", f == NULL ? none : f->live ?
	    "live" : "a file, replayed");
	if (f != NULL) {
		tip_line(t, "our addresses", "%s", f->local[0] != '\0' ?
		    f->local : none);
		tip_line(t, "capture filter", "%s", f->filter[0] != '\0' ?
		    f->filter : "none");
		tip_line(t, "counts", "%s", f->count_network ?
		    "from the network header on" : "whole frames");
		tip_line(t, "packets", "%llu", (unsigned long long)f->packets);
	}
	tip_line(t, "host names", "%s (%s)", tip_on_off(prefs_bool(app->prefs,
	    PREF_DNS_RESOLUTION)), tip_keys(ACTION_DNS));
	tip_line(t, "choose another", "%s", moves ?
	    tip_keys(ACTION_INTERFACES) : stays);
	tip_line(t, "edit the filter", "%s", moves ?
	    tip_keys(ACTION_EDIT_BPF) : stays);
}

static void
rate_line(const struct app *app, struct tip *t, const char *label,
    const uint64_t rates[WINDOWS], uint64_t total)
{
	char a[FORMAT_TEXT], b[FORMAT_TEXT], c[FORMAT_TEXT], d[FORMAT_TEXT];
	label_bandwidth(app, rates[0], a);
	label_bandwidth(app, rates[1], b);
	label_bandwidth(app, rates[2], c);
	format_bytes(total, d);
	tip_line(t, label, "%7s %7s %7s %7s", a, b, c, d);
}

void
tip_flows(const struct app *app, struct tip *t)
{
	const struct flows *f = app->flows;
	char peak[FORMAT_TEXT];
	if (f == NULL) {
		for (int i = 0; i < 5; i++)
			tip_line(t, i == 0 ? "flows" : "", i == 0 ?
			    "none yet" : " ");
		return;
	}
	tip_line(t, "in the table", "%llu", (unsigned long long)f->flow_count);
	tip_line(t, "in the stream", "%zu", f->count);
	if (f->flow_count > f->count)
		tip_line(t, "summed up", f->own_flows == 0 ? "%llu" :
		    "%llu, %llu own DNS", (unsigned long long)(f->flow_count -
		    f->count), (unsigned long long)f->own_flows);
	tip_line(t, "match the filter", "%zu", app->model.matched);
	tip_line(t, "rows", "%zu", app->model.count);
	tip_line(t, "pinned", "%zu", app->model.pinned);
	tip_line(t, "expired", "%llu", (unsigned long long)f->expired);
	tip_line(t, "evicted", "%llu", (unsigned long long)f->evicted);
	tip_line(t, "", "     2s     10s     40s   total");
	rate_line(app, t, "TX", f->total.sent, f->total.total_sent);
	rate_line(app, t, "RX", f->total.recv, f->total.total_recv);
	label_bandwidth(app, f->peak_total, peak);
	tip_line(t, "peak", "%s", peak);
	tip_line(t, "pin, copy, export", "%s, %s, %s", tip_keys(ACTION_PIN),
	    tip_keys(ACTION_COPY), tip_keys(ACTION_EXPORT));
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

static uint64_t
totals_since(const struct app *app, const struct flows *f)
{
	double ms = f->elapsed * 1000;
	if (app->totals_since != 0)
		return app->totals_since;
	return ms > 0 && ms < (double)f->ts ? f->ts - (uint64_t)ms : f->ts;
}

void
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
		time_line(t, "totals since", totals_since(app, f),
		    time_of_day);
		tip_line(t, "clock shows", "%s", f->live ? "your time" :
		    "the time of the recording");
	}
	tip_line(t, "seconds since 1970", "%llu",
	    (unsigned long long)(now / 1000));
}

void
tip_refresh(const struct app *app, struct tip *t)
{
	const struct flows *f = app->flows;
	tip_line(t, "asked for", "every %g s", prefs_number(app->prefs,
	    PREF_REFRESH_RATE));
	tip_origin(app, PREF_REFRESH_RATE, t);
	tip_line(t, "the stream has", f != NULL ? "every %g s" : "none yet",
	    f != NULL ? f->interval : 0.0);
	tip_line(t, "change", "%s: 1, 2, 5, 10 s", tip_keys(ACTION_REFRESH));
	tip_line(t, "averages", "2, 10, 40 s, whatever the refresh");
	tip_line(t, "paused", "%s (%s)", app->paused ? "yes" : "no",
	    tip_keys(ACTION_PAUSE));
	tip_line(t, "takes orders", "%s", app->has_flowagg ? "yes" :
	    "no: this stream comes as it is");
}

void
tip_state(const struct app *app, struct tip *t)
{
	char text[40];
	state_text(app, text, sizeof(text));
	tip_line(t, "state", "%s", text);
	if (app->down_since != 0)
		time_line(t, "down since", app->down_since, time_of_day);
	if (app->paused)
		time_line(t, "paused at", app_paused_at(app), time_of_day);
	tip_line(t, "pause", "%s: the %s", tip_keys(ACTION_PAUSE),
	    app_is_replay(app) ? "replay stands" :
	    "screen stands, the stream is read");
	if (app_is_replay(app)) {
		tip_line(t, "position", "%.0f s", app->flows->elapsed);
		tip_line(t, "faster, slower", "%s, %s", tip_keys(ACTION_FASTER),
		    tip_keys(ACTION_SLOWER));
		tip_line(t, "step", "%s while paused", tip_keys(ACTION_STEP));
	}
	tip_line(t, "lines read", "%llu", (unsigned long long)
	    app->feed.lines);
	tip_line(t, "not understood", "%llu", (unsigned long long)
	    app->feed.bad);
	tip_line(t, "recording", "%s (%s)", app->feed.recording ?
	    app->feed.record_path : "no", tip_keys(ACTION_RECORD));
	if (app->feed.recording)
		tip_line(t, "recorded", "%llu snapshots",
		    (unsigned long long)app->feed.recorded);
	for (int i = 0; i < app->log_count && t->count < 15; i++) {
		char when[TIP_LABEL];
		time_t seconds = (time_t)(app->log[i].ts / 1000);
		struct tm tm;
		localtime_r(&seconds, &tm);
		time_of_day(when, sizeof(when), &tm);
		tip_line(t, when, "%s", app->log[i].text);
	}
}

void
tip_losses(const struct app *app, struct tip *t)
{
	const struct flows *f = app_newest(app);
	static const struct flows empty = { .coverage = -1 };
	f = f != NULL ? f : &empty;
	double percent = f->coverage * 100;
	/* Never round up to all of it. */
	if (percent < 100 && percent > 99.99)
		percent = 99.99;
	tip_line(t, "by the kernel", "%llu dropped",
	    (unsigned long long)f->kernel_dropped);
	tip_line(t, "by the interface", "%llu dropped",
	    (unsigned long long)f->interface_dropped);
	if (f->coverage >= 0)
		tip_line(t, "seen", "%.2f%% of the bytes on the wire%s",
		    percent, app_filtered(app) ? ", by the filter" : "");
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

void
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
	tip_origin(app, PREF_ALERT_THRESHOLD, t);
	tip_line(t, "measures", "a flow's 2 s rate, sent and received");
	tip_line(t, "flows above now", "%zu", app->alert_count);
	tip_line(t, "total above now", "%s", app->alert_total ? "yes" : "no");
	tip_line(t, "cleared", "under 80 %% of the threshold");
	tip_line(t, "hidden rows", "alert as well");
	tip_line(t, "set it", "%s", tip_keys(ACTION_ALERT));
}
