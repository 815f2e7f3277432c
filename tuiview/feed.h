/* SPDX-License-Identifier: MIT
 *
 * The stream on standard input, read and parsed on a thread of its own, so
 * that a large snapshot never delays a key.  At most one snapshot waits to
 * be taken; the thread waits with it, and so does the pipe.
 */
#ifndef TUIVIEW_FEED_H
#define TUIVIEW_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/lines.h"
#include "tuiview/model_flows.h"

struct feed;

enum { FEED_PATH = 4096 };	/* bytes; no system opens a longer one */

struct feed_state {
	bool ended;		/* no more will come */
	uint64_t lines, bad;	/* read, and those that were no snapshot */
	uint64_t too_long;	/* of these, skipped for their length */
	char error[200];	/* what was wrong with the last bad line, or,
				 * as long as no snapshot came, the first */
	uint64_t position;	/* ms since the first snapshot */
	bool recording;
	uint64_t recorded;	/* lines written */
	char record_path[FEED_PATH];
};

/* Start reading `fd`.  `speed` 0 reads as it comes; else snapshots are
 * played at so many times their recorded pace.  Exits on failure. */
struct feed *feed_new(int fd, double speed);

/* Stop, when the thread is done with the line it has. */
void feed_free(struct feed *);

/* A line that is no snapshot; `any`: one came before. */
void feed_complain(struct feed_state *, uint64_t line, const char *what,
    bool any);

/* The same of lines too long that lines_next() has skipped before it returned
 * this one, or null. */
void feed_skipped(struct feed_state *, const struct lines *, const char *line,
    bool any);

/* Is the stream of another kind, by its first line?  It has ended, then. */
bool feed_refuses(struct feed_state *, const char *line, size_t len);

/* Nothing was in it: say so, unless who failed before us has said why. */
void feed_warn(const struct feed_state *, int fd);

/* A descriptor that is readable when something is new. */
int feed_fd(const struct feed *);

/* The snapshot that waits, now the caller's; null when there is none. */
struct flows *feed_take(struct feed *, struct feed_state *);

/* Play control: stop, go on, one more snapshot.  Whoever paces before us is
 * held up, too. */
void feed_pause(struct feed *, bool paused);
void feed_speed(struct feed *, double speed);
void feed_step(struct feed *);

/* Write every line from now on to a fresh file; null stops.  False with
 * errno when it cannot be made. */
bool feed_record(struct feed *, const char *path);

/* How many lines the last recording has by now. */
uint64_t feed_recorded(struct feed *);

#endif
