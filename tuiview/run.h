/* SPDX-License-Identifier: MIT
 *
 * The event loop on a terminal.
 */
#ifndef TUIVIEW_RUN_H
#define TUIVIEW_RUN_H

#include "tuiview/app.h"

struct run {
	const char *control_dir;	/* of the stages' control files; null */
	double speed;			/* --speed; 0: as it comes */
	bool recorded;			/* --speed was given */
	bool dump, styled, picture;	/* -d: no terminal */
	const char *keys;		/* -k, or null */
	bool saves;			/* settings may be stored */
};

/* Show standard input until it is time to leave, on the terminal that
 * term_open() has opened; the exit status. */
int run_terminal(struct app *, const struct run *);

/* -d: read all of standard input, play the keys, print the screen. */
int run_dump(struct app *, const struct run *);

#endif
