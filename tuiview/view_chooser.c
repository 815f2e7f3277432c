/* SPDX-License-Identifier: MIT
 *
 * The choosers of themes and interfaces, and the theme editor.
 */
#include <stdio.h>
#include <string.h>

#include "tuiview/chooser.h"
#include "tuiview/editor.h"
#include "tuiview/popups.h"
#include "tuiview/text.h"
#include "tuiview/view.h"

/* A mark at the frame's right edge that tells where in the list we are. */
static void
scroll_mark(struct grid *g, struct rect in, int top, int rows, int count)
{
	if (count <= rows)
		return;
	int at = count > rows ? top * (rows - 1) / (count - rows) : 0;
	for (int i = 0; i < rows; i++)
		grid_text(g, in.x + in.w + 1, in.y + i, ROLE_POPUP_BORDER,
		    i == at ? "█" : "│");
}

static void
search_title(const struct chooser *c, const char *what, char *title,
    size_t size)
{
	if (c->searching)
		snprintf(title, size, "%s · search: %.*s%s", what,
		    text_bytes(c->search.text, 60), c->search.text, c->missed ? " (none)" : "");
	else
		snprintf(title, size, "%s", what);
}

/* Where we are, and what is in force: also without colours. */
static void
mark(struct grid *g, int x, int y, enum role role, bool at, bool current)
{
	if (at && current)
		grid_text(g, x, y, role, "●▸");
	else if (at || current)
		grid_text(g, x + 1, y, role, at ? "▸" : "●");
}

static void
theme_row(struct grid *g, struct rect in, int y, const struct app *app,
    int place)
{
	bool custom, at = place == app->chooser.at;
	const struct theme *t = themes_at(app->prefs, place, &custom);
	enum role role = at ? ROLE_CHOICE : ROLE_POPUP;
	grid_fill(g, (struct rect){ in.x, y, in.w, 1 }, role);
	mark(g, in.x, y, role, at, t == prefs_theme(app->prefs));
	grid_field(g, in.x + 3, y, 16, role, t->name);
	for (int i = 0; i < THEME_COLOURS; i++)
		grid_swatch(g, in.x + 20 + 3 * i, y, 2, t, i);
	if (in.w > 44)
		grid_field(g, in.x + 40, y, in.w - 41, at ? ROLE_CHOICE_KEY :
		    ROLE_POPUP_DIM, custom ? "your own" : t->mood);
	hit_add(&g->hits, in.x, y, in.w, 1, HIT_CHOICE, place);
}

void
view_themes(struct grid *g, struct rect screen, const struct app *app)
{
	const struct chooser *c = &app->chooser;
	char title[120];
	int rows = c->count;
	if (rows > screen.h - 4)
		rows = screen.h - 4;
	if (rows > 24)
		rows = 24;
	search_title(c, "Themes", title, sizeof(title));
	/* To the right, so that the rows it colours stay in sight. */
	int w = screen.w >= 100 ? 78 : 46;
	struct rect in = view_box(g, screen, screen.w - w - 1, -1, w,
	    rows + 2, title, w > 70 ? "Enter keeps · Esc reverts · type to "
	    "search · Ctrl-R Del your own" : "Enter keeps, Esc reverts, type "
	    "to find");
	int top = chooser_top(c, rows);
	for (int i = 0; i < rows; i++)
		theme_row(g, in, in.y + i, app, top + i);
	scroll_mark(g, in, top, rows, c->count);
}

static void
interface_row(struct grid *g, struct rect in, int y, const struct app *app,
    int place)
{
	const struct interface *f = &app->interfaces.list[place];
	bool at = place == app->chooser.at;
	enum role role = at ? ROLE_CHOICE : ROLE_POPUP;
	enum role dim = at ? ROLE_CHOICE_KEY : ROLE_POPUP_DIM;
	bool current = flows_come_from(app->flows, f->name);
	char rate[FORMAT_TEXT] = "";
	grid_fill(g, (struct rect){ in.x, y, in.w, 1 }, role);
	mark(g, in.x, y, role, at, current);
	grid_field(g, in.x + 3, y, 15, role, f->name);
	grid_text(g, in.x + 19, y, dim, f->state);
	if (f->rate >= 0) {
		enum format_unit unit = (enum format_unit)prefs_choice(
		    app->prefs, PREF_UNITS);
		format_rate((uint64_t)f->rate, unit == FORMAT_PACKETS ?
		    FORMAT_BITS : unit, rate);
		grid_right(g, in.x + 26, y, 8, role, rate);
	}
	grid_field(g, in.x + 36, y, in.w - 37, dim, f->addresses[0] != '\0' ?
	    f->addresses : f->kind);
	hit_add(&g->hits, in.x, y, in.w, 1, HIT_CHOICE, place);
}

void
view_interfaces(struct grid *g, struct rect screen, const struct app *app)
{
	const struct chooser *c = &app->chooser;
	char title[120];
	int rows = c->count > 0 ? c->count : 1;
	if (rows > screen.h - 4)
		rows = screen.h - 4;
	search_title(c, "Interfaces", title, sizeof(title));
	int w = screen.w - 4 < 84 ? screen.w - 4 : 84;
	struct rect in = view_box(g, screen, -1, -1, w, rows + 2, title,
	    c->count == 0 ? "Esc closes" : app_moves_capture(app) ?
	    "Enter moves the capture there, Esc leaves it" :
	    "this capture takes no orders, Esc closes");
	int top = chooser_top(c, rows);
	if (c->count == 0)
		grid_field(g, in.x + 1, in.y, in.w - 2, ROLE_POPUP_DIM,
		    app->interfaces.error[0] != '\0' ? app->interfaces.error :
		    "asking capd ...");
	for (int i = 0; i < rows && i < c->count; i++)
		interface_row(g, in, in.y + i, app, top + i);
	scroll_mark(g, in, top, rows, c->count);
}

static void
editor_row(struct grid *g, struct rect in, int y, const struct app *app,
    int slot)
{
	bool at = slot == app->editor_slot;
	enum role role = at ? ROLE_CHOICE : ROLE_POPUP;
	uint32_t colour = app->edited[slot];
	grid_fill(g, (struct rect){ in.x, y, in.w, 1 }, role);
	grid_printf(g, in.x + 1, y, role, "%s %d %-15s", at ? "▸" : " ",
	    slot + 1, editor_slot_name(slot));
	grid_swatch(g, in.x + 21, y, 4, &app->edited_theme, slot);
	int x = in.x + 27 + grid_printf(g, in.x + 27, y, role, "#%06x",
	    (unsigned)colour);
	for (int i = 0; i < 3; i++) {
		bool channel = at && i == app->editor_channel;
		x += grid_printf(g, x, y, channel ? ROLE_INPUT_CURSOR : role,
		    channel ? "[%c%3u]" : " %c%3u ", "RGB"[i],
		    (unsigned)(colour >> (16 - 8 * i) & 0xff));
	}
	if (at && app->editor_digits[0] != '\0')
		grid_printf(g, x + 1, y, ROLE_INPUT, "%s_",
		    app->editor_digits);
	hit_add(&g->hits, in.x, y, in.w, 1, HIT_CHOICE, slot);
}

void
view_editor(struct grid *g, struct rect screen, const struct app *app)
{
	struct rect in = view_box(g, screen, -1, -1, 62, 12,
	    "Theme editor", "s saves under a name, Esc leaves it as it was");
	for (int i = 0; i < THEME_COLOURS; i++)
		editor_row(g, in, in.y + i, app, i);
	grid_text(g, in.x + 1, in.y + 7, ROLE_POPUP_DIM,
	    "j k colour · Tab red green blue · h l by 1 · H L by 16");
	grid_text(g, in.x + 1, in.y + 8, ROLE_POPUP_DIM,
	    "type 0-255 (of 256 colours) or #rrggbb");
	/* The bar that it makes. */
	for (int i = 0; i < in.w; i++) {
		struct cell *c = grid_at(g, in.x + i, in.y + 9);
		if (in.y + 9 < g->rows && in.x + i < g->cols) {
			c->ground = GROUND_BAR;
			c->step = (uint8_t)(i * BAR_STEPS / in.w);
		}
	}
}
