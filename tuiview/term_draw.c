/* SPDX-License-Identifier: MIT
 *
 * Changed cells become runs of one style, runs become bytes.
 */
#include "tuiview/term_draw.h"

#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"
#include "tuiview/paint.h"

static const struct style plain = { -1, -1, 0 };

/* From top to bottom; or all of one style together, so that it is set once
 * and the cursor travels more. */
enum sending { BY_PLACE, BY_STYLE, BLANKS_APART };

void
draw_init(struct drawing *d, const struct draw_caps *caps)
{
	*d = (struct drawing){ .caps = *caps, .blank = true };
}

void
draw_done(struct drawing *d)
{
	free(d->cells);
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
	if (g->cols != d->cols || g->rows != d->rows || d->cells == NULL)
		d->cells = xreallocarray(d->cells, count, sizeof(*d->cells));
	d->cols = g->cols;
	d->rows = g->rows;
	buf_add_text(out, d->caps.reset);
	buf_add_text(out, d->caps.clear);
	for (size_t i = 0; i < count; i++)
		d->cells[i] = (struct shown){ .style = plain, .text = " " };
	d->at = (struct draw_state){ .style = plain };
	d->blank = false;
}

static void
move_to(struct drawing *d, int x, int y, struct buf *out)
{
	char bytes[MOVE_TEXT];
	struct draw_state *at = &d->at;
	if (x == at->x && y == at->y)
		return;
	buf_add(out, bytes, (size_t)move_bytes(&d->caps.move, at->x, at->y,
	    x, y, bytes));
	at->x = x;
	at->y = y;
}

/* Does the colour of text matter here, or only the ground? */
static bool
is_blank(const char *text, const struct style *s)
{
	return strcmp(text, " ") == 0 &&
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

static void
set_style(struct drawing *d, const struct draw_run *r,
    enum colour_depth depth, struct buf *out)
{
	struct style s = r->style;
	/* Blanks leave what is set for text. */
	if (r->blank && !(d->at.style.attributes &
	    (STYLE_REVERSE | STYLE_UNDERLINE))) {
		s.fg = d->at.style.fg;
		s.attributes = d->at.style.attributes;
	}
	paint_change(out, &d->at.style, &s, depth);
	d->at.style = s;
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

/* How a cell looks; of a blank one that is not lit its ground is all. */
static struct shown
look_of(const struct cell *c, const struct palette *p)
{
	struct shown s = { .style = paint_cell(p, c) };
	memcpy(s.text, c->text, sizeof(s.text));
	if (is_blank(s.text, &s.style)) {
		s.style.fg = -1;
		s.style.attributes = 0;
	}
	return s;
}

static bool
is_shown(const struct shown *old, const struct shown *new)
{
	return paint_equal(&old->style, &new->style) &&
	    strcmp(old->text, new->text) == 0;
}

/* From x on all is blank on one ground, and enough of it not so yet: then
 * one sequence erases it. */
static bool
erase_rest(struct drawing *d, const struct grid *g, const struct palette *p,
    int x, int y)
{
	struct shown *row = &d->cells[y * d->cols];
	struct shown first = look_of(grid_at(g, x, y), p);
	int differ = 0;
	if (d->caps.erase[0] == '\0' || p->depth == COLOUR_MONO ||
	    !is_blank(first.text, &first.style) ||
	    (first.style.bg != -1 && !d->caps.erases_in_colour))
		return false;
	for (int i = x; i < g->cols; i++) {
		struct shown new = look_of(grid_at(g, i, y), p);
		if (!is_shown(&first, &new))
			return false;
		differ += !is_shown(&row[i], &new);
	}
	if (differ < 6)
		return false;
	for (int i = x; i < g->cols; i++)
		row[i] = first;
	struct draw_run *r = add_run(d, x, y, g->cols - x, &first.style);
	r->blank = r->erase = true;
	return true;
}

static void
compare_row(struct drawing *d, const struct grid *g, const struct palette *p,
    int y)
{
	struct shown *row = &d->cells[y * d->cols];
	for (int x = 0; x < g->cols; x++) {
		const struct cell *c = grid_at(g, x, y);
		struct shown new = look_of(c, p);
		if (is_shown(&row[x], &new))
			continue;
		if (erase_rest(d, g, p, x, y))
			return;
		row[x] = new;
		if (c->width > 0)
			add_cell(d, row, x, y, c->width);
	}
}

static void
send_run(struct drawing *d, struct draw_run *r, enum colour_depth depth,
    struct buf *out)
{
	const struct shown *row = &d->cells[r->y * d->cols];
	r->sent = true;
	move_to(d, r->x, r->y, out);
	set_style(d, r, depth, out);
	if (r->erase) {
		buf_add_text(out, d->caps.erase);
		return;
	}
	for (int x = r->x; x < r->x + r->w; x++) {
		unsigned char c = (unsigned char)row[x].text[0];
		if (c == '\0')
			continue;	/* behind a wide character */
		/* After a character of two cells the cursor is where this
		 * terminal thinks it is. */
		move_to(d, x, r->y, out);
		buf_add_text(out, row[x].text);
		d->at.x++;
		if (d->at.x >= d->cols || c >= 0xe3)
			d->at.x = d->at.y = -1;
	}
}

/* Can this run follow the one sent last without a change of style?  With
 * blanks apart, those stay among themselves. */
static bool
same_style(const struct drawing *d, const struct draw_run *r,
    const struct draw_run *first, enum sending how)
{
	if (how == BLANKS_APART && r->blank != first->blank)
		return false;
	return r->blank ? fits(&d->at.style, " ", &r->style) :
	    paint_equal(&r->style, &d->at.style);
}

static void
send_runs(struct drawing *d, enum colour_depth depth, enum sending how,
    struct buf *out)
{
	for (size_t i = 0; i < d->run_count; i++)
		d->runs[i].sent = false;
	for (size_t i = 0; i < d->run_count; i++) {
		struct draw_run *first = &d->runs[i];
		if (first->sent)
			continue;
		send_run(d, first, depth, out);
		for (size_t k = i + 1; how != BY_PLACE && k < d->run_count;
		    k++)
			if (!d->runs[k].sent && same_style(d, &d->runs[k],
			    first, how))
				send_run(d, &d->runs[k], depth, out);
	}
}

/* All ways, and the shortest one counts. */
static void
send_shortest(struct drawing *d, enum colour_depth depth, struct buf *out)
{
	struct draw_state before = d->at, best = d->at;
	size_t start = out->len;
	for (enum sending how = BY_PLACE; how <= BLANKS_APART; how++) {
		d->at = before;
		buf_reset(&d->spare);
		send_runs(d, depth, how, &d->spare);
		if (how != BY_PLACE && d->spare.len >= out->len - start)
			continue;
		out->len = start;
		buf_add(out, d->spare.data, d->spare.len);
		best = d->at;
	}
	d->at = best;
	d->run_count = 0;
}

static void
place_cursor(struct drawing *d, const struct grid *g, struct buf *out)
{
	if (g->cursor_x < 0)
		return;
	move_to(d, g->cursor_x, g->cursor_y, out);
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
	for (int y = 0; y < g->rows; y++)
		compare_row(d, g, p, y);
	if (d->run_count > 0)
		send_shortest(d, p->depth, out);
	place_cursor(d, g, out);
	/* Nothing of ours colours what others may print. */
	if (out->len > before && (d->at.style.bg != -1 ||
	    d->at.style.attributes != 0)) {
		paint_change(out, &d->at.style, &plain, p->depth);
		d->at.style = plain;
	}
}
