/* SPDX-License-Identifier: MIT
 *
 * The stack of popups, the prompts and the simple ones.
 */
#include "tuiview/popups.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "lib/num.h"
#include "tuiview/chooser.h"
#include "tuiview/help.h"
#include "tuiview/labels.h"
#include "tuiview/tips.h"

static const char *
recall_filter(const void *context, size_t n)
{
	return prefs_history(context, n);
}

enum popup
app_popup(const struct app *app)
{
	return app->popup_count > 0 ? app->popups[app->popup_count - 1] :
	    POPUP_NONE;
}

bool
popup_is_prompt(enum popup popup)
{
	return popup == POPUP_FILTER || popup == POPUP_BPF ||
	    popup == POPUP_ALERT;
}

static void
open_alert(struct app *app)
{
	uint64_t threshold = prefs_rate(app->prefs, PREF_ALERT_THRESHOLD);
	char text[32] = "";
	if (threshold > 0)
		snprintf(text, sizeof(text), "%.15gkb",
		    (double)threshold * 8 / 1000);
	if (threshold * 8 >= 1000000)
		snprintf(text, sizeof(text), "%.15gMb",
		    (double)threshold * 8 / 1e6);
	line_set(&app->line, text);
}

void
app_popup_open(struct app *app, enum popup popup)
{
	if (app_popup(app) == popup || app->popup_count == POPUPS)
		return;
	/* A tip makes room for whatever comes. */
	if (app_popup(app) == POPUP_SEGMENT_TIP ||
	    app_popup(app) == POPUP_ROW_TIP)
		app->popup_count--;
	app->popups[app->popup_count++] = popup;
	app->dirty = true;
	/* The pointer need not leave what was clicked: it rests there no more
	 * until it moves. */
	if (popup != POPUP_SEGMENT_TIP)
		app->hover_on = false;
	switch (popup) {
	case POPUP_HELP:
		app->help_top = 0;
		break;
	case POPUP_DETAILS:
		app->details_top = 0;
		break;
	case POPUP_FILTER:
		snprintf(app->before, sizeof(app->before), "%s",
		    app->filter.text);
		app->filter_error[0] = '\0';
		line_set(&app->line, app->filter.text);
		break;
	case POPUP_BPF:
		line_set(&app->line, app->flows != NULL ?
		    app->flows->filter : "");
		break;
	case POPUP_ALERT:
		open_alert(app);
		break;
	case POPUP_THEMES:
	case POPUP_EDITOR:
	case POPUP_INTERFACES:
		chooser_open(app, popup);
		break;
	default:
		break;
	}
}

void
app_popup_close(struct app *app)
{
	if (app->popup_count == 0)
		return;
	app->popup_count--;
	app->hovering = false;
	app->dirty = true;
}

void
app_set_filter(struct app *app, const char *text)
{
	app->filter_error[0] = '\0';
	if (!filter_set(&app->filter, text, app->filter_error,
	    sizeof(app->filter_error)))
		return;
	app->rows_stale = app->dirty = true;
}

static void
filter_event(struct app *app, const struct event *e)
{
	if (e->kind == EVENT_KEY && e->key == KEY_ESCAPE) {
		app_set_filter(app, app->before);
		app_popup_close(app);
	} else if (e->kind == EVENT_KEY && e->key == KEY_ENTER) {
		if (app->filter_error[0] != '\0') {
			app_say(app, STATUS_ERROR, "no filter: %s",
			    app->filter_error);
			app->status_refuses = true;
			return;
		}
		if (app->line.len > 0) {
			prefs_history_add(app->prefs, app->line.text);
			app->wants.save = true;
		}
		app_popup_close(app);
	} else if (line_event(&app->line, e, recall_filter, app->prefs) ==
	    LINE_CHANGED) {
		app_set_filter(app, app->line.text);
	}
}

static void
bpf_event(struct app *app, const struct event *e)
{
	bool enter = e->kind == EVENT_KEY && e->key == KEY_ENTER;
	char text[LINE_TEXT];
	if (!enter && !(e->kind == EVENT_KEY && e->key == KEY_ESCAPE)) {
		line_event(&app->line, e, NULL, NULL);
		return;
	}
	app_popup_close(app);
	if (!enter)
		return;
	if (app->flows != NULL && !app->flows->live) {
		app_say(app, STATUS_ERROR, "a file is replayed: its capture "
		    "filter stays; / filters rows");
		return;
	}
	if (!app->has_capd) {
		app_say(app, STATUS_ERROR, "this stream's capture takes no "
		    "orders: the filter stays");
		return;
	}
	line_trimmed(&app->line, text);
	app_order(app, "capd", "filter %s", text);
	snprintf(app->asked_filter, sizeof(app->asked_filter), "%s", text);
	app->filter_asked = true;
	app_say(app, STATUS_INFO, "capture filter asked for: %s",
	    text[0] != '\0' ? text : "none");
}

static void
order_alert(struct app *app, uint64_t rate)
{
	char text[FORMAT_TEXT];
	if (!app->has_flowagg) {
		app_say(app, STATUS_WARN, "kept for the next start: this "
		    "stream takes no orders");
	} else if (rate == 0) {
		app_order(app, "flowagg", "alert off");
		app_say(app, STATUS_INFO, "no alerts");
	} else {
		label_bandwidth(app, rate, text);
		app_order(app, "flowagg", "alert %llu",
		    (unsigned long long)rate);
		app_say(app, STATUS_INFO, "alert above %s/s", text);
	}
}

static void
set_alert(struct app *app)
{
	uint64_t rate = 0;
	char text[LINE_TEXT];
	line_trimmed(&app->line, text);
	if (text[0] != '\0' && strcmp(text, "0") != 0 &&
	    strcasecmp(text, "off") != 0 && !num_rate(text, &rate)) {
		app_say(app, STATUS_ERROR, "\"%s\" is no rate: 500k (bytes), "
		    "10Mb (bits), off", text);
		app->status_refuses = true;
		return;
	}
	app_popup_close(app);
	prefs_set_rate(app->prefs, PREF_ALERT_THRESHOLD, rate);
	app->wants.save = true;
	/* What is stored: no more than may be. */
	order_alert(app, prefs_rate(app->prefs, PREF_ALERT_THRESHOLD));
}

static void
alert_event(struct app *app, const struct event *e)
{
	if (e->kind == EVENT_KEY && e->key == KEY_ENTER)
		set_alert(app);
	else if (e->kind == EVENT_KEY && e->key == KEY_ESCAPE)
		app_popup_close(app);
	else
		line_event(&app->line, e, NULL, NULL);
}

static void
scroll_help(struct app *app, int by)
{
	struct help h;
	help_layout(&h, app->cols, app->rows);
	int last = h.rows - h.room;
	app->help_top += by;
	if (app->help_top > last)
		app->help_top = last;
	if (app->help_top < 0)
		app->help_top = 0;
}

void
popups_scroll(struct app *app, int by)
{
	app->dirty = true;
	switch (app_popup(app)) {
	case POPUP_HELP: scroll_help(app, by); break;
	case POPUP_DETAILS: app_move(app, by); break;
	case POPUP_THEMES:
	case POPUP_EDITOR:
	case POPUP_INTERFACES:
		chooser_move(app, by);
		break;
	default: break;
	}
}

static void
help_event(struct app *app, const struct event *e)
{
	if (e->kind != EVENT_KEY)
		return;
	switch (e->key) {
	case 'j': case KEY_DOWN: popups_scroll(app, 1); break;
	case 'k': case KEY_UP: popups_scroll(app, -1); break;
	case ' ': case KEY_PAGE_DOWN: case KEY_CTRL('d'):
		popups_scroll(app, 8);
		break;
	case KEY_PAGE_UP: case KEY_CTRL('u'): popups_scroll(app, -8); break;
	case KEY_HOME: app->help_top = 0; break;
	case KEY_END: case 'G': popups_scroll(app, HELP_LINES); break;
	case 'h': case '?': case 'q': case KEY_ESCAPE: case KEY_ENTER:
	case KEY_F1:
		app_popup_close(app);
		break;
	default: break;
	}
}

/* From where they are: another flow may have had more of them. */
static void
scroll_details(struct app *app, int by)
{
	const struct row *row = app_selected(app);
	struct tip t = { .count = 0 };
	if (row != NULL)
		tip_row(app, row, true, &t);
	int last = tip_last_top(app, &t);
	if (app->details_top > last)
		app->details_top = last;
	app->details_top += by;
	if (app->details_top > last)
		app->details_top = last;
	if (app->details_top < 0)
		app->details_top = 0;
}

static void
details_event(struct app *app, const struct event *e)
{
	if (e->kind != EVENT_KEY)
		return;
	switch (e->key) {
	case 'j': case KEY_DOWN: app_move(app, 1); break;
	case 'k': case KEY_UP: app_move(app, -1); break;
	case KEY_PAGE_DOWN: case KEY_CTRL('d'): scroll_details(app, 8); break;
	case KEY_PAGE_UP: case KEY_CTRL('u'): scroll_details(app, -8); break;
	case 'y': app_do(app, ACTION_COPY); break;
	case 'F': app_do(app, ACTION_PIN); break;
	default: app_popup_close(app); break;
	}
}

static void (*const events[POPUP_COUNT])(struct app *,
    const struct event *) = {
	[POPUP_HELP] = help_event,
	[POPUP_THEMES] = chooser_themes_event,
	[POPUP_EDITOR] = chooser_editor_event,
	[POPUP_NAME] = chooser_name_event,
	[POPUP_INTERFACES] = chooser_interfaces_event,
	[POPUP_DETAILS] = details_event,
	[POPUP_FILTER] = filter_event,
	[POPUP_BPF] = bpf_event,
	[POPUP_ALERT] = alert_event,
};

bool
popups_event(struct app *app, const struct event *e)
{
	enum popup popup = app_popup(app);
	if (popup == POPUP_NONE)
		return false;
	app->dirty = true;
	/* What was wrong with the line is out of date. */
	if (app->status_refuses)
		app->status[0] = '\0';
	app->status_refuses = false;
	if (events[popup] != NULL) {
		events[popup](app, e);
		return true;
	}
	/* A tip goes at any key; Escape does nothing more. */
	app_popup_close(app);
	app->hover_on = false;
	return e->kind == EVENT_KEY && e->key == KEY_ESCAPE;
}

void
popups_choose(struct app *app, int place)
{
	chooser_choose(app, place);
}
