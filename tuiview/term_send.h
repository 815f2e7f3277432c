/* SPDX-License-Identifier: MIT
 *
 * From runs of changed cells to bytes, in the order that takes the fewest.
 */
#ifndef TUIVIEW_TERM_SEND_H
#define TUIVIEW_TERM_SEND_H

#include "lib/buf.h"
#include "tuiview/term_draw.h"
#include "tuiview/theme.h"

/* All runs; then there are none. */
void send_runs(struct drawing *, enum colour_depth, struct buf *);

/* The cursor to a place. */
void send_move(struct drawing *, int x, int y, struct buf *);

#endif
