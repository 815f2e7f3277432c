/* SPDX-License-Identifier: MIT
 *
 * The text of the help, from the table of keys, and which line of it stands
 * where: whole sections side by side as far as the screen lets them.
 */
#ifndef TUIVIEW_HELP_H
#define TUIVIEW_HELP_H

#include "tuiview/input_keys.h"

enum { HELP_COLUMN = 37, HELP_LINES = 160, HELP_COLUMNS = 4 };

struct help {
	int columns, rows;	/* rows: of the longest column */
	int room;		/* rows of it that fit the screen */
	int count;
	/* A heading, a binding, or a note. */
	struct help_line {
		const char *heading;
		const struct binding *binding;
		const char *note;
		int column, row;
	} lines[HELP_LINES];
};

void help_layout(struct help *, int screen_cols, int screen_rows);

#endif
