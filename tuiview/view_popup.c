/* SPDX-License-Identifier: MIT
 *
 * The stack of popups, their boxes, and the prompts in the tab line.
 */
#include <stdio.h>
#include <string.h>

#include "lib/utf8.h"
#include "tuiview/text.h"
#include "tuiview/view.h"
#include "tuiview/width.h"

struct rect
view_box(struct grid *g, struct rect screen, int x, int y, int w, int h,
    const char *title, const char *hint)
{
	/* No slivers of the screen beside it. */
	if (w > screen.w - 6)
		w = screen.w;
	if (h > screen.h)
		h = screen.h;
	if (x < 0)
		x = screen.x + (screen.w - w) / 2;
	if (y < 0)
		y = screen.y + (screen.h - h) / 2;
	if (x + w > screen.x + screen.w)
		x = screen.x + screen.w - w;
	if (y + h > screen.y + screen.h)
		y = screen.y + screen.h - h;
	struct rect box = { x, y, w, h };
	hit_add(&g->hits, 0, 0, g->cols, g->rows, HIT_ELSEWHERE, 0);
	hit_add(&g->hits, x, y, w, h, HIT_POPUP, 0);
	grid_fill(g, box, ROLE_POPUP);
	grid_frame(g, box, ROLE_POPUP_BORDER, FRAME_ROUND);
	char cut[400];
	snprintf(cut, sizeof(cut), " %s ", title);
	grid_field(g, x + 2, y, w - 4, ROLE_POPUP_TITLE, cut);
	if (hint[0] != '\0') {
		snprintf(cut, sizeof(cut), " %s ", hint);
		grid_field(g, x + 2, y + h - 1, w - 4, ROLE_POPUP_DIM, cut);
	}
	return (struct rect){ x + 2, y + 1, w - 4, h - 2 };
}

void
view_line(struct grid *g, int x, int y, int w, const struct line *l)
{
	char before[LINE_TEXT];
	memcpy(before, l->text, l->cursor);
	before[l->cursor] = '\0';
	/* The text moves so that the cursor is in sight. */
	const char *from = l->text;
	int at = text_width(before);
	while (at > w - 1 && *from != '\0') {
		uint32_t c;
		size_t n = utf8_decode(from, strlen(from), &c);
		at -= n != 0 ? width_of(c) : 1;
		from += n != 0 ? n : 1;
	}
	struct rect clip = g->clip, field = { x, y, w, 1 };
	grid_fill(g, field, ROLE_INPUT);
	grid_clip(g, &field);
	grid_text(g, x, y, ROLE_INPUT, from);
	g->clip = clip;
	struct cell *c = grid_at(g, x + at, y);
	c->role = ROLE_INPUT_CURSOR;
	g->cursor_x = x + at;
	g->cursor_y = y;
}

void
view_prompt(struct grid *g, struct rect r, const struct app *app)
{
	char info[160];
	const char *label = "filter /", *help = "Enter keeps, Esc restores";
	enum popup popup = app_popup(app);
	if (popup == POPUP_BPF) {
		label = "capture filter: ";
		help = "BPF as in tcpdump; Enter applies, Esc leaves";
	} else if (popup == POPUP_ALERT) {
		label = "alert above: ";
		help = "500k bytes, 10Mb bits, off; Enter, Esc";
	}
	snprintf(info, sizeof(info), "%s", help);
	if (popup == POPUP_FILTER && app->filter_error[0] != '\0')
		snprintf(info, sizeof(info), "%s", app->filter_error);
	else if (popup == POPUP_FILTER)
		snprintf(info, sizeof(info), "%zu of %llu · %s",
		    app->model.count, view_all_rows(app), help);
	grid_fill(g, r, ROLE_INPUT);
	int x = r.x + 1 + grid_text(g, r.x + 1, r.y, ROLE_INPUT, label);
	int w = text_width(info);
	int room = r.x + r.w - x - 2;
	if (room - w > 20) {
		room -= w + 2;
		grid_text(g, r.x + r.w - w - 1, r.y,
		    app->filter_error[0] != '\0' && popup == POPUP_FILTER ?
		    ROLE_HEADER_WARN : ROLE_INPUT, info);
	}
	view_line(g, x, r.y, room, &app->line);
}

void
view_naming(struct grid *g, struct rect screen, const struct app *app)
{
	struct rect in = view_box(g, screen, -1, -1, 50, 5, app->renaming ?
	    "Rename the theme" : "Name of the theme", "Enter saves, Esc back");
	view_line(g, in.x, in.y + 1, in.w, &app->line);
}

void
view_popups(struct grid *g, const struct layout *l, const struct app *app)
{
	struct rect screen = { 0, 0, app->cols, app->rows };
	(void)l;
	for (int i = 0; i < app->popup_count; i++) {
		enum popup popup = app->popups[i];
		switch (popup) {
		case POPUP_HELP: view_help(g, screen, app); break;
		case POPUP_THEMES: view_themes(g, screen, app); break;
		case POPUP_EDITOR: view_editor(g, screen, app); break;
		case POPUP_NAME: view_naming(g, screen, app); break;
		case POPUP_INTERFACES: view_interfaces(g, screen, app); break;
		case POPUP_DETAILS:
		case POPUP_ROW_TIP:
		case POPUP_SEGMENT_TIP:
			view_tip(g, screen, app, popup);
			break;
		default: break;
		}
	}
}
