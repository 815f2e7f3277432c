/* SPDX-License-Identifier: MIT
 *
 * The help: the table of keys in as many columns as fit; it scrolls.
 */
#include <stdio.h>

#include "tuiview/help.h"
#include "tuiview/view.h"

static void
help_line(struct grid *g, int x, int y, const struct help_line *l)
{
	char names[KEY_NAMES];
	if (l->heading != NULL) {
		grid_text(g, x, y, ROLE_POPUP_HEAD, l->heading);
	} else if (l->binding != NULL) {
		key_names(l->binding->action, names);
		grid_field(g, x, y, 10, ROLE_POPUP_KEY, names);
		grid_field(g, x + 11, y, HELP_COLUMN - 12, ROLE_POPUP,
		    l->binding->help);
	} else {
		grid_field(g, x, y, HELP_COLUMN - 1, ROLE_POPUP_DIM, l->note);
	}
}

void
view_help(struct grid *g, struct rect screen, const struct app *app)
{
	struct help h;
	char hint[80] = "Esc closes";
	help_layout(&h, screen.w, screen.h);
	if (h.rows > h.room)
		snprintf(hint, sizeof(hint), "j k scroll (%d-%d of %d), Esc "
		    "closes", app->help_top + 1, app->help_top + h.room,
		    h.rows);
	struct rect in = view_box(g, screen, -1, -1,
	    h.columns * HELP_COLUMN + 3, h.room + 2, "Help", hint);
	for (int i = 0; i < h.count; i++) {
		const struct help_line *l = &h.lines[i];
		int y = l->row - app->help_top;
		if (y >= 0 && y < h.room)
			help_line(g, in.x + l->column * HELP_COLUMN, in.y + y,
			    l);
	}
}
