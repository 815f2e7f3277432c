/* SPDX-License-Identifier: MIT
 *
 * The screen as a picture (SVG 1.1), for the documentation: every run of
 * one style is one text, blocks are drawn as rectangles so that they join.
 */
#include <string.h>

#include "lib/utf8.h"
#include "tuiview/paint.h"

/* A cell of the font, in hundredths of a pixel. */
enum { CELL_W = 843, CELL_H = 1650, BASE = 1260 };

struct svg {
	const struct grid *g;
	const struct palette *p;
	FILE *f;
	uint32_t ground, ink;	/* the terminal's own colours */
};

static void
number(FILE *f, int hundredths)
{
	fprintf(f, "%d", hundredths / 100);
	if (hundredths % 100 != 0)
		fprintf(f, ".%02d", hundredths % 100);
}

static void
box(const struct svg *s, int x, int y, int w, int h, uint32_t colour)
{
	fputs("<rect x=\"", s->f);
	number(s->f, x);
	fputs("\" y=\"", s->f);
	number(s->f, y);
	fputs("\" width=\"", s->f);
	number(s->f, w);
	fputs("\" height=\"", s->f);
	number(s->f, h);
	fprintf(s->f, "\" fill=\"#%06x\"/>\n", (unsigned)colour);
}

static uint32_t
front(const struct svg *s, const struct style *style)
{
	if (style->attributes & STYLE_REVERSE)
		return style->bg == -1 ? s->ground : (uint32_t)style->bg;
	return style->fg == -1 ? s->ink : (uint32_t)style->fg;
}

static uint32_t
back(const struct svg *s, const struct style *style)
{
	if (style->attributes & STYLE_REVERSE)
		return style->fg == -1 ? s->ink : (uint32_t)style->fg;
	return style->bg == -1 ? s->ground : (uint32_t)style->bg;
}

/* Lower eighths U+2581 to 2588, left eighths U+2589 to 258F. */
static bool
block(const struct svg *s, int x, int y, const char *text, uint32_t colour)
{
	uint32_t c = 0;
	utf8_decode(text, strlen(text), &c);
	if (c >= 0x2581 && c <= 0x2588) {
		int h = CELL_H * (int)(c - 0x2580) / 8;
		box(s, x * CELL_W, y * CELL_H + CELL_H - h, CELL_W, h, colour);
		return true;
	}
	if (c >= 0x2589 && c <= 0x258f) {
		box(s, x * CELL_W, y * CELL_H, CELL_W * (int)(0x2590 - c) / 8,
		    CELL_H, colour);
		return true;
	}
	return false;
}

static void
grounds(const struct svg *s, int y)
{
	int x = 0;
	while (x < s->g->cols) {
		struct style style = paint_cell(s->p, grid_at(s->g, x, y));
		uint32_t colour = back(s, &style);
		int from = x++;
		for (; x < s->g->cols; x++) {
			struct style next = paint_cell(s->p,
			    grid_at(s->g, x, y));
			if (back(s, &next) != colour)
				break;
		}
		if (colour != s->ground)
			box(s, from * CELL_W, y * CELL_H, (x - from) * CELL_W,
			    CELL_H, colour);
	}
}

static void
escaped(FILE *f, const char *text)
{
	for (; *text != '\0'; text++)
		switch (*text) {
		case '<': fputs("&lt;", f); break;
		case '>': fputs("&gt;", f); break;
		case '&': fputs("&amp;", f); break;
		default: putc(*text, f); break;
		}
}

static bool
is_text(const struct cell *c)
{
	uint32_t code = 0;
	utf8_decode(c->text, strlen(c->text), &code);
	return c->width > 0 && strcmp(c->text, " ") != 0 &&
	    !(code >= 0x2581 && code <= 0x258f);
}

/* A run of text in one style without blanks at its ends. */
static int
run(const struct svg *s, int x, int y)
{
	struct style style = paint_cell(s->p, grid_at(s->g, x, y));
	int end = x, last = x;
	for (; end < s->g->cols; end++) {
		const struct cell *c = grid_at(s->g, end, y);
		struct style next = paint_cell(s->p, c);
		if (c->width == 0) {
			last = end;
			continue;
		}
		if (strcmp(c->text, " ") == 0) {
			/* Two blanks end it. */
			if (end > last + 1)
				break;
			continue;
		}
		if (!is_text(c) || front(s, &next) != front(s, &style) ||
		    next.attributes != style.attributes)
			break;
		last = end;
	}
	fputs("<text x=\"", s->f);
	number(s->f, x * CELL_W);
	fputs("\" y=\"", s->f);
	number(s->f, y * CELL_H + BASE);
	fputs("\" textLength=\"", s->f);
	number(s->f, (last + 1 - x) * CELL_W);
	fprintf(s->f, "\" fill=\"#%06x\"%s%s>", (unsigned)front(s, &style),
	    style.attributes & STYLE_BOLD ? " font-weight=\"bold\"" : "",
	    style.attributes & STYLE_UNDERLINE ?
	    " text-decoration=\"underline\"" : "");
	for (int i = x; i <= last; i++)
		escaped(s->f, grid_at(s->g, i, y)->text);
	fputs("</text>\n", s->f);
	return last;
}

void
paint_svg(const struct grid *g, const struct palette *p, FILE *f)
{
	bool light = p->background == BACKGROUND_LIGHT;
	struct svg s = { g, p, f, light ? 0xfbfbf8 : 0x0c0d12,
		light ? 0x24262c : 0xd4d7de };
	fputs("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"", f);
	number(f, g->cols * CELL_W);
	fputs("\" height=\"", f);
	number(f, g->rows * CELL_H);
	fputs("\" font-family=\"DejaVu Sans Mono,Menlo,Consolas,monospace\" "
	    "font-size=\"14\" xml:space=\"preserve\">\n", f);
	box(&s, 0, 0, g->cols * CELL_W, g->rows * CELL_H, s.ground);
	for (int y = 0; y < g->rows; y++) {
		grounds(&s, y);
		for (int x = 0; x < g->cols; x++) {
			const struct cell *c = grid_at(g, x, y);
			struct style style = paint_cell(p, c);
			if (is_text(c))
				x = run(&s, x, y);
			else if (c->width > 0)
				block(&s, x, y, c->text, front(&s, &style));
		}
	}
	fputs("</svg>\n", f);
}
