/* SPDX-License-Identifier: MIT
 *
 * How long a bar is: logarithmic from nothing to 1 Gb/s (or the next power
 * of ten that is needed), or linear.
 */
#ifndef TUIVIEW_SCALE_H
#define TUIVIEW_SCALE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/format.h"
#include "tuiview/app.h"

struct scale {
	bool linear;
	double top;		/* bits, or packets, per second */
	enum format_unit unit;
};

enum { SCALE_TICKS = 8 };

void scale_of(const struct app *, struct scale *);

/* How many of `width` cells a rate in bytes (or packets) per second fills.
 * Whole cells, and several at once on a wide screen: all that changes is
 * sent. */
int scale_cells(const struct scale *, uint64_t rate, int width);

/* The ticks: where they are (0 to 1) and what they say.  Returns how many. */
int scale_ticks(const struct scale *, double at[SCALE_TICKS],
    char labels[SCALE_TICKS][FORMAT_TEXT]);

#endif
