/* SPDX-License-Identifier: MIT
 *
 * What a snapshot tells beside its flows: alerts raised and cleared, events
 * of the stages; and the short memory of them.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"
#include "tuiview/app.h"
#include "tuiview/labels.h"
#include "tuiview/text.h"

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

/* The stream lists all that are raised, whatever is shown.  Returns the
 * greatest of those that were not before, or null. */
static const struct flows_alert *
take_alerts(struct app *app, const struct flows *f)
{
	const struct flows_alert *new = NULL;
	bool total = false;
	uint64_t *ids = xreallocarray(NULL, f->alert_count + 1, sizeof(*ids));
	size_t count = 0;
	for (size_t i = 0; i < f->alert_count; i++) {
		const struct flows_alert *a = &f->alerts[i];
		bool is_old = a->flow == 0 ? app->alert_total :
		    rows_alerts(app->alerts, app->alert_count, a->flow);
		if (a->flow == 0)
			total = true;
		else
			ids[count++] = a->flow;
		if (!is_old && (new == NULL || a->rate > new->rate))
			new = a;
	}
	free(app->alerts);
	app->alerts = ids;
	app->alert_count = count;
	app->alert_total = total;
	return new;
}

/* The ends as the flow's row shows them; those of a flow that the stream has
 * no room for, by address. */
static void
name_flow(const struct app *app, const struct flows *f,
    const struct flows_alert *a, char src[LABEL], char dst[LABEL])
{
	for (size_t i = 0; i < f->count; i++)
		if (f->list[i].id == a->flow) {
			struct row row = { .flow = &f->list[i] };
			label_end(app, &row, true, src);
			label_end(app, &row, false, dst);
			return;
		}
	snprintf(src, LABEL, "%s", a->src[0] != '\0' ? a->src : "*");
	snprintf(dst, LABEL, "%s", a->dst[0] != '\0' ? a->dst : "*");
}

static void
say_alert(struct app *app, const struct flows *f,
    const struct flows_alert *new)
{
	enum { END = 66 };
	size_t raised = app->alert_count + app->alert_total;
	char rate[FORMAT_TEXT], what[140] = "everything together";
	if (new->flow != 0) {
		char src[LABEL], dst[LABEL], left[END], right[END];
		name_flow(app, f, new, src, dst);
		text_elide(src, END - 4, app->ascii, left, END);
		text_elide(dst, END - 4, app->ascii, right, END);
		snprintf(what, sizeof(what), "%s => %s", left, right);
	}
	label_bandwidth(app, new->rate, rate);
	if (raised > 1)
		app_say(app, STATUS_ERROR, "⚠ ALERT %s %s/s (and %zu more)",
		    what, rate, raised - 1);
	else
		app_say(app, STATUS_ERROR, "⚠ ALERT %s %s/s", what, rate);
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
		text_drop_half(text);
		note(app, f, text);
		if (flows_is_reset(e)) {
			app->totals_since = f->ts;
			app->filtered = f->filter[0] != '\0';
		}
		if (!is_echo(app, e, text) &&
		    (say == NULL || level_of(e) >= level_of(say)))
			say = e;
		if (app->down_since != 0 && strcmp(e->from, "capd") == 0)
			snprintf(app->down_text, sizeof(app->down_text),
			    "%.*s", text_bytes(e->text, APP_STATUS - 1),
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
	take_events(app, f);
	if (new != NULL) {
		app->flash_until = app->now + FLASH_MS;
		app->wants.bell = true;
		say_alert(app, f, new);
		note(app, f, app->status);
	}
}
