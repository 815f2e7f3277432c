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
	grid_frame(g, box, ROLE_POPUP_BORDER);
	char cut[400];
	snprintf(cut, sizeof(cut), " %s ", title);
	grid_field(g, x + 2, y, w - 4, ROLE_POPUP_TITLE, cut);
	if (hint[0] != '\0') {
		snprintf(cut, sizeof(cut), " %s ", hint);
		grid_field(g, x + 2, y + h - 1, w - 4, ROLE_POPUP_DIM, cut);
	}
	return (struct rect){ x + 2, y + 1, w - 4, h - 2 };
}

/* A line being edited, with its cursor, in `w` cells. */
static void
put_line(struct grid *g, int x, int y, int w, const struct line *l)
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

/* What stands behind the line that is typed, and what of it where there is
 * little room. */
static void
prompt_info(const struct app *app, char *info, char *brief, size_t size)
{
	static const char *const help[POPUP_COUNT] = {
		[POPUP_FILTER] = "Enter keeps, Esc restores",
		[POPUP_BPF] = "BPF as in tcpdump; Enter applies, Esc leaves",
		[POPUP_ALERT] = "500k bytes, 10Mb bits, off; Enter, Esc",
	};
	static const char syntax[] = "host: port: proc: proto: user: "
	    "/regex/ !not";
	enum popup popup = app_popup(app);
	if (popup != POPUP_FILTER) {
		snprintf(info, size, "%s", help[popup]);
		snprintf(brief, size, "%s", popup == POPUP_ALERT ?
		    "500k, 10Mb, off" : "");
	} else if (app->filter_error[0] != '\0') {
		snprintf(info, size, "%s", app->filter_error);
		snprintf(brief, size, "%s", app->filter_error);
	} else if (app->line.len == 0) {
		snprintf(brief, size, "%s", syntax);
		snprintf(info, size, "part of any name, address, port · %s",
		    syntax);
	} else {
		char count[48];
		snprintf(count, sizeof(count), "%zu of %llu",
		    app->model.count, view_all_rows(app));
		snprintf(brief, size, "%s", count);
		snprintf(info, size, "%s · %s", count, help[popup]);
	}
}

void
view_prompt(struct grid *g, struct rect r, const struct app *app)
{
	enum { INFO = 160, TYPED = 20 };
	static const char *const labels[POPUP_COUNT] = {
		[POPUP_FILTER] = "filter /", [POPUP_BPF] = "capture filter: ",
		[POPUP_ALERT] = "alert above: ",
	};
	char info[INFO], brief[INFO], cut[INFO];
	enum popup popup = app_popup(app);
	bool wrong = popup == POPUP_FILTER && app->filter_error[0] != '\0';
	prompt_info(app, info, brief, sizeof(info));
	grid_fill(g, r, ROLE_INPUT);
	int x = r.x + 1 + grid_text(g, r.x + 1, r.y, ROLE_INPUT,
	    labels[popup]);
	int room = r.x + r.w - x - 2;
	/* That something is wrong matters more than its start. */
	int most = room - (wrong ? TYPED / 2 : TYPED);
	text_elide(text_width(info) < most ? info : brief, most, app->ascii,
	    cut, sizeof(cut));
	int w = text_width(cut);
	if (w > 0) {
		room -= w + 2;
		grid_text(g, r.x + r.w - w - 1, r.y, wrong ?
		    ROLE_HEADER_WARN : ROLE_INPUT, cut);
	}
	put_line(g, x, r.y, room, &app->line);
}

static void
put_naming(struct grid *g, struct rect screen, const struct app *app)
{
	struct rect in = view_box(g, screen, -1, -1, 50, 5, app->renaming ?
	    "Rename the theme" : "Name of the theme", "Enter saves, Esc back");
	put_line(g, in.x, in.y + 1, in.w, &app->line);
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
		case POPUP_NAME: put_naming(g, screen, app); break;
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
