/* SPDX-License-Identifier: MIT
 *
 * What a snapshot tells beside its flows: alerts raised and cleared, events
 * of the stages; and the short memory of them.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tuiview/app.h"

enum { FLASH_MS = 2000 };

static void
note(struct app *app, const struct flows *f, const char *text)
{
	memmove(&app->log[1], &app->log[0],
	    (APP_LOG - 1) * sizeof(app->log[0]));
	app->log[0].ts = f->ts;
	snprintf(app->log[0].text, sizeof(app->log[0].text), "%s", text);
	if (app->log_count < APP_LOG)
		app->log_count++;
}

/* Alerts come with the stream, whatever is shown. */
static void
take_alerts(struct app *app, const struct flows *f)
{
	for (unsigned i = 0; i < f->alert_count; i++) {
		const struct flows_alert *a = &f->alerts[i];
		size_t at = 0;
		while (at < app->alert_count && app->alerts[at] != a->flow)
			at++;
		if (a->flow == 0) {
			if (a->raised && !app->alert_total)
				app->flash_until = app->now + FLASH_MS;
			app->alert_total = a->raised;
		} else if (!a->raised && at < app->alert_count) {
			app->alerts[at] = app->alerts[--app->alert_count];
		} else if (a->raised && at == app->alert_count &&
		    at < APP_ALERTS) {
			app->alerts[app->alert_count++] = a->flow;
			app->flash_until = app->now + FLASH_MS;
		}
	}
}

static void
say_alert(struct app *app, const struct flows *f)
{
	const struct flows_alert *first = NULL;
	unsigned more = 0;
	char rate[FORMAT_TEXT], what[140] = "everything together";
	for (unsigned i = 0; i < f->alert_count; i++)
		if (f->alerts[i].raised) {
			more += first != NULL;
			first = first != NULL ? first : &f->alerts[i];
		}
	if (first == NULL)
		return;
	for (size_t i = 0; i < f->count && first->flow != 0; i++)
		if (f->list[i].id == first->flow)
			snprintf(what, sizeof(what), "%.60s => %.60s",
			    f->list[i].src, f->list[i].dst);
	format_rate(first->rate, FORMAT_BITS, rate);
	if (more > 0)
		app_say(app, STATUS_ERROR, "⚠ ALERT %s %s/s (and %u more)",
		    what, rate, more);
	else
		app_say(app, STATUS_ERROR, "⚠ ALERT %s %s/s", what, rate);
}

/* Flows that are gone alert no more. */
static void
drop_alerts(struct app *app, const struct flows *f)
{
	for (size_t i = 0; i < app->alert_count;) {
		bool found = false;
		for (size_t k = 0; k < f->count && !found; k++)
			found = f->list[k].id == app->alerts[i] &&
			    !f->list[k].ended;
		if (found)
			i++;
		else
			app->alerts[i] = app->alerts[--app->alert_count];
	}
}

void
app_notes(struct app *app, const struct flows *f)
{
	uint64_t flash = app->flash_until;
	take_alerts(app, f);
	drop_alerts(app, f);
	for (unsigned i = 0; i < f->event_count; i++) {
		const struct flows_event *e = &f->events[i];
		app_say(app, strcmp(e->level, "error") == 0 ? STATUS_ERROR :
		    strcmp(e->level, "warn") == 0 ? STATUS_WARN : STATUS_INFO,
		    "%s: %s", e->from, e->text);
		note(app, f, app->status);
		if (app->down_since != 0 && strcmp(e->from, "capd") == 0)
			snprintf(app->down_text, sizeof(app->down_text), "%s",
			    e->text);
	}
	if (app->flash_until != flash) {
		app->wants.bell = true;
		say_alert(app, f);
		note(app, f, app->status);
	}
}
