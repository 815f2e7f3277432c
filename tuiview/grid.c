/* SPDX-License-Identifier: MIT
 *
 * Cells, and the text that views write into them.
 */
#include "tuiview/grid.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "lib/utf8.h"
#include "lib/xalloc.h"
#include "tuiview/grid_cells.h"
#include "tuiview/width.h"

static const struct cell blank = { .text = " ", .width = 1 };

void
grid_init(struct grid *g)
{
	memset(g, 0, sizeof(*g));
	g->cursor_x = g->cursor_y = -1;
}

void
grid_done(struct grid *g)
{
	free(g->cells);
	g->cells = NULL;
}

void
grid_clear(struct grid *g, int cols, int rows)
{
	if (cols < 1)
		cols = 1;
	if (rows < 1)
		rows = 1;
	size_t count = (size_t)cols * (size_t)rows;
	if (g->cells == NULL || cols != g->cols || rows != g->rows)
		g->cells = xreallocarray(g->cells, count, sizeof(*g->cells));
	g->cols = cols;
	g->rows = rows;
	for (size_t i = 0; i < count; i++)
		g->cells[i] = blank;
	g->hits.count = 0;
	g->cursor_x = g->cursor_y = -1;
	grid_clip(g, NULL);
}

void
grid_clip(struct grid *g, const struct rect *r)
{
	g->clip = (struct rect){ 0, 0, g->cols, g->rows };
	if (r == NULL)
		return;
	int right = r->x + r->w < g->cols ? r->x + r->w : g->cols;
	int bottom = r->y + r->h < g->rows ? r->y + r->h : g->rows;
	g->clip.x = r->x > 0 ? r->x : 0;
	g->clip.y = r->y > 0 ? r->y : 0;
	g->clip.w = right > g->clip.x ? right - g->clip.x : 0;
	g->clip.h = bottom > g->clip.y ? bottom - g->clip.y : 0;
}

/* A wide character loses its other half when one half is overwritten. */
static void
split_wide(struct grid *g, int x, int y)
{
	struct cell *c = grid_at(g, x, y);
	struct cell *other = NULL;
	if (c->width == 0 && x > 0)
		other = c - 1;
	else if (c->width == 2 && x + 1 < g->cols)
		other = c + 1;
	if (other != NULL) {
		memcpy(other->text, " ", 2);
		other->width = 1;
	}
}

static bool
role_has_ground(enum role role)
{
	switch (role) {
	case ROLE_HEADER: case ROLE_HEADER_NAME: case ROLE_HEADER_KEY:
	case ROLE_HEADER_WARN: case ROLE_POPUP: case ROLE_POPUP_BORDER:
	case ROLE_POPUP_TITLE: case ROLE_POPUP_KEY: case ROLE_POPUP_DIM:
	case ROLE_POPUP_HEAD: case ROLE_CHOICE: case ROLE_CHOICE_KEY:
	case ROLE_INPUT: case ROLE_INPUT_CURSOR: case ROLE_PAUSED:
		return true;
	default:
		return false;
	}
}

struct cell *
grid_put(struct grid *g, int x, int y, enum role role, const char *text,
    size_t len, int width)
{
	split_wide(g, x, y);
	if (width == 2)
		split_wide(g, x + 1, y);
	struct cell *c = grid_at(g, x, y);
	if (len >= CELL_TEXT)
		len = CELL_TEXT - 1;
	memcpy(c->text, text, len);
	c->text[len] = '\0';
	c->width = (uint8_t)width;
	c->role = (uint8_t)role;
	c->swatch = 0;
	c->underline = 0;
	if (role_has_ground(role))
		c->ground = GROUND_ROLE;
	if (width == 2) {
		c[1].text[0] = '\0';
		c[1].width = 0;
		c[1].role = (uint8_t)role;
		c[1].ground = c->ground;
		c[1].swatch = 0;
	}
	return c;
}

/* Printable ASCII, as nearly all is: no width to find, nothing to decode.
 * Returns how much of the text that was. */
static size_t
put_ascii(struct grid *g, int x, int y, enum role role, const char *text)
{
	bool row = y >= g->clip.y && y < g->clip.y + g->clip.h;
	bool ground = role_has_ground(role);
	int right = g->clip.x + g->clip.w;
	size_t i = 0;
	for (; text[i] >= 0x20 && text[i] < 0x7f; i++, x++) {
		if (!row || x < g->clip.x || x >= right)
			continue;
		struct cell *c = grid_at(g, x, y);
		if (c->width != 1)
			split_wide(g, x, y);
		c->text[0] = text[i];
		c->text[1] = '\0';
		c->width = 1;
		c->role = (uint8_t)role;
		c->swatch = c->underline = 0;
		if (ground)
			c->ground = GROUND_ROLE;
	}
	return i;
}

/* What stands for a character where only ASCII may. */
static char
plain_of(uint32_t c)
{
	static const struct { uint32_t from, to; char plain; } table[] = {
		{ 0xb7, 0xb7, '.' }, { 0xd7, 0xd7, 'x' },
		{ 0x2013, 0x2015, '-' }, { 0x2026, 0x2026, '~' },
		{ 0x2190, 0x2190, '<' }, { 0x2191, 0x2191, '^' },
		{ 0x2192, 0x2192, '>' }, { 0x2193, 0x2193, 'v' },
		{ 0x2500, 0x2501, '-' }, { 0x2502, 0x2503, '|' },
		{ 0x2550, 0x2550, '=' }, { 0x2551, 0x2551, '|' },
		{ 0x2504, 0x257f, '+' }, { 0x25b2, 0x25b4, '^' },
		{ 0x25b6, 0x25b8, '>' }, { 0x25bc, 0x25be, 'v' },
		{ 0x25c0, 0x25c2, '<' }, { 0x2588, 0x2588, '#' },
		{ 0x25cf, 0x25cf, '*' }, { 0x2605, 0x2605, '*' },
		{ 0x23f8, 0x23f8, '=' }, { 0x26a0, 0x26a0, '!' },
		{ 0x2248, 0x2248, '~' }, { 0x2265, 0x2265, '>' },
	};
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (c >= table[i].from && c <= table[i].to)
			return table[i].plain;
	return '?';
}

int
grid_text(struct grid *g, int x, int y, enum role role, const char *text)
{
	int start = x;
	size_t ascii = put_ascii(g, x, y, role, text);
	if (text[ascii] == '\0')
		return (int)ascii;
	/* What follows may combine with the last one. */
	ascii -= ascii > 0;
	text += ascii;
	x += (int)ascii;
	size_t len = strlen(text);
	struct cell *last = NULL;
	for (size_t i = 0, n; i < len; i += n) {
		uint32_t c;
		char plain[2] = { 0 };
		const char *bytes = text + i;
		n = utf8_decode(bytes, len - i, &c);
		if (n == 0 || width_is_unsafe(c)) {
			/* Never reaches a terminal, whoever asks. */
			n = n == 0 ? 1 : n;
			bytes = "\302\267";
			c = 0xb7;
		}
		int width = width_of(c);
		size_t size = c == 0xb7 ? 2 : n;
		if (g->ascii && c >= 0x80) {
			plain[0] = plain_of(c);
			bytes = plain;
			size = 1;
		}
		if (width == 0) {
			size_t have = last != NULL ? strlen(last->text) : 0;
			if (last != NULL && have + n < CELL_TEXT && !g->ascii)
				memcpy(last->text + have, bytes, n),
				    last->text[have + n] = '\0';
			continue;
		}
		last = NULL;
		if (grid_has(g, x, y) && (width == 1 ||
		    grid_has(g, x + 1, y))) {
			if (g->ascii && width == 2) {
				grid_put(g, x, y, role, bytes, size, 1);
				grid_put(g, x + 1, y, role, bytes, size, 1);
			} else {
				last = grid_put(g, x, y, role, bytes, size,
				    width);
			}
		}
		x += width;
	}
	return x - start;
}

int
grid_printf(struct grid *g, int x, int y, enum role role, const char *format,
    ...)
{
	char text[1024];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	return grid_text(g, x, y, role, text);
}

void
grid_field(struct grid *g, int x, int y, int w, enum role role,
    const char *text)
{
	char cut[1024];
	if (text_width(text) > w) {
		text_elide(text, w, g->ascii, cut, sizeof(cut));
		text = cut;
	}
	grid_text(g, x, y, role, text);
}

void
grid_right(struct grid *g, int x, int y, int w, enum role role,
    const char *text)
{
	char cut[1024];
	if (text_width(text) > w) {
		text_elide_left(text, w, g->ascii, cut, sizeof(cut));
		text = cut;
	}
	grid_text(g, x + w - text_width(text), y, role, text);
}

void
grid_fill(struct grid *g, struct rect r, enum role role)
{
	for (int y = r.y; y < r.y + r.h; y++)
		for (int x = r.x; x < r.x + r.w; x++)
			if (grid_has(g, x, y))
				grid_put(g, x, y, role, " ", 1, 1)->ground =
				    GROUND_ROLE;
}

void
grid_ground(struct grid *g, int x, int y, int w, enum ground ground)
{
	for (int i = x; i < x + w; i++)
		if (grid_has(g, i, y))
			grid_at(g, i, y)->ground = (uint8_t)ground;
}

void
grid_dump(const struct grid *g, FILE *f)
{
	for (int y = 0; y < g->rows; y++) {
		int last = g->cols - 1;
		while (last >= 0 && strcmp(grid_at(g, last, y)->text, " ") == 0)
			last--;
		for (int x = 0; x <= last; x++)
			fputs(grid_at(g, x, y)->text, f);
		putc('\n', f);
	}
}
