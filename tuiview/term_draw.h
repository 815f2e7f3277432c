/* SPDX-License-Identifier: MIT
 *
 * From the screen that is shown to the next one, in as few bytes as we can.
 * Pure: knows what a terminal shows and can do, not the terminal.
 */
#ifndef TUIVIEW_TERM_DRAW_H
#define TUIVIEW_TERM_DRAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"
#include "tuiview/grid.h"
#include "tuiview/term_move.h"
#include "tuiview/theme.h"

enum { DRAW_INKS = 64 };

struct draw_caps {
	struct move_caps move;
	const char *clear;	/* the screen, cursor to its corner */
	const char *erase;	/* to the end of the line; "": cannot */
	bool erase_some;	/* CSI X: so many cells from the cursor on */
	const char *reset;	/* all attributes */
	const char *hide, *show;	/* the cursor */
	bool erases_in_colour;	/* what is erased takes the ground set */
	bool scrolls_at_corner;	/* when its last cell is written to */
};

struct drawing {
	struct draw_caps caps;
	struct shown {		/* what the terminal shows */
		struct style style;
		char text[CELL_TEXT];
	} *cells;
	struct cell *last;	/* the grid that was drawn last */
	struct palette palette;	/* with these colours */
	int cols, rows;
	bool blank;		/* the screen is to be cleared */
	bool cursor_shown;
	struct draw_state {
		struct style style;	/* in force */
		int x, y;		/* the cursor; -1: anywhere */
	} at;
	struct draw_run {	/* changed cells side by side, of one style */
		int x, y, w;
		struct style style;
		int ink;	/* which of `inks` */
		int next;	/* of that ink, still to be sent; -1: none */
		uint64_t columns;	/* those it begins and ends in */
		bool blank, erase;
	} *runs;
	size_t run_count, run_size;
	struct draw_ink {	/* what runs are drawn with */
		struct style style;
		bool blank;
		int cost;	/* bytes from the style in force */
		int first, last;	/* runs still to be sent; -1: none */
	} inks[DRAW_INKS];
	int ink_count;
	struct buf spare;
};

void draw_init(struct drawing *, const struct draw_caps *);
void draw_done(struct drawing *);

/* Forget what is shown: the next drawing sends all of it. */
void draw_forget(struct drawing *);

/* Append what turns the screen into this grid; nothing when it is that. */
void draw_grid(struct drawing *, const struct grid *, const struct palette *,
    struct buf *);

#endif
