/* SPDX-License-Identifier: MIT
 *
 * Wait for the stream, the keys, the clock; draw at most thirty times a
 * second, and only when something changed.
 */
#include "tuiview/run.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/clock.h"
#include "tuiview/effects.h"
#include "tuiview/feed.h"
#include "tuiview/signals.h"
#include "tuiview/term.h"
#include "tuiview/view.h"

enum { FRAME_MS = 33, BURST = 2, ESCAPE_MS = 40, STEP_MS = 50,
	PATIENCE_MS = 2500 };

struct loop {
	struct app *app;
	struct feed *feed;
	struct effects effects;
	struct grid grid;
	uint64_t counted;		/* when the credit was counted, ms */
	unsigned credit;		/* for drawing, ms: FRAME_MS each */
	uint64_t clock_due;		/* a new second is drawn; 0: none */
	uint64_t escape;		/* since when an Escape waits */
	bool told_waiting;		/* that nothing has come yet */
	bool tty_gone, leave;
};

/* The terminal is another's until we are called to the foreground: wait for
 * that, stopped, as the terminal itself makes those wait who read from it.
 * False when nobody can call us any more: whoever started us is gone. */
static bool
await_foreground(void)
{
	while (!term_is_ours()) {
		unsigned char numbers[64];
		bool continued = false;
		signal(SIGTTIN, SIG_DFL);
		kill(0, SIGTTIN);
		/* Here again after SIGCONT, or at once when this group is an
		 * orphan, which does not stop. */
		size_t n = signals_take(numbers, sizeof(numbers));
		for (size_t i = 0; i < n; i++) {
			continued |= numbers[i] == SIGCONT;
			if (numbers[i] == SIGTERM || numbers[i] == SIGHUP)
				return false;
		}
		if (!continued)
			return false;
	}
	return true;
}

/* Ctrl-Z stops the whole chain, as the terminal itself would have; a
 * SIGTSTP that was sent stops those it was sent to. */
static void
suspend(struct loop *l, bool all)
{
	term_stop();
	signal(SIGTSTP, SIG_DFL);
	signal(SIGCONT, SIG_DFL);
	if (all)
		kill(0, SIGTSTP);
	else
		raise(SIGTSTP);
	/* Here again after SIGCONT, of which there is no more to be told: the
	 * terminal is taken once. */
	signals_catch(SIGCONT);
	signals_catch(SIGTSTP);
	if (!await_foreground()) {
		l->leave = true;
		return;
	}
	term_start();
	l->app->dirty = true;
}

static void
resize(struct loop *l)
{
	int cols, rows;
	term_size(&cols, &rows);
	app_resize(l->app, cols, rows);
	term_forget();
}

/* Moved to the background while the screen was up: by kill -9 of the shell
 * or the script above us, which leaves us without a terminal. */
static void
give_way(struct loop *l)
{
	term_stop();
	if (!await_foreground()) {
		l->leave = true;
		return;
	}
	term_start();
	resize(l);
}

static bool
ends(unsigned char number)
{
	return number != SIGWINCH && number != SIGTSTP && number != SIGCONT;
}

static void
signals(struct loop *l)
{
	unsigned char numbers[64];
	bool resized = false;
	size_t n = signals_take(numbers, sizeof(numbers));
	/* First of all: who ends us may have told us to go on, so that we see
	 * it. */
	for (size_t i = 0; i < n; i++) {
		l->leave = l->leave || ends(numbers[i]);
		l->tty_gone = l->tty_gone || numbers[i] == SIGHUP;
	}
	for (size_t i = 0; i < n && !l->leave; i++) {
		if (numbers[i] == SIGTSTP)
			suspend(l, false);
		else if (numbers[i] == SIGCONT)
			/* Stopped by SIGSTOP, which nobody can catch. */
			give_way(l);
		resized = resized || numbers[i] != SIGCONT;
	}
	if (resized)
		resize(l);
}

static void
set_mouse(const struct app *app)
{
	bool on = prefs_bool(app->prefs, PREF_MOUSE);
	bool motion = prefs_bool(app->prefs, PREF_HOVER_TOOLTIPS) ||
	    app_popup(app) == POPUP_SEGMENT_TIP;
	term_mouse(!on ? TERM_MOUSE_OFF : motion ? TERM_MOUSE_MOTION :
	    TERM_MOUSE_BUTTONS);
}

static void
stream(struct loop *l)
{
	struct feed_state state;
	struct flows *f = feed_take(l->feed, &state);
	app_feed(l->app, &state);
	if (f != NULL)
		app_snapshot(l->app, f);
}

static void
keys(struct loop *l)
{
	struct event e;
	if (!term_read()) {
		l->tty_gone = l->leave = true;
		return;
	}
	while (!l->leave && term_event(&e)) {
		app_event(l->app, &e, &l->grid.hits);
		effects_do(&l->effects, l->app);
		if (l->app->wants.suspend) {
			l->app->wants.suspend = false;
			suspend(l, true);
			resize(l);
		}
		if (l->app->wants.repaint) {
			l->app->wants.repaint = false;
			term_forget();
		}
		if (l->app->wants.quit)
			l->leave = true;
	}
	l->escape = term_waits() ? l->app->now : 0;
}

/* What poll(2) says of it, or that an Escape has waited long enough, which
 * whatever else wakes us does not prolong. */
static void
terminal(struct loop *l, int events)
{
	bool typed = (events & POLLIN) != 0;
	bool waited = !typed && l->escape != 0 &&
	    l->app->now >= l->escape + ESCAPE_MS;
	if (waited)
		term_timeout();
	if (events & (POLLHUP | POLLERR | POLLNVAL))
		l->tty_gone = l->leave = true;
	else if (typed || waited)
		keys(l);
}

/* Thirty times a second, but a key after a quiet while at once, even when
 * a snapshot was drawn just before. */
static bool
may_draw(struct loop *l)
{
	uint64_t credit = l->credit + (l->app->now - l->counted);
	l->credit = credit < BURST * FRAME_MS ? (unsigned)credit :
	    BURST * FRAME_MS;
	l->counted = l->app->now;
	if (!l->app->ticked)
		l->clock_due = 0;
	else if (l->clock_due == 0)
		l->clock_due = app_clock_due(l->app);
	if (l->clock_due != 0 && l->app->now >= l->clock_due)
		l->app->dirty = true;
	return l->app->dirty && !term_busy() && l->credit >= FRAME_MS;
}

static void
draw(struct loop *l)
{
	l->credit -= FRAME_MS;
	app_prepare(l->app);
	view_draw(&l->grid, l->app);
	term_draw(&l->grid, &l->app->palette);
	l->app->dirty = l->app->ticked = false;
	l->clock_due = 0;
}

static int
timeout_of(const struct loop *l)
{
	const struct app *app = l->app;
	uint64_t at = app_next_tick(app);
	if (app->dirty && !term_busy() &&
	    l->counted + FRAME_MS - l->credit < at)
		at = l->counted + FRAME_MS - l->credit;
	if (l->clock_due != 0 && !app->dirty && l->clock_due < at)
		at = l->clock_due;
	if (l->escape != 0 && l->escape + ESCAPE_MS < at)
		at = l->escape + ESCAPE_MS;
	if (effects_busy(&l->effects) && app->now + STEP_MS < at)
		at = app->now + STEP_MS;
	if (at == UINT64_MAX)
		return -1;
	return at <= app->now ? 0 : at - app->now > 60000 ? 60000 :
	    (int)(at - app->now);
}

static void
wait_and_handle(struct loop *l)
{
	struct pollfd fds[] = {
		{ .fd = term_fd(), .events = (short)(POLLIN |
		    (term_busy() ? POLLOUT : 0)) },
		{ .fd = feed_fd(l->feed), .events = POLLIN },
		{ .fd = signals_fd(), .events = POLLIN },
		{ .fd = l->effects.wake[0], .events = POLLIN },
		{ .fd = l->app->interfaces.asked ? l->app->interfaces.fd : -1,
		    .events = POLLIN },
	};
	poll(fds, sizeof(fds) / sizeof(fds[0]), timeout_of(l));
	app_tick(l->app, clock_ms(), clock_ns(CLOCK_REALTIME) / 1000000);
	if (fds[2].revents != 0)
		signals(l);
	terminal(l, fds[0].revents);
	/* What a key has changed is shown before more is taken in. */
	if (fds[1].revents != 0 && !may_draw(l))
		stream(l);
	effects_step(&l->effects, l->app);
	effects_do(&l->effects, l->app);
	if (!term_flush())
		l->tty_gone = l->leave = true;
}

/* Signals while there is no screen yet. */
static void
early_signals(struct loop *l)
{
	unsigned char number;
	while (signals_take(&number, 1) == 1)
		if (number == SIGTSTP) {
			signal(SIGTSTP, SIG_DFL);
			raise(SIGTSTP);
			signals_catch(SIGTSTP);
		} else if (ends(number)) {
			l->leave = true;
		}
}

/* With long intervals it may take a while: not to seem dead, say so. */
static void
tell_waiting(struct loop *l)
{
	static const char text[] = "tuiview: waiting for the first snapshot; "
	    "Ctrl-C ends\r\n";
	l->told_waiting = true;
	if (!term_is_ours())
		return;
	term_write(text, sizeof(text) - 1);
	if (!term_flush())
		l->tty_gone = l->leave = true;
}

/* Until this is readable, or it is time to leave. */
static void
await(struct loop *l, int fd)
{
	struct pollfd fds[] = {
		{ .fd = fd, .events = POLLIN },
		{ .fd = signals_fd(), .events = POLLIN },
	};
	while (!l->leave) {
		int ready = poll(fds, 2, l->told_waiting ? -1 : PATIENCE_MS);
		if (ready == 0)
			tell_waiting(l);
		else if (ready > 0 && fds[0].revents != 0)
			return;
		else
			early_signals(l);
	}
}

/* There is no screen until there is something to show, so that a stage that
 * fails at once is read as an ordinary message. */
static bool
wait_for_first(struct loop *l)
{
	while (l->app->flows == NULL && !l->app->feed.ended && !l->leave) {
		await(l, feed_fd(l->feed));
		if (!l->leave)
			stream(l);
	}
	return l->app->flows != NULL;
}

static void
screen(struct loop *l)
{
	if (!await_foreground())
		return;
	term_start();
	set_mouse(l->app);
	resize(l);
	while (!l->leave) {
		if (!term_is_ours()) {
			give_way(l);
			continue;
		}
		if (may_draw(l)) {
			set_mouse(l->app);
			draw(l);
			if (l->effects.terminal.len > 0) {
				term_write(l->effects.terminal.data,
				    l->effects.terminal.len);
				buf_reset(&l->effects.terminal);
			}
			if (!term_flush())
				break;
		}
		wait_and_handle(l);
	}
	/* A terminal that is gone takes no farewell. */
	if (!l->tty_gone)
		term_stop();
}

int
run_terminal(struct app *app, const struct run *run)
{
	struct loop l = { .app = app };
	int status = EXIT_SUCCESS;
	signals_start(term_stop);
	grid_init(&l.grid);
	/* Then all stages have begun, and made what they take orders by. */
	await(&l, STDIN_FILENO);
	effects_stages(run, app);
	app->speed = run->speed;
	app->recorded = run->recorded;
	app->paces = run->recorded && !app->has_capd;
	l.feed = feed_new(STDIN_FILENO, app->paces ? run->speed : 0);
	effects_init(&l.effects, run, l.feed);
	l.effects.dumb = term_is_dumb();
	app_tick(app, clock_ms(), clock_ns(CLOCK_REALTIME) / 1000000);
	if (wait_for_first(&l)) {
		screen(&l);
	} else if (!l.leave) {
		/* Nothing came: whoever failed has said why.  But what came
		 * and was no snapshot, nobody else has told of. */
		feed_warn(&app->feed, STDIN_FILENO);
		status = EXIT_FAILURE;
	}
	effects_done(&l.effects, app);
	feed_free(l.feed);
	term_close();
	grid_done(&l.grid);
	return status;
}
