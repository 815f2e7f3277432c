/* SPDX-License-Identifier: MIT
 *
 * All state of the screen.  Input becomes actions, app_do() carries them
 * out, and only the app_ functions change anything here; views read it.
 *
 * What must happen outside (write a file, tell a stage, leave) is noted in
 * ->wants and done by the event loop.
 */
#ifndef TUIVIEW_APP_H
#define TUIVIEW_APP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"
#include "tuiview/feed.h"
#include "tuiview/grid.h"
#include "tuiview/input_decode.h"
#include "tuiview/input_keys.h"
#include "tuiview/input_line.h"
#include "tuiview/interfaces.h"
#include "tuiview/model_flows.h"
#include "tuiview/model_rows.h"
#include "tuiview/prefs.h"
#include "tuiview/theme.h"

enum { VIEWS = 5, POPUPS = 4, APP_CONTROLS = 8 };
enum { APP_STATUS = 200, APP_LOG = 6 };

enum popup {
	POPUP_NONE, POPUP_HELP, POPUP_THEMES, POPUP_EDITOR, POPUP_NAME,
	POPUP_INTERFACES, POPUP_DETAILS, POPUP_ROW_TIP, POPUP_SEGMENT_TIP,
	POPUP_FILTER, POPUP_BPF, POPUP_ALERT, POPUP_COUNT
};

/* The header bar's parts. */
enum segment {
	SEGMENT_NAME, SEGMENT_INTERFACE, SEGMENT_VIEW, SEGMENT_FLOWS,
	SEGMENT_CLOCK, SEGMENT_SORT, SEGMENT_REFRESH, SEGMENT_UNITS,
	SEGMENT_THEME, SEGMENT_STATE, SEGMENT_DROPS, SEGMENT_ALERT,
	SEGMENT_FILTER, SEGMENT_HELP, SEGMENT_COUNT
};

/* How the stream is doing; that the screen is paused is told apart. */
enum condition {
	CONDITION_WAITING, CONDITION_LIVE, CONDITION_REPLAY,
	CONDITION_STALLED, CONDITION_DOWN, CONDITION_ENDED
};

enum status_level { STATUS_INFO, STATUS_WARN, STATUS_ERROR };

/* A list that scrolls under a highlight, with a search typed into it. */
struct chooser {
	int at, top, count, rows;	/* rows: visible, told by layout */
	struct line search;
	bool searching;			/* every letter is searched for */
	bool missed;			/* nothing is called so */
};

struct wants {
	bool quit, save, suspend, repaint, export, record, list_interfaces;
	bool bell;
	bool pause_feed;	/* playing: app.paused tells which way */
	bool step_feed;
	bool speed_feed;
	char *copy;		/* owned; null: nothing */
	struct control_order {
		char stage[12];		/* "capd" */
		char command[300];
	} controls[APP_CONTROLS];
	unsigned control_count;
};

struct app {
	struct prefs *prefs;
	/* What the terminal is like */
	int cols, rows;
	bool ascii;
	enum colour_depth depth;
	enum background background;
	struct palette palette;
	const struct theme *preview;	/* tried in a chooser; null: none */
	/* Time */
	uint64_t now;		/* ms of a steady clock */
	uint64_t wall;		/* ms since 1970; 0: use the stream's */
	/* The stream */
	struct flows *flows;	/* what is shown; null before the first */
	struct flows *latest;	/* newest, while paused; else null */
	uint64_t arrived;	/* ms on the steady clock */
	uint64_t down_since;	/* stream time, ms; 0: not down */
	char down_text[APP_STATUS];	/* what capd says of it; or empty */
	uint64_t paused_at;	/* stream time, ms */
	struct feed_state feed;
	bool has_capd, has_flowagg, has_namemap;	/* control files */
	double speed;		/* of a replay; 0: as fast as it comes */
	bool recorded;		/* played, live as it may once have been */
	bool paces;		/* tuiview itself plays the stream */
	bool paused;
	struct history history;
	struct history held;	/* while a live screen is paused */
	/* Asked of capd; stored once a snapshot shows that it was done */
	char asked_filter[LINE_TEXT], asked_interface[64];
	bool filter_asked, interface_asked;
	/* Rows */
	struct rows model;
	bool rows_stale;
	enum pref_view view;
	uint64_t selected[VIEWS];	/* a row's key; 0: none */
	uint64_t selected_flow;		/* its busiest flow when chosen: id */
	struct rows_how flows_how;	/* of the last rows of flows */
	long place[VIEWS];		/* where it was last */
	long top[VIEWS];		/* first visible row */
	int area_height;		/* when rows were last placed */
	/* The widest source and destination that were in sight for some
	 * snapshots, and for as many before: columns do not wander. */
	struct ends_width {
		int src, dst;
	} widest, widest_before;
	unsigned widest_age;		/* snapshots */
	struct drill drill;
	bool frozen;
	struct filter filter;
	char filter_error[80];
	/* Popups, the last one on top */
	enum popup popups[POPUPS];
	int popup_count;
	int help_top;
	int details_top;		/* first line in sight */
	struct line line;		/* of the prompt on top */
	char before[LINE_TEXT];		/* the filter before the prompt */
	struct chooser chooser;
	uint32_t edited[THEME_COLOURS];	/* the editor's theme */
	struct theme edited_theme;
	char edited_name[THEME_NAME];
	int editor_slot, editor_channel;
	bool renaming;
	char editor_digits[8];
	struct interfaces interfaces;
	/* Tips */
	enum segment tip_segment;
	int tip_x, tip_y;
	uint64_t tip_row;		/* key */
	bool hovering;			/* the tip came by hover */
	enum segment hover_segment;
	bool hover_on;			/* the pointer is on a segment */
	uint64_t hover_since;
	uint64_t click_since;		/* for double clicks */
	uint64_t click_key;
	/* Alerts */
	uint64_t *alerts;		/* ids of flows that alert, sorted */
	size_t alert_count;
	bool alert_total;
	uint64_t flash_until;
	/* Status line */
	char status[APP_STATUS];
	/* What a key has said already need not be said by the stage, too:
	 * "STAGE: VERB", and for how many snapshots. */
	char echo[40];
	int echo_left;
	/* What the stream told of, newest first, kept for the State tip */
	struct app_note {
		uint64_t ts;
		char text[APP_STATUS];
	} log[APP_LOG];
	int log_count;
	enum status_level status_level;
	uint64_t status_until;
	bool status_refuses;	/* it is of the line that is being typed */
	uint64_t totals_since;		/* were reset then; 0: never */
	bool filtered;			/* by the capture, since then */
	uint64_t g_since;		/* a g waits for another; 0: none */
	struct wants wants;
	bool dirty;			/* draw again */
	bool ticked;			/* only the clock has moved: soon */
};

/* The struct is zero before; `prefs` stays the caller's. */
void app_init(struct app *, struct prefs *, int cols, int rows);
void app_done(struct app *);

void app_resize(struct app *, int cols, int rows);

/* A snapshot arrived, now the app's. */
void app_snapshot(struct app *, struct flows *);

/* Alerts and events of a snapshot; called by app_snapshot(). */
void app_notes(struct app *, const struct flows *);

/* The feed told something else: the end, an error. */
void app_feed(struct app *, const struct feed_state *);

/* Time has passed: hover, flash, status, a lone g. */
void app_tick(struct app *, uint64_t now, uint64_t wall);

/* When the clock of the header is to show a second that has begun, ms: it
 * waits for the snapshot that will be drawn soon anyway; with snapshots every
 * second that is half the frames. */
uint64_t app_clock_due(const struct app *);

/* A new alert flashes for two seconds: is it bright just now? */
bool app_flashes(const struct app *);

/* When app_tick() has something to do next, ms; UINT64_MAX: never. */
uint64_t app_next_tick(const struct app *);

/* An event of the keyboard or the mouse; `hits` are the last drawing's. */
void app_event(struct app *, const struct event *, const struct hits *);

/* Carry out an action. */
void app_do(struct app *, enum action);

/* Bring rows up to date with the state; call before drawing. */
void app_prepare(struct app *);

/* The interfaces asked for have arrived. */
void app_interfaces(struct app *);

/* Say something for a few seconds. */
void app_say(struct app *, enum status_level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* What the rows are built from now. */
void app_how(const struct app *, struct rows_how *);

/* What the stream says of everything, in a unit; there is a snapshot.  Rates
 * and peaks of packets are those that were watched. */
void app_totals(const struct app *, enum format_unit, struct figures *,
    uint64_t *peak);

/* The selected row; null when there is none on screen or off it. */
const struct row *app_selected(const struct app *);

/* The popup on top, or POPUP_NONE. */
enum popup app_popup(const struct app *);

/* For the app_*.c files. */
void app_show(struct app *, struct flows *);	/* now the app's */
bool app_set(struct app *, enum action);	/* false: not their action */
bool app_play(struct app *, enum action);

/* The stream's time at which it stands; a replay is stepped on, too. */
uint64_t app_paused_at(const struct app *);
void app_popup_open(struct app *, enum popup);
void app_popup_close(struct app *);
void app_order(struct app *, const char *stage, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void app_theme_changed(struct app *);
void app_forget_widths(struct app *);	/* rows look different now */
void app_select(struct app *, long place);
void app_keep_visible(struct app *);

/* Rows are about to be merged or split: the selected one is the one that will
 * have its flow. */
void app_select_again(struct app *, const struct rows_how *);

/* Flows of another session are to be shown, with ids of their own: what is
 * selected is the flow between the same ends, or none. */
void app_select_anew(struct app *, const struct flows *);
void app_move(struct app *, long by);
void app_set_filter(struct app *, const char *text);

/* The lines of a row, with its sparkline when it is selected, and those of
 * the whole area, as the view lays them out. */
int app_row_lines(const struct app *);
int app_row_height(const struct app *, const struct row *);
int app_area_height(const struct app *);

/* Is what a capture filter left out missing in the totals? */
static inline bool
app_filtered(const struct app *app)
{
	return app->filtered;
}

/* For how many seconds a live stream has been overdue; 0: it is not. */
unsigned app_stalled(const struct app *);

/* The newest snapshot, also while an older one is shown; or null. */
const struct flows *app_newest(const struct app *);

enum condition app_condition(const struct app *);

/* Are the rows the flows of one group, that Enter has opened?  In the other
 * views nothing is left out. */
static inline bool
app_drilled(const struct app *app)
{
	return app->view == VIEW_FLOWS && app->drill.view != VIEW_FLOWS;
}

/* Can keys move the capture and change its filter?  Not those of a file, of
 * one that is over, or where nobody takes orders. */
static inline bool
app_moves_capture(const struct app *app)
{
	return app->has_capd && app->flows != NULL && app->flows->live &&
	    !app->feed.ended;
}

/* Is the stream played from a file? */
static inline bool
app_is_replay(const struct app *app)
{
	return app->flows != NULL && !app->flows->live;
}

#endif
