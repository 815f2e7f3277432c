/* SPDX-License-Identifier: MIT
 *
 * What tooltips say: a title and lines of label and value, 5 to 15 of a
 * segment, made from the state as it is now.
 */
#ifndef TUIVIEW_TIPS_H
#define TUIVIEW_TIPS_H

#include "tuiview/app.h"

enum { TIP_LINES = 24, TIP_LABEL = 24, TIP_VALUE = 240, TIP_WIDTH = 110 };

struct tip {
	char title[TIP_VALUE];
	int count;
	struct tip_line {
		char label[TIP_LABEL];
		char value[TIP_VALUE];
	} lines[TIP_LINES];
	float samples[HISTORY];		/* a sparkline below; count 0: none */
	int sample_count;
};

void tip_line(struct tip *, const char *label, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Of a segment of the header. */
void tip_segment(const struct app *, enum segment, struct tip *);

/* Of a row: rates, totals, process, past.  `details` adds all that is
 * known of the flow. */
void tip_row(const struct app *, const struct row *, bool details,
    struct tip *);

/* The last line that what is shown of a flow's details can begin with: 0 where
 * the screen has room for all. */
int tip_last_top(const struct app *, const struct tip *);

#endif
