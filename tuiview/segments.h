/* SPDX-License-Identifier: MIT
 *
 * The fourteen segments of the header bar: what each says, in four lengths,
 * and how they share one row or two.
 */
#ifndef TUIVIEW_SEGMENTS_H
#define TUIVIEW_SEGMENTS_H

#include "tuiview/app.h"

enum { SEGMENT_TEXT = 96 };
enum { LENGTH_LONG, LENGTH_MEDIUM, LENGTH_SHORT, LENGTH_LEAST, LENGTHS };

struct header {
	int rows;		/* 0, 1 or 2 */
	int gap;		/* cells between segments, bar included */
	struct {
		int x, y, w;
		char text[SEGMENT_TEXT];
		enum role role;
	} parts[SEGMENT_COUNT];
};

/* One segment's text; returns the role it is drawn in. */
enum role segment_text(const struct app *, enum segment, int length,
    char text[SEGMENT_TEXT]);

/* A segment's name for people: "Interface". */
const char *segment_name(enum segment);

/* Place all of them in `width` cells: the longest texts that fit one row,
 * else two; none is left out. */
void segments_fit(const struct app *, int width, struct header *);

/* What the views, sort keys, units ... are called on the screen. */
const char *view_name(enum pref_view);
const char *sort_name(enum pref_sort, enum pref_view);
const char *line_name(enum pref_line);
const char *unit_name(enum format_unit);
const char *bar_name(const struct prefs *);

/* Live, paused, replay and how fast, ended. */
void state_text(const struct app *, char *text, size_t size);

#endif
