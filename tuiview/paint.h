/* SPDX-License-Identifier: MIT
 *
 * From a cell's role and ground to the style a terminal shows, and the
 * escape sequences (ECMA-48 SGR) between two styles.
 */
#ifndef TUIVIEW_PAINT_H
#define TUIVIEW_PAINT_H

#include <stdbool.h>
#include <stdio.h>

#include "lib/buf.h"
#include "tuiview/grid.h"
#include "tuiview/theme.h"

struct style paint_cell(const struct palette *, const struct cell *);

bool paint_equal(const struct style *, const struct style *);

/* Append what turns `from` into `to`; from null: from anything. */
void paint_change(struct buf *, const struct style *from,
    const struct style *to, enum colour_depth);

/* The whole grid with its colours, a line a row, as SGR text. */
void paint_dump(const struct grid *, const struct palette *, FILE *);

/* The same as a picture; the palette is of 24 bits. */
void paint_svg(const struct grid *, const struct palette *, FILE *);

#endif
