/* SPDX-License-Identifier: MIT
 *
 * Tooltips: as wide as their text, near what they are about.
 */
#include "tuiview/text.h"
#include "tuiview/tips.h"
#include "tuiview/view.h"

/* From `top_line` on, where there is no room for all. */
static void
draw(struct grid *g, struct rect screen, int x, int y, const struct tip *t,
    int top_line, const char *hint)
{
	int label = 0, value = 0;
	for (int i = 0; i < t->count; i++) {
		int l = text_width(t->lines[i].label);
		int v = text_width(t->lines[i].value);
		label = l > label ? l : label;
		value = v > value ? v : value;
	}
	int w = label + 2 + value;
	int spark = t->sample_count > 0;
	if (spark && w < t->sample_count)
		w = t->sample_count;
	if (w < text_width(t->title) + 2)
		w = text_width(t->title) + 2;
	if (w < text_width(hint) + 2)
		w = text_width(hint) + 2;
	struct rect in = view_box(g, screen, x, y, w + 4, t->count + 2 +
	    spark, t->title, hint);
	int y_end = in.y + in.h;
	y = in.y;
	for (int i = top_line; i < t->count && y < y_end; i++, y++) {
		grid_field(g, in.x, y, in.w, ROLE_POPUP_KEY,
		    t->lines[i].label);
		grid_field(g, in.x + label + 2, y, in.w - label - 2,
		    ROLE_POPUP, t->lines[i].value);
	}
	float top = 0;
	for (int i = 0; i < t->sample_count; i++)
		top = t->samples[i] > top ? t->samples[i] : top;
	if (spark && y < y_end)
		grid_spark(g, in.x, y, ROLE_POPUP, t->samples,
		    t->sample_count < in.w ? t->sample_count : in.w, top);
}

void
view_tip(struct grid *g, struct rect screen, const struct app *app,
    enum popup popup)
{
	struct tip t;
	if (popup == POPUP_SEGMENT_TIP) {
		tip_segment(app, app->tip_segment, &t);
		/* Its foot on the row above the header. */
		struct layout l;
		layout_of(app, &l);
		int y = l.header.y - t.count - 2;
		unsigned keep = g->hits.count;
		draw(g, screen, app->tip_x > 0 ? app->tip_x : 1, y > 0 ? y : 0,
		    &t, 0, app->hovering ? "" : "any key closes");
		/* The header below stays alive for the pointer. */
		for (unsigned i = keep; i < g->hits.count; i++)
			if (g->hits.list[i].kind == HIT_ELSEWHERE)
				g->hits.list[i].h = l.header.y;
		return;
	}
	const struct row *row = popup == POPUP_DETAILS ? app_selected(app) :
	    NULL;
	if (popup == POPUP_ROW_TIP) {
		long at = rows_find(&app->model, app->tip_row);
		row = at >= 0 ? rows_at(&app->model, (size_t)at) : NULL;
	}
	if (row == NULL) {
		t = (struct tip){ .title = "Flow" };
		tip_line(&t, "gone", "it is no longer in the stream");
	} else {
		tip_row(app, row, popup == POPUP_DETAILS, &t);
	}
	if (popup != POPUP_DETAILS) {
		draw(g, screen, app->tip_x + 2, app->tip_y + 1, &t, 0,
		    "any key closes");
		return;
	}
	int last = tip_last_top(app, &t);
	draw(g, screen, -1, -1, &t, app->details_top < last ?
	    app->details_top : last, last > 0 ?
	    "j k next · PgDn PgUp more · y copy · F pin · Esc" :
	    "j k next · y copy · F pin · Esc");
}
