/* SPDX-License-Identifier: MIT
 *
 * What a snapshot tells beside its flows: alerts raised and cleared, events
 * of the stages; and the short memory of them.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tuiview/app.h"

enum { FLASH_MS = 2000, STANDS_MS = 4000 };

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

/* Alerts come with the stream, whatever is shown; returns the greatest of
 * those that are new, or null. */
static const struct flows_alert *
take_alerts(struct app *app, const struct flows *f)
{
	const struct flows_alert *new = NULL;
	for (unsigned i = 0; i < f->alert_count; i++) {
		const struct flows_alert *a = &f->alerts[i];
		size_t at = 0;
		bool is_new = false;
		while (at < app->alert_count && app->alerts[at] != a->flow)
			at++;
		if (a->flow == 0) {
			is_new = a->raised && !app->alert_total;
			app->alert_total = a->raised;
		} else if (!a->raised && at < app->alert_count) {
			app->alerts[at] = app->alerts[--app->alert_count];
		} else if (a->raised && at == app->alert_count &&
		    at < APP_ALERTS) {
			app->alerts[app->alert_count++] = a->flow;
			is_new = true;
		}
		if (is_new && (new == NULL || a->rate > new->rate))
			new = a;
	}
	return new;
}

static void
say_alert(struct app *app, const struct flows *f,
    const struct flows_alert *new)
{
	size_t raised = app->alert_count + app->alert_total;
	char rate[FORMAT_TEXT], what[140];
	snprintf(what, sizeof(what), "%s", new->flow == 0 ?
	    "everything together" : "a flow that is not listed");
	for (size_t i = 0; i < f->count && new->flow != 0; i++)
		if (f->list[i].id == new->flow)
			snprintf(what, sizeof(what), "%.60s => %.60s",
			    f->list[i].src, f->list[i].dst);
	format_rate(new->rate, FORMAT_BITS, rate);
	if (raised > 1)
		app_say(app, STATUS_ERROR, "⚠ ALERT %s %s/s (and %zu more)",
		    what, rate, raised - 1);
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

static enum status_level
level_of(const struct flows_event *e)
{
	return strcmp(e->level, "error") == 0 ? STATUS_ERROR :
	    strcmp(e->level, "warn") == 0 ? STATUS_WARN : STATUS_INFO;
}

/* Was that said of the same stage? */
static bool
is_of(const char *said, const char *from)
{
	size_t len = strlen(from);
	return strncmp(said, from, len) == 0 && said[len] == ':';
}

/* The answer to a key of ours, all well. */
static bool
is_echo(const struct app *app, const struct flows_event *e, const char *text)
{
	size_t len = strlen(app->echo);
	return app->echo_left > 0 && level_of(e) == STATUS_INFO &&
	    strncmp(text, app->echo, len) == 0 &&
	    (text[len] == ' ' || text[len] == '\0');
}

/* All go into the memory; what is said is the last of the gravest, so that
 * what was refused is not hidden by news of the same second. */
static void
take_events(struct app *app, const struct flows *f)
{
	const struct flows_event *say = NULL;
	for (unsigned i = 0; i < f->event_count; i++) {
		const struct flows_event *e = &f->events[i];
		char text[sizeof(app->status)];
		snprintf(text, sizeof(text), "%s: %s", e->from, e->text);
		note(app, f, text);
		if (strcmp(text, "flowagg: reset") == 0)
			app->totals_since = f->ts;
		if (!is_echo(app, e, text) &&
		    (say == NULL || level_of(e) >= level_of(say)))
			say = e;
		if (app->down_since != 0 && strcmp(e->from, "capd") == 0)
			snprintf(app->down_text, sizeof(app->down_text), "%s",
			    e->text);
	}
	app->echo_left -= app->echo_left > 0;
	/* Nor by that of another stage in the next few seconds. */
	if (say != NULL && (level_of(say) >= app->status_level ||
	    app->now + STANDS_MS >= app->status_until ||
	    is_of(app->status, say->from)))
		app_say(app, level_of(say), "%s: %s", say->from, say->text);
}

void
app_notes(struct app *app, const struct flows *f)
{
	const struct flows_alert *new = take_alerts(app, f);
	drop_alerts(app, f);
	take_events(app, f);
	if (new != NULL) {
		app->flash_until = app->now + FLASH_MS;
		app->wants.bell = true;
		say_alert(app, f, new);
		note(app, f, app->status);
	}
}
