/* SPDX-License-Identifier: MIT
 *
 * What the parts of the screen's bench share.
 */
#ifndef BENCH_SCREEN_H
#define BENCH_SCREEN_H

#include <stdbool.h>
#include <time.h>

#include "lib/buf.h"

/* A snapshot of so many flows: a few busy, most nearly idle, with names and
 * past. */
void screen_snapshot(struct buf *, unsigned flows, unsigned seq);

/* A figure, as a line: name, value, unit. */
void screen_figure(const char *name, double value, const char *unit);

/* What the program at `tuiview` takes from a key to a complete screen of 200
 * by 60 cells, and from a first snapshot to the first picture; wall time. */
void screen_latency(const char *tuiview, unsigned flows);

/* What shell commands send to terminals, all at the same time; in front of
 * each stands its terminal's size, "120x30". */
void screen_bytes(double seconds, char **commands);

/* Send UDP from 192.0.2.1 to 192.0.2.2 and on, or answer there: `flows` of
 * them, whose rates change all the time, the same in every run, together
 * about `rate` bytes a second asked. */
void screen_load(double seconds, unsigned flows, double rate, bool asks);

static inline double
milliseconds(clockid_t clock)
{
	struct timespec t;
	clock_gettime(clock, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

#endif
