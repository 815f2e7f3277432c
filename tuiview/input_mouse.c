/* SPDX-License-Identifier: MIT
 *
 * Events to actions: popups first, then keys by the table and the mouse by
 * what was noted while drawing.
 */
#include "tuiview/app.h"
#include "tuiview/popups.h"

enum { DOUBLE_MS = 400, WHEEL_ROWS = 3 };

static void
sort_column(struct app *app, enum pref_sort sort)
{
	static const enum action actions[] = { ACTION_SORT_2S,
		ACTION_SORT_10S, ACTION_SORT_40S, ACTION_SORT_TOTAL,
		ACTION_SORT_SOURCE, ACTION_SORT_DESTINATION,
		ACTION_SORT_PROCESS };
	/* A second click on the heading turns the order round. */
	app_do(app, prefs_choice(app->prefs, PREF_SORT) == (int)sort ?
	    ACTION_REVERSE : actions[sort]);
}

static void
click_row(struct app *app, int place)
{
	app_select(app, place);
	uint64_t key = app->selected[app->view];
	bool is_double = app->click_key == key && key != 0 &&
	    app->now - app->click_since <= DOUBLE_MS;
	app->click_key = is_double ? 0 : key;
	app->click_since = app->now;
	if (is_double)
		app_do(app, ACTION_ENTER);
}

/* A segment does what the key does that changes what it tells. */
static void
click_segment(struct app *app, enum segment segment)
{
	static const enum action actions[SEGMENT_COUNT] = {
		[SEGMENT_INTERFACE] = ACTION_INTERFACES,
		[SEGMENT_VIEW] = ACTION_NEXT_VIEW,
		[SEGMENT_SORT] = ACTION_REVERSE,
		[SEGMENT_REFRESH] = ACTION_REFRESH,
		[SEGMENT_UNITS] = ACTION_UNITS,
		[SEGMENT_THEME] = ACTION_THEMES,
		[SEGMENT_STATE] = ACTION_PAUSE,
		[SEGMENT_ALERT] = ACTION_ALERT,
		[SEGMENT_FILTER] = ACTION_FILTER,
		[SEGMENT_HELP] = ACTION_HELP,
	};
	if (actions[segment] != ACTION_NONE)
		app_do(app, actions[segment]);
}

static void
left(struct app *app, struct hit hit)
{
	switch (hit.kind) {
	case HIT_SEGMENT:
		click_segment(app, (enum segment)hit.value);
		break;
	case HIT_ROW:
		click_row(app, hit.value);
		break;
	case HIT_TAB:
		if (app->view != (enum pref_view)hit.value) {
			app->view = (enum pref_view)((hit.value + VIEWS - 1) %
			    VIEWS);
			app_do(app, ACTION_NEXT_VIEW);
		}
		break;
	case HIT_COLUMN:
		sort_column(app, (enum pref_sort)hit.value);
		break;
	case HIT_CHOICE:
		popups_choose(app, hit.value);
		break;
	case HIT_BUTTON:
		app_do(app, (enum action)hit.value);
		break;
	default:
		break;
	}
}

static void
open_tip(struct app *app, const struct event *e, struct hit hit)
{
	app->tip_x = e->x;
	app->tip_y = e->y;
	if (hit.kind == HIT_SEGMENT) {
		app->tip_segment = (enum segment)hit.value;
		app->hover_on = app->hovering = false;
		app_popup_open(app, POPUP_SEGMENT_TIP);
		app->hovering = false;
	} else if (hit.kind == HIT_ROW) {
		app_select(app, hit.value);
		app->tip_row = app->selected[app->view];
		app_popup_open(app, POPUP_ROW_TIP);
	}
}

/* The pointer moved to, or rests on, a segment or none. */
static void
hover(struct app *app, const struct event *e, struct hit hit)
{
	bool on = hit.kind == HIT_SEGMENT;
	if (app_popup(app) == POPUP_SEGMENT_TIP &&
	    (!on || (int)app->tip_segment != hit.value)) {
		app_popup_close(app);
		app->hover_on = false;
	}
	if (on && app->hover_on && (int)app->hover_segment == hit.value)
		return;
	app->hover_on = on && app->popup_count == 0;
	app->hover_segment = (enum segment)hit.value;
	app->hover_since = app->now;
	if (app->hover_on) {
		app->tip_x = e->x;
		app->tip_y = e->y;
	}
}

/* As Escape does, which in a list may end a search first. */
static void
close_popup(struct app *app)
{
	const struct event escape = { .kind = EVENT_KEY, .key = KEY_ESCAPE };
	enum popup popup = app_popup(app);
	popups_event(app, &escape);
	if (app_popup(app) == popup)
		popups_event(app, &escape);
}

/* True when the event was the popup's. */
static bool
popup_mouse(struct app *app, const struct event *e, struct hit hit)
{
	enum popup popup = app_popup(app);
	bool is_tip = popup == POPUP_ROW_TIP || popup == POPUP_SEGMENT_TIP;
	if (popup == POPUP_NONE)
		return false;
	if (is_tip) {
		/* A click closes it, and does no more; the right button
		 * moves it elsewhere. */
		app_popup_close(app);
		app->hover_on = false;
		return e->mouse != MOUSE_RIGHT ||
		    (hit.kind != HIT_ROW && hit.kind != HIT_SEGMENT);
	}
	switch (e->mouse) {
	case MOUSE_WHEEL_UP: popups_scroll(app, -1); break;
	case MOUSE_WHEEL_DOWN: popups_scroll(app, 1); break;
	case MOUSE_LEFT:
		if (hit.kind == HIT_CHOICE)
			popups_choose(app, hit.value);
		else if (hit.kind != HIT_POPUP && !popup_is_prompt(popup))
			close_popup(app);
		break;
	default: break;
	}
	return true;
}

static void
mouse(struct app *app, const struct event *e, const struct hits *hits)
{
	struct hit hit = hit_find(hits, e->x, e->y);
	if (!prefs_bool(app->prefs, PREF_MOUSE) || e->mouse == MOUSE_RELEASE)
		return;
	if (e->mouse == MOUSE_MOVE || e->mouse == MOUSE_DRAG) {
		hover(app, e, hit);
		return;
	}
	app->dirty = true;
	if (popup_mouse(app, e, hit))
		return;
	switch (e->mouse) {
	case MOUSE_LEFT: left(app, hit); break;
	case MOUSE_RIGHT: open_tip(app, e, hit); break;
	case MOUSE_MIDDLE:
		if (hit.kind == HIT_ROW) {
			app_select(app, hit.value);
			app_do(app, ACTION_PIN);
		}
		break;
	case MOUSE_WHEEL_UP: app_move(app, -WHEEL_ROWS); break;
	case MOUSE_WHEEL_DOWN: app_move(app, WHEEL_ROWS); break;
	default: break;
	}
}

static void
main_key(struct app *app, uint32_t key)
{
	/* g toggles the header unless another one follows at once. */
	bool again = app->g_since != 0;
	app->g_since = 0;
	if (key == 'g') {
		if (again)
			app_do(app, ACTION_FIRST);
		else
			app->g_since = app->now + 1;
		return;
	}
	if (again)
		app_do(app, ACTION_HEADER);
	enum action action = key_action(key);
	if (action != ACTION_NONE)
		app_do(app, action);
}

void
app_event(struct app *app, const struct event *e, const struct hits *hits)
{
	if (e->kind == EVENT_MOUSE) {
		mouse(app, e, hits);
		return;
	}
	/* These work whatever is open. */
	if (e->kind == EVENT_KEY) {
		enum action action = key_action(e->key);
		if (action == ACTION_QUIT_UNSAVED ||
		    action == ACTION_SUSPEND || action == ACTION_REPAINT) {
			app_do(app, action);
			return;
		}
	}
	if (popups_event(app, e))
		return;
	/* What was pasted is text, never commands. */
	if (e->kind == EVENT_KEY)
		main_key(app, e->key);
}
