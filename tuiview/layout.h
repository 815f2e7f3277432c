/* SPDX-License-Identifier: MIT
 *
 * Where things are on a screen of this size: regions and columns.  Pure
 * arithmetic on the state; drawing and scrolling both ask here.
 */
#ifndef TUIVIEW_LAYOUT_H
#define TUIVIEW_LAYOUT_H

#include <stdbool.h>

#include "tuiview/app.h"
#include "tuiview/segments.h"

enum { LAYOUT_COLS_MIN = 60, LAYOUT_ROWS_MIN = 12 };
enum { RATE_WIDTH = 7, TOTAL_WIDTH = 7 };

struct layout {
	bool too_small, border;
	struct rect inner;	/* inside the border */
	struct rect scale;	/* labels and ruler */
	struct rect area;	/* rows */
	struct rect banner;	/* height 0: nothing out of the ordinary */
	struct rect tabs;
	struct rect totals;
	struct rect header;	/* height 0: switched off */
	struct header header_parts;
};

/* Columns of the Flows view, cells from the left of the area.  Width 0: not
 * shown. */
struct flow_columns {
	int src, src_w, arrow, dst, dst_w;
	int process, process_w;
	bool process_below;	/* on the second line of a row instead */
	int total, rate[WINDOWS];
};

/* Columns of the other views. */
struct group_columns {
	int name_w;
	int flows, flows_w;
	int sent[WINDOWS], recv[WINDOWS];	/* 0: not shown */
	int total_sent, total_recv;
};

/* A process that stands below its flow's source begins so far in. */
enum { PROCESS_INDENT = 2 };

void layout_of(const struct app *, struct layout *);

/* Raise to what the ends of the flows in sight want. */
void layout_widen(const struct app *, struct ends_width *);
void layout_flow_columns(const struct app *, int width,
    struct flow_columns *);
void layout_group_columns(const struct app *, int width,
    struct group_columns *);

#endif
