/* SPDX-License-Identifier: MIT
 *
 * The screen as cells: views write text, boxes and bars into it by role and
 * note which rectangle means which action; a terminal or a test then
 * reads it.  Knows nothing of terminals or colours.
 *
 * Everything clips: drawing outside the grid or the clip draws nothing.
 */
#ifndef TUIVIEW_GRID_H
#define TUIVIEW_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "tuiview/hit.h"
#include "tuiview/text.h"
#include "tuiview/theme.h"

enum { CELL_TEXT = 14 };
enum { GRID_COLS_MAX = 1000, GRID_ROWS_MAX = 500 };

/* What lies behind a cell's text. */
enum ground { GROUND_ROLE, GROUND_BAR, GROUND_SELECTED, GROUND_ALERT };

struct cell {
	char text[CELL_TEXT];	/* a character and what combines with it,
				 * UTF-8 with NUL; "" after a wide one */
	uint8_t width;		/* 1 or 2; 0 behind a wide one */
	uint8_t role;		/* enum role */
	uint8_t ground;		/* enum ground */
	uint8_t step;		/* of the bar's gradient */
	uint8_t swatch;		/* 1 to 6: a theme's own colour as ground */
	uint8_t underline;	/* a thin bar passes here */
	const struct theme *theme;	/* whose, with swatch; else null */
};

struct rect {
	int x, y, w, h;
};

struct grid {
	int cols, rows;
	struct cell *cells;
	struct rect clip;
	bool ascii;		/* only ASCII comes out */
	int cursor_x, cursor_y;	/* -1: hidden */
	struct hits hits;
};

void grid_init(struct grid *);
void grid_done(struct grid *);

/* All blank, of that size, no hits. */
void grid_clear(struct grid *, int cols, int rows);

/* Only inside `rect` from now on; the whole grid with a null pointer. */
void grid_clip(struct grid *, const struct rect *);

/* Text from x on; returns the cells it took or would have taken.  The
 * ground of the cells stays what it was, unless the role brings its own. */
int grid_text(struct grid *, int x, int y, enum role, const char *text);
int grid_printf(struct grid *, int x, int y, enum role, const char *format,
    ...) __attribute__((format(printf, 5, 6)));

/* Text in exactly `w` cells: cut with an ellipsis where it is too long.
 * Right-aligned text keeps its end. */
void grid_field(struct grid *, int x, int y, int w, enum role,
    const char *text);
void grid_right(struct grid *, int x, int y, int w, enum role,
    const char *text);

/* Blank cells of a role. */
void grid_fill(struct grid *, struct rect, enum role);

/* A frame along the rectangle's edge, rounded. */
void grid_frame(struct grid *, struct rect, enum role);

/* A level line. */
void grid_line(struct grid *, int x, int y, int w, enum role);

/* Change the ground under what is drawn later or was drawn before. */
void grid_ground(struct grid *, int x, int y, int w, enum ground);
/* A bar of `length` cells on a line of `w`; after the text. */
enum bar_look { LOOK_GRADIENT, LOOK_SOLID, LOOK_THIN, LOOK_ASCII, LOOK_NONE };
void grid_bar(struct grid *, int x, int y, int w, int length,
    enum bar_look);

/* A sparkline of `count` values scaled to `top`, one cell each. */
void grid_spark(struct grid *, int x, int y, enum role, const float *values,
    int count, float top);

/* One of six colours of a theme, `w` cells of it. */
void grid_swatch(struct grid *, int x, int y, int w, const struct theme *,
    int slot);

/* Plain text, one line a row, blanks at the end dropped. */
void grid_dump(const struct grid *, FILE *);

static inline struct cell *
grid_at(const struct grid *g, int x, int y)
{
	return &g->cells[(size_t)y * (size_t)g->cols + (size_t)x];
}

#endif
