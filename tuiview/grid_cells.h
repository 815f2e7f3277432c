/* SPDX-License-Identifier: MIT
 *
 * How the grid files reach a cell.  Views use grid.h.
 */
#ifndef TUIVIEW_GRID_CELLS_H
#define TUIVIEW_GRID_CELLS_H

#include "tuiview/grid.h"

/* May that cell be drawn to? */
static inline bool
grid_has(const struct grid *g, int x, int y)
{
	return x >= g->clip.x && x < g->clip.x + g->clip.w &&
	    y >= g->clip.y && y < g->clip.y + g->clip.h;
}

/* One character, of `len` bytes and 1 or 2 cells, into cells that may be
 * drawn to.  The ground stays, unless the role brings its own. */
struct cell *grid_put(struct grid *, int x, int y, enum role,
    const char *text, size_t len, int width);

#endif
