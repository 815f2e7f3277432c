/* SPDX-License-Identifier: MIT
 *
 * Gathering and placing the lines of the help.
 */
#include "tuiview/help.h"

#include <stdbool.h>

static void
add(struct help *h, const char *heading, const struct binding *b,
    const char *note)
{
	if (h->count < HELP_LINES)
		h->lines[h->count++] = (struct help_line){
			.heading = heading, .binding = b, .note = note };
}

static void
gather(struct help *h)
{
	static const char *const notes[] = {
		"text: names, addresses, ports,",
		"  services, processes, protocols",
		"host: port: proc: proto: user:",
		"/regex/  \"two words\"  !not",
		"Up, Down: what was typed before",
		"click selects, double click opens,",
		"right: a tip, middle: pins,",
		"Shift-drag: the terminal selects",
	};
	for (int s = 0; s < SECTION_COUNT; s++) {
		add(h, key_section_name((enum key_section)s), NULL, NULL);
		for (const struct binding *b = bindings; b->help != NULL; b++)
			if (b->section == (enum key_section)s)
				add(h, NULL, b, NULL);
		add(h, NULL, NULL, "");
	}
	add(h, "Filter and mouse", NULL, NULL);
	for (size_t i = 0; i < sizeof(notes) / sizeof(notes[0]); i++)
		add(h, NULL, NULL, notes[i]);
}

/* In columns of `rows`; false when they are not enough.  No column begins
 * with a gap or ends with a heading. */
static bool
place(struct help *h, int rows)
{
	int column = 0, row = 0;
	h->rows = 0;
	for (int i = 0; i < h->count; i++) {
		struct help_line *l = &h->lines[i];
		bool gap = l->note != NULL && l->note[0] == '\0';
		if (row >= rows - (l->heading != NULL)) {
			column++;
			row = 0;
		}
		l->column = column;
		l->row = row;
		if (gap && row == 0)
			continue;
		row++;
		if (row > h->rows && !gap)
			h->rows = row;
	}
	return column < h->columns;
}

void
help_layout(struct help *h, int screen_cols, int screen_rows)
{
	*h = (struct help){ .columns = (screen_cols - 6) / HELP_COLUMN };
	if (h->columns < 1)
		h->columns = 1;
	if (h->columns > HELP_COLUMNS)
		h->columns = HELP_COLUMNS;
	gather(h);
	int rows = h->count / h->columns;
	while (!place(h, rows > 2 ? rows : 2))
		rows++;
	/* All but the frame, if need be. */
	h->room = h->rows < screen_rows - 2 ? h->rows : screen_rows - 2;
	if (h->room < 1)
		h->room = 1;
}
