/* SPDX-License-Identifier: MIT
 *
 * The shortest bytes that take a cursor from one place to another (ECMA-48).
 * Pure: what the terminal can do is told.
 */
#ifndef TUIVIEW_TERM_MOVE_H
#define TUIVIEW_TERM_MOVE_H

#include <stdbool.h>

enum { MOVE_TEXT = 32 };

/* Which sequences this terminal has, in the form all have them. */
struct move_caps {
	bool column, row;	/* CSI G, CSI d */
	bool right, left, up, down;	/* CSI C D A B */
	bool cr, lf, bs;	/* lf leaves the column as it is */
	/* To a place, for a terminal that has it in another form; null */
	const char *(*place)(int x, int y);
};

/* How many bytes it takes from x, y (-1: unknown) to a known place. */
int move_cost(const struct move_caps *, int x, int y, int to_x, int to_y);

/* These bytes; returns the length. */
int move_bytes(const struct move_caps *, int x, int y, int to_x, int to_y,
    char bytes[MOVE_TEXT]);

#endif
