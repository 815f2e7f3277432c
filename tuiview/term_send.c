/* SPDX-License-Identifier: MIT
 *
 * Each run is weighed by what it takes to get to: the cursor's way and the
 * change of style.
 */
#include "tuiview/term_send.h"

#include <limits.h>
#include <string.h>

#include "tuiview/paint.h"

/* So many runs are looked at for the one to send next; so wide is a
 * column. */
enum { LOOK_AHEAD = 300, COLUMN = 16 };

void
send_move(struct drawing *d, int x, int y, struct buf *out)
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

/* What is in force once this is drawn: blanks leave what is set for text. */
static struct style
style_for(const struct drawing *d, const struct style *style, bool blank)
{
	struct style s = *style;
	if (blank && !(d->at.style.attributes &
	    (STYLE_REVERSE | STYLE_UNDERLINE))) {
		s.fg = d->at.style.fg;
		s.attributes = d->at.style.attributes;
	}
	return s;
}

static void
send_erased(struct drawing *d, const struct draw_run *r, struct buf *out)
{
	if (r->x + r->w == d->cols && d->caps.erase[0] != '\0')
		buf_add_text(out, d->caps.erase);
	else
		buf_printf(out, "\033[%dX", r->w);
}

static void
send_run(struct drawing *d, const struct draw_run *r, enum colour_depth depth,
    struct buf *out)
{
	const struct shown *row = &d->cells[r->y * d->cols];
	struct style style = style_for(d, &r->style, r->blank);
	send_move(d, r->x, r->y, out);
	paint_change(out, &d->at.style, &style, depth);
	d->at.style = style;
	if (r->erase) {
		send_erased(d, r, out);
		return;
	}
	for (int x = r->x; x < r->x + r->w; x++) {
		unsigned char c = (unsigned char)row[x].text[0];
		if (c == '\0')
			continue;	/* behind a wide character */
		/* After a character of two cells the cursor is where this
		 * terminal thinks it is. */
		send_move(d, x, r->y, out);
		buf_add_text(out, row[x].text);
		d->at.x++;
		if (d->at.x >= d->cols || c >= 0xe3)
			d->at.x = d->at.y = -1;
	}
}

/* Give each run the number of its ink; false when there are too many. */
static bool
find_inks(struct drawing *d)
{
	d->ink_count = 0;
	for (size_t i = 0; i < d->run_count; i++) {
		struct draw_run *r = &d->runs[i];
		int k = 0;
		while (k < d->ink_count && (d->inks[k].blank != r->blank ||
		    !paint_equal(&d->inks[k].style, &r->style)))
			k++;
		if (k == DRAW_INKS)
			return false;
		if (k == d->ink_count)
			d->inks[d->ink_count++] = (struct draw_ink){
				.style = r->style, .blank = r->blank };
		r->ink = k;
	}
	return true;
}

static void
weigh_inks(struct drawing *d, enum colour_depth depth)
{
	for (int i = 0; i < d->ink_count; i++) {
		struct draw_ink *ink = &d->inks[i];
		struct style s = style_for(d, &ink->style, ink->blank);
		buf_reset(&d->spare);
		paint_change(&d->spare, &d->at.style, &s, depth);
		ink->cost = (int)d->spare.len;
		/* Leaving a ground means coming back, when others need it. */
		if (s.bg != d->at.style.bg)
			ink->cost *= 2;
	}
}

/* The columns a run begins and ends in. */
static uint64_t
columns_of(const struct draw_run *r)
{
	return (uint64_t)1 << r->x / COLUMN % 64 |
	    (uint64_t)1 << (r->x + r->w - 1) / COLUMN % 64;
}

/* Which of those left takes the fewest bytes to get to.  Those of one ink
 * below each other are sent downwards: a byte for the line, a few to go
 * back, and none is left behind. */
static size_t
nearest(struct drawing *d, size_t count)
{
	size_t best = 0;
	int least = INT_MAX;
	for (int i = 0; i < d->ink_count; i++)
		d->inks[i].above = 0;
	for (size_t i = 0; i < count && i < LOOK_AHEAD; i++) {
		const struct draw_run *r = &d->runs[d->left[i]];
		struct draw_ink *ink = &d->inks[r->ink];
		uint64_t columns = columns_of(r);
		if (ink->cost >= least || (ink->above & columns) != 0)
			continue;
		ink->above |= columns;
		int cost = ink->cost + move_cost(&d->caps.move, d->at.x,
		    d->at.y, r->x, r->y);
		if (cost < least) {
			least = cost;
			best = i;
		}
	}
	return best;
}

/* One after the other, always the cheapest from where cursor and style are.
 * With more inks than there is room for: from top to bottom. */
void
send_runs(struct drawing *d, enum colour_depth depth, struct buf *out)
{
	size_t count = d->run_count;
	bool choose = find_inks(d);
	for (size_t i = 0; i < count; i++)
		d->left[i] = i;
	if (choose)
		weigh_inks(d, depth);
	while (count > 0) {
		size_t at = choose ? nearest(d, count) : 0;
		struct style before = d->at.style;
		send_run(d, &d->runs[d->left[at]], depth, out);
		if (choose && !paint_equal(&before, &d->at.style))
			weigh_inks(d, depth);
		count--;
		memmove(d->left + at, d->left + at + 1,
		    (count - at) * sizeof(*d->left));
	}
	d->run_count = 0;
}
