/* SPDX-License-Identifier: MIT
 *
 * Where the segments stand, and how long each may be.
 */
#include "tuiview/segments.h"

#include <stdio.h>

#include "tuiview/text.h"

/* Put the parts one after another; false when they take more rows. */
static bool
place(int width, int rows, int gap, struct header *h)
{
	int margin = gap > 1, x = margin, y = 0;
	for (int i = 0; i < SEGMENT_COUNT; i++) {
		int w = h->parts[i].w;
		if (x > margin && x + w + margin > width) {
			x = margin;
			y++;
		}
		if (x + w > width)
			return false;
		h->parts[i].x = x;
		h->parts[i].y = y;
		x += w + gap;
	}
	h->rows = y + 1;
	h->gap = gap;
	return h->rows <= rows;
}

static void
set_length(const struct app *app, struct header *h, int part, int length)
{
	h->parts[part].role = segment_text(app, (enum segment)part, length,
	    h->parts[part].text);
	h->parts[part].w = text_width(h->parts[part].text);
}

/* Give the cells that are left to the texts, those that matter first. */
static void
lengthen(const struct app *app, int width, int rows, int length,
    struct header *h)
{
	static const enum segment order[SEGMENT_COUNT] = {
		SEGMENT_INTERFACE, SEGMENT_STATE, SEGMENT_DROPS,
		SEGMENT_FLOWS, SEGMENT_HELP, SEGMENT_FILTER, SEGMENT_ALERT,
		SEGMENT_SORT, SEGMENT_VIEW, SEGMENT_UNITS, SEGMENT_CLOCK,
		SEGMENT_NAME, SEGMENT_REFRESH, SEGMENT_THEME };
	while (length-- > LENGTH_LONG)
		for (int i = 0; i < SEGMENT_COUNT; i++) {
			struct header before = *h;
			set_length(app, h, (int)order[i], length);
			if (!place(width, rows, h->gap, h))
				*h = before;
		}
}

/* Large numbers on a narrow screen, and much to warn of: the widest give way
 * in their middle, cell by cell. */
static void
squeeze(const struct app *app, int width, struct header *h)
{
	while (!place(width, 2, 1, h)) {
		char text[SEGMENT_TEXT];
		int widest = 0;
		for (int i = 1; i < SEGMENT_COUNT; i++)
			if (h->parts[i].w > h->parts[widest].w)
				widest = i;
		int w = h->parts[widest].w - 1;
		if (w == 0)
			break;	/* narrower than any screen we draw on */
		text_elide(h->parts[widest].text, w, app->ascii, text,
		    sizeof(text));
		snprintf(h->parts[widest].text, SEGMENT_TEXT, "%s", text);
		h->parts[widest].w = text_width(text);
	}
	h->rows = 2;
}

void
segments_fit(const struct app *app, int width, struct header *h)
{
	for (int rows = 1; rows <= 2; rows++)
		for (int length = LENGTH_LONG; length < LENGTHS; length++) {
			/* One row of stubs helps nobody: two rows then. */
			if (rows == 1 && length == LENGTH_LEAST)
				break;
			for (int i = 0; i < SEGMENT_COUNT; i++)
				set_length(app, h, i, length);
			/* Blanks only where no text wants their room. */
			for (int gap = length == LENGTH_LONG ? 3 : 1;
			    gap >= 1; gap -= 2)
				if (place(width, rows, gap, h)) {
					lengthen(app, width, rows, length, h);
					return;
				}
		}
	squeeze(app, width, h);
}
