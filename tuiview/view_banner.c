/* SPDX-License-Identifier: MIT
 *
 * The row above the tabs that says why the figures stand: paused, down,
 * stalled, ended.  It lies on no other row.
 */
#include <stdio.h>
#include <time.h>

#include "tuiview/text.h"
#include "tuiview/view.h"

enum { TIME = 16 };

static void
time_text(uint64_t ms, char text[TIME])
{
	time_t seconds = (time_t)(ms / 1000);
	struct tm tm;
	localtime_r(&seconds, &tm);
	strftime(text, TIME, "%H:%M:%S", &tm);
}

/* The message and a shorter one. */
static void
words(const struct app *app, char text[2][160])
{
	const struct flows *f = app_newest(app);
	const char *paused = app->paused ? "PAUSED · " : "";
	const char *why = app->down_text[0] != '\0' ? app->down_text :
	    "nothing is captured";
	char when[TIME] = "";
	switch (app_condition(app)) {
	case CONDITION_ENDED:
		if (f != NULL)
			time_text(f->ts, when);
		snprintf(text[0], 160, "%sEND OF THE %s · %s was the last · "
		    "q leaves", paused, f != NULL && !f->live ? "RECORDING" :
		    "STREAM", when);
		snprintf(text[1], 160, "%sTHE END · q leaves", paused);
		return;
	case CONDITION_DOWN:
		time_text(app->down_since, when);
		snprintf(text[0], 160, "%s%.*s DOWN since %s · %.*s", paused,
		    text_bytes(f->interfaces, 30), f->interfaces, when,
		    text_bytes(why, 80), why);
		snprintf(text[1], 160, "%sDOWN since %s", paused, when);
		return;
	case CONDITION_STALLED:
		snprintf(text[0], 160, "%sSTALLED · no snapshot for %u s · "
		    "these figures are old", paused, app_stalled(app));
		snprintf(text[1], 160, "%sSTALLED for %u s", paused,
		    app_stalled(app));
		return;
	default:
		break;
	}
	time_text(app_paused_at(app), when);
	snprintf(text[0], 160, app_is_replay(app) ? "PAUSED at %s · the replay "
	    "stands ('.' steps) · P goes on" : "PAUSED at %s · the stream is "
	    "still read · P goes on", when);
	snprintf(text[1], 160, "PAUSED · P goes on");
}

void
view_banner(struct grid *g, struct rect r, const struct app *app)
{
	char text[2][160];
	if (r.h == 0)
		return;
	words(app, text);
	const char *fits = text[text_width(text[0]) > r.w - 2];
	grid_fill(g, r, ROLE_PAUSED);
	if (app->paused)
		hit_add(&g->hits, r.x, r.y, r.w, r.h, HIT_BUTTON,
		    ACTION_PAUSE);
	grid_text(g, r.x + (r.w - text_width(fits)) / 2, r.y, ROLE_PAUSED,
	    fits);
}
