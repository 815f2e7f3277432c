/* SPDX-License-Identifier: MIT
 *
 * Each run is weighed by what it takes to get to: the cursor's way and the
 * change of style.
 */
#include "tuiview/term_send.h"

#include <limits.h>
#include <string.h>

#include "tuiview/paint.h"

/* So many runs of a style are looked at for the one to send next; so wide is
 * a column, cells. */
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

/* The columns a run begins and ends in. */
static uint64_t
columns_of(const struct draw_run *r)
{
	return (uint64_t)1 << r->x / COLUMN % 64 |
	    (uint64_t)1 << (r->x + r->w - 1) / COLUMN % 64;
}

static void
add_to_ink(struct drawing *d, int number, int k)
{
	struct draw_ink *ink = &d->inks[k];
	d->runs[number].ink = k;
	d->runs[number].columns = columns_of(&d->runs[number]);
	d->runs[number].next = -1;
	if (ink->first == -1)
		ink->first = number;
	else
		d->runs[ink->last].next = number;
	ink->last = number;
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
				.style = r->style, .blank = r->blank,
				.first = -1 };
		add_to_ink(d, (int)i, k);
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

/* The cheapest one of an ink, when it is cheaper than *least, or costs the
 * same and is above *best.  Those of one ink below each other are sent
 * downwards: a byte for the line, a few to go back, and none is left behind.
 * So of each column only the first is looked at. */
static void
nearest_of(const struct drawing *d, int k, int *least, int *best)
{
	const struct draw_ink *ink = &d->inks[k];
	uint64_t all = d->cols >= 64 * COLUMN ? UINT64_MAX :
	    ((uint64_t)1 << (d->cols + COLUMN - 1) / COLUMN) - 1, above = 0;
	int left = LOOK_AHEAD;
	for (int i = ink->first; i != -1 && left-- > 0 && above != all &&
	    ink->cost <= *least; i = d->runs[i].next) {
		const struct draw_run *r = &d->runs[i];
		if ((above & r->columns) != 0)
			continue;
		above |= r->columns;
		int cost = ink->cost + move_cost(&d->caps.move, d->at.x,
		    d->at.y, r->x, r->y);
		if (cost < *least || (cost == *least && i < *best)) {
			*least = cost;
			*best = i;
		}
	}
}

/* Which of those left takes the fewest bytes to get to. */
static int
nearest(const struct drawing *d)
{
	int best = -1, least = INT_MAX;
	for (int k = 0; k < d->ink_count; k++)
		nearest_of(d, k, &least, &best);
	return best;
}

static void
take_from_ink(struct drawing *d, int number)
{
	struct draw_ink *ink = &d->inks[d->runs[number].ink];
	int before = -1;
	for (int i = ink->first; i != number; i = d->runs[i].next)
		before = i;
	if (before == -1)
		ink->first = d->runs[number].next;
	else
		d->runs[before].next = d->runs[number].next;
	if (ink->last == number)
		ink->last = before;
}

/* One after the other, always the cheapest from where cursor and style are.
 * With more inks than there is room for: from top to bottom. */
void
send_runs(struct drawing *d, enum colour_depth depth, struct buf *out)
{
	bool choose = find_inks(d);
	if (choose)
		weigh_inks(d, depth);
	for (size_t i = 0; i < d->run_count; i++) {
		int at = choose ? nearest(d) : (int)i;
		struct style before = d->at.style;
		send_run(d, &d->runs[at], depth, out);
		if (!choose)
			continue;
		take_from_ink(d, at);
		if (!paint_equal(&before, &d->at.style))
			weigh_inks(d, depth);
	}
	d->run_count = 0;
}
