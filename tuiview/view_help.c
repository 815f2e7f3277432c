/* SPDX-License-Identifier: MIT
 *
 * The help: the table of keys in as many columns as fit; it scrolls.
 */
#include <stdio.h>
#include <string.h>

#include "tuiview/view.h"

enum { HELP_COLUMN = 37, HELP_LINES = 160 };

/* A line is a heading, a binding, or a note. */
struct help_line {
	const char *heading;
	const struct binding *binding;
	const char *note;
};

static int
gather(struct help_line lines[HELP_LINES])
{
	static const char *const notes[] = {
		"text: names, addresses, ports,",
		"  services, processes, protocols",
		"host: port: proc: proto: user:",
		"/regex/  \"two words\"  !not",
		"click selects, double click opens,",
		"right: a tip, middle: pins,",
		"Shift-drag: the terminal selects",
	};
	int count = 0;
	for (int s = 0; s < SECTION_COUNT; s++) {
		if (s > 0)
			lines[count++] = (struct help_line){ NULL, NULL, "" };
		lines[count++] = (struct help_line){
			key_section_name((enum key_section)s), NULL, NULL };
		for (const struct binding *b = bindings; b->help != NULL; b++)
			if (b->section == (enum key_section)s)
				lines[count++] = (struct help_line){ NULL, b,
					NULL };
	}
	lines[count++] = (struct help_line){ NULL, NULL, "" };
	lines[count++] = (struct help_line){ "Filter and mouse", NULL, NULL };
	for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); i++)
		lines[count++] = (struct help_line){ NULL, NULL, notes[i] };
	return count;
}

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
	struct help_line lines[HELP_LINES];
	int count = gather(lines);
	int columns = (screen.w - 6) / HELP_COLUMN;
	if (columns < 1)
		columns = 1;
	if (columns > 4)
		columns = 4;
	int rows = (count + columns - 1) / columns;
	int room = screen.h - 4;
	int top = 0;
	char hint[80] = "Esc closes";
	if (rows > room) {
		top = app->help_top < rows - room ? app->help_top :
		    rows - room;
		snprintf(hint, sizeof(hint), "j k scroll (%d-%d of %d), Esc "
		    "closes", top + 1, top + room, rows);
	} else {
		room = rows;
	}
	struct rect in = view_box(g, screen, -1, -1,
	    columns * HELP_COLUMN + 3, room + 2, "Help", hint);
	for (int c = 0; c < columns; c++)
		for (int i = 0; i < room; i++) {
			int at = c * rows + top + i;
			if (top + i < rows && at < count)
				help_line(g, in.x + c * HELP_COLUMN, in.y + i,
				    &lines[at]);
		}
}
