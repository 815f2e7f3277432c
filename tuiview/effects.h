/* SPDX-License-Identifier: MIT
 *
 * What the state wants done outside: orders to the stages, files, the
 * clipboard.  Nothing here waits for anybody.
 */
#ifndef TUIVIEW_EFFECTS_H
#define TUIVIEW_EFFECTS_H

#include "tuiview/app.h"
#include "tuiview/clipboard.h"
#include "tuiview/run.h"

struct effects {
	const struct run *run;
	struct feed *feed;		/* null with -d */
	struct clipboard clipboard;
	struct buf terminal;		/* for the terminal: OSC 52, bell */
	bool dumb;			/* it would print the former */
	struct saver *saver;		/* a save under way */
	int wake[2];			/* a byte when it is done */
};

void effects_init(struct effects *, const struct run *, struct feed *);

/* Carry out what is wanted, but leaving, suspending and repainting, which
 * are the loop's. */
void effects_do(struct effects *, struct app *);

/* Go on with what is under way; `now` in ms. */
void effects_step(struct effects *, struct app *);

/* Is something under way that wants another step soon? */
bool effects_busy(const struct effects *);

/* Finish: what was set is saved. */
void effects_done(struct effects *, struct app *);

/* Which stages take orders, told by their control files, which are there when
 * the stream has begun. */
void effects_stages(const struct run *, struct app *);

#endif
