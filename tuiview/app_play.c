/* SPDX-License-Identifier: MIT
 *
 * Pausing the screen; speed and steps of a replay.
 */
#include <math.h>

#include "tuiview/app.h"

static void
pause_screen(struct app *app)
{
	app->paused = !app->paused;
	app->paused_at = app->flows != NULL ? app->flows->ts : 0;
	app->dirty = true;
	history_done(&app->held);
	if (app->paused && app->flows != NULL && app->flows->live)
		history_copy(&app->held, &app->history);
	if (app_is_replay(app) && !app->has_capd)
		app->wants.pause_feed = true;
	else if (app_is_replay(app) && !app->feed.ended)
		app_order(app, "capd", app->paused ? "pause" : "resume");
	if (!app->paused && app->latest != NULL) {
		struct flows *latest = app->latest;
		app->latest = NULL;
		app_show(app, latest);
	}
}

uint64_t
app_paused_at(const struct app *app)
{
	return app_is_replay(app) && app->flows != NULL ? app->flows->ts :
	    app->paused_at;
}

/* There is nothing left of it to play. */
static bool
is_over(struct app *app)
{
	if (app->feed.ended)
		app_say(app, STATUS_WARN, "the recording is over");
	return app->feed.ended;
}

/* Twice or half as fast, within bounds; --speed may have begun beyond them. */
static double
next_speed(double speed, bool faster)
{
	const double slowest = 0.125, fastest = 1024;
	return faster ? fmin(speed * 2, fmax(speed, fastest)) :
	    fmax(speed / 2, fmin(speed, slowest));
}

static void
change_speed(struct app *app, bool faster)
{
	if (!app_is_replay(app) || (!app->has_capd && !app->paces)) {
		app_say(app, STATUS_WARN, app_is_replay(app) ? "it comes as "
		    "fast as it does: start with --speed" :
		    "only a replay has a speed");
		return;
	}
	if (is_over(app))
		return;
	if (faster && app->speed <= 0) {
		app_say(app, STATUS_INFO, "it plays as fast as it can");
		return;
	}
	double speed = next_speed(app->speed > 0 ? app->speed : 1, faster);
	app->speed = speed;
	if (app->has_capd)
		app_order(app, "capd", "speed %g", speed);
	else
		app->wants.speed_feed = true;
	app_say(app, STATUS_INFO, "replay at %g times the recorded speed",
	    speed);
}

static void
step(struct app *app)
{
	if (!app_is_replay(app) || !app->paused) {
		app_say(app, STATUS_WARN, app_is_replay(app) ?
		    "pause first (P), then step" : "only a replay steps");
		return;
	}
	if (is_over(app))
		return;
	if (app->has_capd)
		app_order(app, "capd", "step %g", app->flows->interval);
	else
		app->wants.step_feed = true;
}

bool
app_play(struct app *app, enum action action)
{
	switch (action) {
	case ACTION_PAUSE: pause_screen(app); return true;
	case ACTION_FASTER: change_speed(app, true); return true;
	case ACTION_SLOWER: change_speed(app, false); return true;
	case ACTION_STEP: step(app); return true;
	default: return false;
	}
}
