/* SPDX-License-Identifier: MIT
 *
 * Styles of cells.
 */
#include "tuiview/paint.h"

#include <string.h>

#include "lib/json_write.h"
#include "tuiview/colour.h"

struct style
paint_cell(const struct palette *p, const struct cell *c)
{
	struct style s = p->style[c->role];
	switch (c->ground) {
	case GROUND_BAR:
		s = p->on_bar[c->role];
		s.bg = p->bar[c->step];
		break;
	case GROUND_SELECTED:
		s = p->on_selected[c->role];
		break;
	case GROUND_ALERT:
		s = p->style[ROLE_ALERT];
		break;
	default:
		break;
	}
	/* Thin and ASCII bars are signs in the bar's colour on whatever
	 * ground is there. */
	if (c->role == ROLE_BAR && c->ground == GROUND_ROLE) {
		s.fg = p->style[ROLE_BAR].fg;
		s.bg = -1;
	}
	if (c->swatch != 0)
		s.bg = theme_swatch(c->theme, (size_t)c->swatch - 1,
		    p->depth);
	if (c->underline)
		s.attributes |= STYLE_UNDERLINE;
	return s;
}

bool
paint_equal(const struct style *a, const struct style *b)
{
	return a->fg == b->fg && a->bg == b->bg &&
	    a->attributes == b->attributes;
}

static void
parameter(struct buf *b, unsigned n)
{
	json_unsigned(b, n);
	buf_add_char(b, ';');
}

static void
colour(struct buf *b, int32_t value, bool ground, enum colour_depth depth)
{
	int index = value != -1 && depth == COLOUR_RGB ?
	    colour_exact((uint32_t)value) : -1;
	unsigned v = index != -1 ? (unsigned)index : (unsigned)value;
	if (value == -1)
		buf_add_text(b, ground ? "49;" : "39;");
	else if (depth == COLOUR_RGB && index == -1) {
		buf_add_text(b, ground ? "48;2;" : "38;2;");
		parameter(b, v >> 16 & 0xff);
		parameter(b, v >> 8 & 0xff);
		parameter(b, v & 0xff);
	} else if (depth != COLOUR_16) {
		buf_add_text(b, ground ? "48;5;" : "38;5;");
		parameter(b, v & 0xff);
	} else if (v < 8)
		parameter(b, v + (ground ? 40 : 30));
	else
		parameter(b, v - 8 + (ground ? 100 : 90));
}

static void
colours(struct buf *b, const struct style *from, const struct style *to,
    enum colour_depth depth)
{
	if (depth != COLOUR_MONO && from->fg != to->fg)
		colour(b, to->fg, false, depth);
	if (depth != COLOUR_MONO && from->bg != to->bg)
		colour(b, to->bg, true, depth);
}

static void
attributes(struct buf *b, unsigned add)
{
	static const struct { unsigned bit; const char *on; } table[] = {
		{ STYLE_BOLD, "1;" }, { STYLE_DIM, "2;" },
		{ STYLE_ITALIC, "3;" }, { STYLE_UNDERLINE, "4;" },
		{ STYLE_REVERSE, "7;" },
	};
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		if (add & table[i].bit)
			buf_add_text(b, table[i].on);
}

/* Only what differs; what is there too much is taken back one by one. */
static void
change(struct buf *b, const struct style *from, const struct style *to,
    enum colour_depth depth)
{
	enum { WEIGHT = STYLE_BOLD | STYLE_DIM };
	unsigned off = from->attributes & ~to->attributes;
	unsigned on = to->attributes & ~from->attributes;
	/* One sequence ends both weights. */
	if (off & WEIGHT) {
		buf_add_text(b, "22;");
		on |= to->attributes & WEIGHT;
	}
	if (off & STYLE_ITALIC)
		buf_add_text(b, "23;");
	if (off & STYLE_UNDERLINE)
		buf_add_text(b, "24;");
	if (off & STYLE_REVERSE)
		buf_add_text(b, "27;");
	attributes(b, on);
	colours(b, from, to, depth);
}

/* Everything from the start. */
static void
set(struct buf *b, const struct style *to, enum colour_depth depth)
{
	static const struct style plain = { -1, -1, 0 };
	buf_add_text(b, ";");
	attributes(b, to->attributes);
	colours(b, &plain, to, depth);
}

/* The shorter one.  Without colours it may be a terminal so old that it
 * only knows how to reset. */
void
paint_change(struct buf *b, const struct style *from, const struct style *to,
    enum colour_depth depth)
{
	if (from != NULL && from->attributes == to->attributes &&
	    (depth == COLOUR_MONO || paint_equal(from, to)))
		return;
	buf_add_text(b, "\033[");
	size_t start = b->len, middle;
	if (from != NULL && (depth != COLOUR_MONO ||
	    (from->attributes & ~to->attributes) == 0))
		change(b, from, to, depth);
	middle = b->len;
	set(b, to, depth);
	if (middle == start || b->len - middle < middle - start) {
		/* Both may overlap. */
		memmove(b->data + start, b->data + middle, b->len - middle);
		b->len -= middle - start;
	} else {
		b->len = middle;
	}
	/* The last semicolon becomes the end. */
	b->data[b->len - 1] = 'm';
}

void
paint_dump(const struct grid *g, const struct palette *p, FILE *f)
{
	struct buf b = { .data = NULL };
	for (int y = 0; y < g->rows; y++) {
		struct style last = { -1, -1, 0 };
		for (int x = 0; x < g->cols; x++) {
			const struct cell *c = grid_at(g, x, y);
			struct style s = paint_cell(p, c);
			if (c->width == 0)
				continue;
			paint_change(&b, &last, &s, p->depth);
			buf_add_text(&b, c->text);
			last = s;
		}
		buf_add_text(&b, "\033[0m\n");
		fwrite(b.data, 1, b.len, f);
		buf_reset(&b);
	}
	buf_done(&b);
}
