/* SPDX-License-Identifier: MIT
 *
 * Frames, lines, bars, sparklines and swatches.
 */
#include "tuiview/grid_cells.h"

#include <string.h>

/* The first cell like any text, the rest as that. */
void
grid_line(struct grid *g, int x, int y, int w, enum role role)
{
	const struct cell *first = NULL;
	for (int end = x + w; x < end; x++) {
		if (!grid_has(g, x, y))
			continue;
		if (first == NULL) {
			grid_text(g, x, y, role, "─");
			first = grid_at(g, x, y);
		} else {
			grid_put(g, x, y, role, first->text,
			    strlen(first->text), 1);
		}
	}
}

void
grid_frame(struct grid *g, struct rect r, enum role role)
{
	int right = r.x + r.w - 1, bottom = r.y + r.h - 1;
	grid_line(g, r.x + 1, r.y, r.w - 2, role);
	grid_line(g, r.x + 1, bottom, r.w - 2, role);
	for (int y = r.y + 1; y < bottom; y++) {
		grid_text(g, r.x, y, role, "│");
		grid_text(g, right, y, role, "│");
	}
	grid_text(g, r.x, r.y, role, "╭");
	grid_text(g, right, r.y, role, "╮");
	grid_text(g, r.x, bottom, role, "╰");
	grid_text(g, right, bottom, role, "╯");
}

static void
bar_cell(struct grid *g, int x, int y, int step, enum bar_look look)
{
	struct cell *c = grid_at(g, x, y);
	bool empty = c->width == 1 && strcmp(c->text, " ") == 0;
	switch (look) {
	case LOOK_THIN:
		/* Along the foot of the row, text or not. */
		if (empty) {
			grid_put(g, x, y, ROLE_BAR, g->ascii ? "_" : "▁",
			    g->ascii ? 1 : 3, 1);
		} else {
			c->underline = 1;
			if (c->width == 2)
				c[1].underline = 1;
		}
		break;
	case LOOK_ASCII:
		/* Only in the gaps, a blank away from any text. */
		if (empty && x > 0 && x + 1 < g->cols &&
		    (c[-1].text[0] == ' ' || c[-1].role == ROLE_BAR) &&
		    c[1].text[0] == ' ')
			grid_put(g, x, y, ROLE_BAR, "=", 1, 1);
		break;
	default:
		c->ground = GROUND_BAR;
		c->step = (uint8_t)step;
		break;
	}
}

void
grid_bar(struct grid *g, int x, int y, int w, int length,
    enum bar_look look)
{
	if (look == LOOK_NONE)
		return;
	for (int i = 0; i < length && i < w; i++) {
		/* By place, not by length: a bar that grows changes only at
		 * its end. */
		int step = look == LOOK_GRADIENT ? i * BAR_STEPS / w : 0;
		/* Lines leave the place of marks alone. */
		if (grid_has(g, x + i, y) && (look <= LOOK_SOLID || i > 1))
			bar_cell(g, x + i, y, step, look);
	}
}

void
grid_spark(struct grid *g, int x, int y, enum role role, const float *values,
    int count, float top)
{
	static const char *const blocks[8] = { "▁", "▂", "▃", "▄", "▅", "▆",
		"▇", "█" };
	static const char plain[] = "_.,-=+*#";
	for (int i = 0; i < count; i++) {
		int level = top > 0 ? (int)(values[i] / top * 7 + 0.5f) : 0;
		if (level < 0)
			level = 0;
		if (level > 7)
			level = 7;
		char one[2] = { plain[level], '\0' };
		grid_text(g, x + i, y, role, g->ascii ? one : blocks[level]);
	}
}

void
grid_swatch(struct grid *g, int x, int y, int w, const struct theme *theme,
    int slot)
{
	for (int i = x; i < x + w; i++)
		if (grid_has(g, i, y)) {
			struct cell *c = grid_put(g, i, y, ROLE_POPUP, " ", 1,
			    1);
			c->swatch = (uint8_t)(slot + 1);
			c->theme = theme;
		}
}
