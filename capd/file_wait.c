/* SPDX-License-Identifier: MIT
 *
 * Waiting, while a file is read: for input, for a packet's time to come,
 * and on commands in between.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "capd/file.h"
#include "lib/clock.h"
#include "lib/io.h"
#include "lib/num.h"

enum { MS = 1000000 };
enum { TICK_MS = 100, FLUSH_MS = 50 };
enum { PATIENCE = 2 };		/* s for a reader, at the end */

static volatile sig_atomic_t interrupted, answered;

static void
interrupt(int signal)
{
	(void)signal;
	if (!answered)
		_exit(EXIT_SUCCESS);	/* nothing is written yet */
	interrupted = 1;
	alarm(PATIENCE);
}

/* Whoever is to read the rest does not. */
static void
lose_patience(int signal)
{
	(void)signal;
	_exit(EXIT_SUCCESS);
}

void
file_answer_signals(void)
{
	answered = 1;
}

void
file_catch_signals(void)
{
	struct sigaction a = { .sa_handler = interrupt,
		.sa_flags = (int)SA_RESETHAND }, old;
	sigemptyset(&a.sa_mask);
	sigaction(SIGINT, &a, NULL);
	sigaction(SIGTERM, &a, NULL);
	if (sigaction(SIGHUP, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
		sigaction(SIGHUP, &a, NULL);	/* else nohup(1) */
	a.sa_handler = lose_patience;
	sigaction(SIGALRM, &a, NULL);
}

uint64_t
file_clock(void)
{
	return clock_ns(CLOCK_MONOTONIC);
}

static bool
set_speed(struct file *s, const char *text)
{
	double speed = 0;
	if (strcmp(text, "max") != 0 &&
	    !num_decimal(text, 0.001, 1000000, &speed))
		return false;
	pace_set_speed(&s->pace, speed, s->ts, file_clock());
	return true;
}

/* Without seconds: to the packet at hand. */
static bool
step(struct file *s, const char *text)
{
	double seconds;
	uint64_t now = file_clock(), at = pace_now(&s->pace, now);
	uint64_t by = s->ts > at ? s->ts - at : 0;
	if (*text != '\0') {
		if (!num_decimal(text, 0.001, 1e9, &seconds))
			return false;
		by = (uint64_t)(seconds * 1e9);
	}
	pace_step(&s->pace, by, s->ts, now);
	return true;
}

static void
command(struct file *s, const char *word, const char *argument)
{
	char text[256];
	const char *wants = NULL;
	if (strcmp(word, "speed") == 0) {
		wants = set_speed(s, argument) ? NULL :
		    "a number from 0.001 to 1000000, or max";
	} else if (strcmp(word, "pause") == 0) {
		pace_pause(&s->pace, true, s->ts, file_clock());
	} else if (strcmp(word, "resume") == 0) {
		pace_pause(&s->pace, false, s->ts, file_clock());
	} else if (strcmp(word, "step") == 0) {
		wants = step(s, argument) ? NULL :
		    "nothing, or seconds from 0.001 to 1000000000";
	} else {
		snprintf(text, sizeof(text), "command refused: a file knows "
		    "speed, pause, resume and step, not '%.100s'", word);
		file_event(s, LEVEL_ERROR, text);
		return;
	}
	if (wants != NULL)
		snprintf(text, sizeof(text), "command refused: %s takes %s, "
		    "not '%.100s'", word, wants, argument);
	else
		snprintf(text, sizeof(text), "replay: %s%s%.100s", word,
		    *argument != '\0' ? " " : "", argument);
	file_event(s, wants != NULL ? LEVEL_ERROR : LEVEL_INFO, text);
}

void
file_commands(struct file *s)
{
	char *word, *argument;
	while (control_next(&s->control, &word, &argument))
		command(s, word, argument);
	s->takes_all = s->c->filter == NULL && s->end == UINT64_MAX &&
	    !pace_is_on(&s->pace) && s->copy.fd == -1;
}

/* Wait at most so long for a command, for `fd` (-1: none), or for the reader
 * to leave.  Returns whether there is input. */
static bool
wait_for(struct file *s, int fd, int ms)
{
	struct pollfd p[] = {
		{ .fd = STDOUT_FILENO, .events = 0 },
		{ .fd = s->started ? s->control.fd : -1, .events = POLLIN },
		{ .fd = fd, .events = POLLIN },
	};
	if (poll(p, 3, ms) == -1 && errno != EINTR)
		s->stop = true;
	else if (interrupted)
		s->stop = true;
	else if (io_reader_left(p[0].revents))
		s->gone = s->stop = true;
	else if (p[1].revents != 0)
		file_commands(s);
	return p[2].revents != 0;
}

bool
file_wait_packet(struct file *s)
{
	while (!s->stop) {
		uint64_t now = file_clock();
		uint64_t wait = pace_wait(&s->pace, s->ts, now);
		if (wait < MS)
			break;
		uint64_t at = pace_now(&s->pace, now);
		if (ticks_clock(&s->ticks, at) && !file_tick(s, at))
			return false;
		if (!file_flush(s))
			return false;
		wait_for(s, -1, wait < TICK_MS * (uint64_t)MS ?
		    (int)(wait / MS) : TICK_MS);
	}
	return !s->stop;
}

bool
file_wait_input(struct file *s)
{
	if (interrupted)
		s->stop = true;
	if (s->control.fd != -1 && s->started)
		file_commands(s);
	if (!s->waits || s->stop)
		return !s->stop;
	/* A capture program may write little at a time. */
	if (wait_for(s, s->fd, 0)) {
		if (file_clock() - s->flushed > FLUSH_MS * (uint64_t)MS)
			file_flush(s);
		return !s->stop;
	}
	if (!file_flush(s))
		return false;
	while (!s->stop && !wait_for(s, s->fd, 1000))
		;
	return !s->stop;
}
