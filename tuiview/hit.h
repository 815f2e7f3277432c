/* SPDX-License-Identifier: MIT
 *
 * Which rectangle of the screen means what, noted while drawing.  The mouse
 * asks here and knows no geometry.
 */
#ifndef TUIVIEW_HIT_H
#define TUIVIEW_HIT_H

#include <stdbool.h>
#include <stdint.h>

enum hit_kind {
	HIT_NONE,
	HIT_ROW,		/* value: place of the row in the view */
	HIT_TAB,		/* value: enum pref_view */
	HIT_COLUMN,		/* value: enum pref_sort */
	HIT_SEGMENT,		/* value: enum segment */
	HIT_CHOICE,		/* value: place in the popup's list */
	HIT_BUTTON,		/* value: enum action */
	HIT_POPUP,		/* a popup's own ground: swallows */
	HIT_ELSEWHERE,		/* all behind a popup: closes it */
};

struct hit {
	int x, y, w, h;
	enum hit_kind kind;
	int value;
};

enum { HITS = 1024 };		/* more are not noted */

struct hits {
	struct hit list[HITS];
	unsigned count;
};

/* Note a rectangle; a later one lies above an earlier one. */
void hit_add(struct hits *, int x, int y, int w, int h, enum hit_kind,
    int value);

/* What lies at a cell; kind HIT_NONE when nothing does. */
struct hit hit_find(const struct hits *, int x, int y);

#endif
