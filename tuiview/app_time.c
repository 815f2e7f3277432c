/* SPDX-License-Identifier: MIT
 *
 * What time does to the screen, and what state the stream is in.
 */
#include <string.h>

#include "tuiview/app.h"

enum { FLASH_STEP = 300, HOVER_MS = 1000, HOVER_END = 4000, WAIT_G = 400,
	SOON_MS = 2000, LATE_MS = 300 };

bool
app_flashes(const struct app *app)
{
	return app->now < app->flash_until &&
	    (app->flash_until - app->now) / FLASH_STEP % 2 == 0;
}

static void
tick_hover(struct app *app)
{
	uint64_t rest = app->now - app->hover_since;
	bool shown = app_popup(app) == POPUP_SEGMENT_TIP && app->hovering;
	if (!app->hover_on || !prefs_bool(app->prefs, PREF_HOVER_TOOLTIPS))
		return;
	if (shown && rest >= HOVER_END) {
		app_popup_close(app);
		app->hover_on = false;
	} else if (!shown && rest >= HOVER_MS && app->popup_count == 0) {
		app->tip_segment = app->hover_segment;
		app->hovering = true;
		app_popup_open(app, POPUP_SEGMENT_TIP);
	}
}

void
app_tick(struct app *app, uint64_t now, uint64_t wall)
{
	bool second = app->wall / 1000 != wall / 1000;
	bool flashing = app->now < app->flash_until;
	uint64_t step = (app->flash_until - app->now) / FLASH_STEP;
	app->now = now;
	app->wall = wall;
	/* The clock runs while the stream lives; a dead screen stands. */
	if (second && app->flows != NULL && app->flows->live &&
	    !app->feed.ended && (prefs_bool(app->prefs, PREF_SHOW_HEADER) ||
	    app_stalled(app) > 0))
		app->ticked = true;
	if (flashing && (now >= app->flash_until ||
	    (app->flash_until - now) / FLASH_STEP != step))
		app->dirty = true;
	if (app->status_until != 0 && now >= app->status_until) {
		app->status_until = 0;
		app->status[0] = '\0';
		app->dirty = true;
	}
	if (app->g_since != 0 && now >= app->g_since + WAIT_G) {
		app->g_since = 0;
		app_do(app, ACTION_HEADER);
	}
	tick_hover(app);
}

unsigned
app_stalled(const struct app *app)
{
	const struct flows *f = app_newest(app);
	if (f == NULL || !f->live || app->feed.ended || app->arrived == 0 ||
	    app->now < app->arrived)
		return 0;
	uint64_t late = app->now - app->arrived;
	return late > 2000 + (uint64_t)(f->interval * 3000) ?
	    (unsigned)(late / 1000) : 0;
}

const struct flows *
app_newest(const struct app *app)
{
	return app->latest != NULL ? app->latest : app->flows;
}

enum condition
app_condition(const struct app *app)
{
	const struct flows *f = app_newest(app);
	if (app->feed.ended)
		return CONDITION_ENDED;
	if (f == NULL)
		return CONDITION_WAITING;
	if (app_stalled(app) > 0)
		return CONDITION_STALLED;
	if (!f->live)
		return CONDITION_REPLAY;
	return strcmp(f->state, "down") == 0 ? CONDITION_DOWN :
	    CONDITION_LIVE;
}

static void
sooner(uint64_t *at, uint64_t other)
{
	if (other < *at)
		*at = other;
}

uint64_t
app_clock_due(const struct app *app)
{
	double interval = app->flows != NULL ? app->flows->interval * 1000 :
	    0;
	uint64_t next = app->arrived + (uint64_t)interval + LATE_MS;
	return app->paused || app->arrived == 0 || interval > SOON_MS ||
	    next < app->now ? app->now : next;
}

/* The next second, or when it is due. */
static uint64_t
next_second(const struct app *app)
{
	uint64_t due = app_clock_due(app);
	uint64_t second = app->now + 1000 - app->wall % 1000;
	return second > due ? second : due;
}

uint64_t
app_next_tick(const struct app *app)
{
	uint64_t at = UINT64_MAX;
	if (app->flows != NULL && app->flows->live && !app->feed.ended)
		at = next_second(app);
	if (app->now < app->flash_until)
		sooner(&at, app->flash_until - (app->flash_until - app->now -
		    1) / FLASH_STEP * FLASH_STEP);
	if (app->status_until != 0)
		sooner(&at, app->status_until);
	if (app->g_since != 0)
		sooner(&at, app->g_since + WAIT_G);
	if (app->hover_on && prefs_bool(app->prefs, PREF_HOVER_TOOLTIPS))
		sooner(&at, app->hover_since + (app->hovering ? HOVER_END :
		    HOVER_MS));
	if (app->interfaces.asked)
		sooner(&at, app->now + 50);
	else if (app_popup(app) == POPUP_INTERFACES &&
	    app->interfaces.count > 0)
		sooner(&at, app->interfaces.looked + 1000);
	return at;
}
