/* SPDX-License-Identifier: MIT
 *
 * Changed cells become runs of one style.
 */
#include "tuiview/term_draw.h"

#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"
#include "tuiview/paint.h"
#include "tuiview/term_send.h"

static const struct style plain = { -1, -1, 0 };

/* So many cells at least are erased rather than overwritten. */
enum { ERASE_MIN = 8 };

void
draw_init(struct drawing *d, const struct draw_caps *caps)
{
	*d = (struct drawing){ .caps = *caps, .blank = true };
}

void
draw_done(struct drawing *d)
{
	free(d->cells);
	free(d->last);
	free(d->runs);
	buf_done(&d->spare);
	*d = (struct drawing){ .cells = NULL };
}

void
draw_forget(struct drawing *d)
{
	d->blank = true;
}

static void
clear(struct drawing *d, const struct grid *g, struct buf *out)
{
	size_t count = (size_t)g->cols * (size_t)g->rows;
	if (g->cols != d->cols || g->rows != d->rows || d->cells == NULL) {
		d->cells = xreallocarray(d->cells, count, sizeof(*d->cells));
		d->last = xreallocarray(d->last, count, sizeof(*d->last));
	}
	d->cols = g->cols;
	d->rows = g->rows;
	buf_add_text(out, d->caps.reset);
	buf_add_text(out, d->caps.clear);
	for (size_t i = 0; i < count; i++)
		d->cells[i] = (struct shown){ .style = plain, .text = " " };
	/* No cell is so. */
	memset(d->last, 0xff, count * sizeof(*d->last));
	d->at = (struct draw_state){ .style = plain };
	d->blank = false;
}

/* Does the colour of text matter here, or only the ground? */
static bool
is_blank(const char *text, const struct style *s)
{
	return text[0] == ' ' && text[1] == '\0' &&
	    !(s->attributes & (STYLE_REVERSE | STYLE_UNDERLINE));
}

/* Can this cell be sent in that style? */
static bool
fits(const struct style *style, const char *text, const struct style *s)
{
	return paint_equal(style, s) || (is_blank(text, s) &&
	    style->bg == s->bg &&
	    !(style->attributes & (STYLE_REVERSE | STYLE_UNDERLINE)));
}

static struct draw_run *
add_run(struct drawing *d, int x, int y, int w, const struct style *s)
{
	if (d->run_count == d->run_size) {
		d->run_size = d->run_size != 0 ? d->run_size * 2 : 256;
		d->runs = xreallocarray(d->runs, d->run_size,
		    sizeof(*d->runs));
	}
	struct draw_run *r = &d->runs[d->run_count++];
	*r = (struct draw_run){ .x = x, .y = y, .w = w, .style = *s };
	return r;
}

/* Up to x lie so few cells, all fit to be sent in this run's style, that
 * sending them again is shorter than jumping over them. */
static bool
can_bridge(const struct draw_run *last, const struct shown *row, int x)
{
	int from = last->x + last->w, bytes = 0;
	int jump = x - from == 1 ? 3 : x - from < 10 ? 4 : 5;
	if (x - from > jump)
		return false;
	for (int i = from; i < x; i++) {
		unsigned char c = (unsigned char)row[i].text[0];
		/* What may be wider than we think is left alone. */
		if (c == '\0' || c >= 0xe3 ||
		    !fits(&last->style, row[i].text, &row[i].style))
			return false;
		bytes += (int)strlen(row[i].text);
	}
	return bytes <= jump;
}

static void
add_cell(struct drawing *d, const struct shown *row, int x, int y, int w)
{
	const struct style *s = &row[x].style;
	struct draw_run *last = d->run_count > 0 ?
	    &d->runs[d->run_count - 1] : NULL;
	bool blank = is_blank(row[x].text, s);
	if (last != NULL && last->y == y && !last->erase) {
		/* A run of blanks takes the style of what follows. */
		if (last->blank && !blank && last->x + last->w == x &&
		    fits(s, " ", &last->style)) {
			last->style = *s;
			last->blank = false;
		}
		if (fits(&last->style, row[x].text, s) &&
		    can_bridge(last, row, x)) {
			for (int i = last->x + last->w; i < x; i++)
				blank = blank && is_blank(row[i].text,
				    &row[i].style);
			last->w = x + w - last->x;
			last->blank = last->blank && blank;
			return;
		}
	}
	add_run(d, x, y, w, s)->blank = blank;
}

/* Do they look alike but for the text?  Most do that stand side by side. */
static bool
is_painted_alike(const struct cell *a, const struct cell *b)
{
	return a->role == b->role && a->ground == b->ground &&
	    a->step == b->step && a->swatch == b->swatch &&
	    a->underline == b->underline && a->theme == b->theme;
}

/* How a cell looks; of a blank one that is not lit its ground is all. */
static struct shown
look(const struct cell *c, const struct style *style)
{
	struct shown s = { .style = *style };
	memcpy(s.text, c->text, sizeof(s.text));
	if (is_blank(s.text, &s.style)) {
		s.style.fg = -1;
		s.style.attributes = 0;
	}
	return s;
}

/* Nearly all texts are of one byte. */
static bool
is_same(const char *a, const char *b)
{
	return a[0] == b[0] && (a[0] == '\0' || (a[1] == b[1] &&
	    (a[1] == '\0' || strcmp(a, b) == 0)));
}

static struct shown
look_of(const struct cell *c, const struct palette *p)
{
	struct style style = paint_cell(p, c);
	return look(c, &style);
}

static bool
is_shown(const struct shown *old, const struct shown *new)
{
	return is_same(old->text, new->text) &&
	    paint_equal(&old->style, &new->style);
}

/* Is it as it was drawn last?  Most are, and need no other look. */
static inline bool
is_kept(const struct cell *a, const struct cell *b)
{
	uint64_t x[sizeof(*a) / 8], y[sizeof(*b) / 8], differ = 0;
	memcpy(x, a, sizeof(x));
	memcpy(y, b, sizeof(y));
	for (size_t i = 0; i < sizeof(x) / sizeof(x[0]); i++)
		differ |= x[i] ^ y[i];
	return differ == 0 && a->swatch == 0;
}

_Static_assert(sizeof(struct cell) % 8 == 0, "all of a cell is compared");

/* From x on many cells are to be blank on one ground, and are not yet: one
 * sequence erases them.  Returns how many; 0: none. */
static int
erase(struct drawing *d, const struct grid *g, const struct palette *p,
    int x, int y)
{
	struct shown *row = &d->cells[y * d->cols];
	struct shown first = look_of(grid_at(g, x, y), p);
	int end = x, last = x, differ = 0;
	if (p->depth == COLOUR_MONO || !is_blank(first.text, &first.style) ||
	    (first.style.bg != -1 && !d->caps.erases_in_colour))
		return 0;
	for (; end < g->cols; end++) {
		struct shown new = look_of(grid_at(g, end, y), p);
		if (!is_shown(&first, &new))
			break;
		if (!is_shown(&row[end], &new)) {
			differ++;
			last = end;
		}
	}
	bool rest = end == g->cols && d->caps.erase[0] != '\0';
	if (differ < ERASE_MIN || !(rest || d->caps.erase_some))
		return 0;
	if (!rest)
		end = last + 1;
	for (int i = x; i < end; i++)
		row[i] = first;
	struct draw_run *r = add_run(d, x, y, end - x, &first.style);
	r->blank = r->erase = true;
	return end - x;
}

/* Would what ends there take all lines up by one? */
static bool
is_out_of_reach(const struct drawing *d, int end, int y)
{
	return d->caps.scrolls_at_corner && y == d->rows - 1 &&
	    end >= d->cols;
}

static void
compare_row(struct drawing *d, const struct grid *g, const struct palette *p,
    int y)
{
	struct shown *row = &d->cells[y * d->cols];
	const struct cell *before = NULL, *last = &d->last[y * d->cols];
	struct style style = plain;
	for (int x = 0, erased; x < g->cols; x++) {
		const struct cell *c = grid_at(g, x, y);
		if (is_kept(c, &last[x]) ||
		    is_out_of_reach(d, x + c->width, y))
			continue;
		if (before == NULL || !is_painted_alike(before, c))
			style = paint_cell(p, c);
		before = c;
		struct shown new = look(c, &style);
		if (is_shown(&row[x], &new))
			continue;
		erased = erase(d, g, p, x, y);
		if (erased > 0) {
			x += erased - 1;
			continue;
		}
		row[x] = new;
		if (c->width > 0)
			add_cell(d, row, x, y, c->width);
	}
}

static void
place_cursor(struct drawing *d, const struct grid *g, struct buf *out)
{
	if (g->cursor_x < 0)
		return;
	send_move(d, g->cursor_x, g->cursor_y, out);
	if (!d->cursor_shown)
		buf_add_text(out, d->caps.show);
	d->cursor_shown = true;
}

void
draw_grid(struct drawing *d, const struct grid *g, const struct palette *p,
    struct buf *out)
{
	if (d->blank || g->cols != d->cols || g->rows != d->rows)
		clear(d, g, out);
	size_t before = out->len;
	if (d->cursor_shown && g->cursor_x < 0) {
		buf_add_text(out, d->caps.hide);
		d->cursor_shown = false;
	}
	size_t row = (size_t)g->cols * sizeof(*d->last);
	if (memcmp(&d->palette, p, sizeof(*p)) != 0)
		memset(d->last, 0xff, row * (size_t)g->rows);
	d->palette = *p;
	for (int y = 0; y < g->rows; y++) {
		compare_row(d, g, p, y);
		memcpy(&d->last[y * d->cols], grid_at(g, 0, y), row);
	}
	if (d->run_count > 0)
		send_runs(d, p->depth, out);
	place_cursor(d, g, out);
	/* Nothing of ours colours what others may print. */
	if (out->len > before && (d->at.style.bg != -1 ||
	    d->at.style.attributes != 0)) {
		paint_change(out, &d->at.style, &plain, p->depth);
		d->at.style = plain;
	}
}
