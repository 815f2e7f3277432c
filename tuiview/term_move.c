/* SPDX-License-Identifier: MIT
 *
 * All ways are tried, which takes less time than sending a byte.
 */
#include "tuiview/term_move.h"

#include <stdio.h>
#include <string.h>

/* One way so far: empty is fine, `len` -1 is none. */
struct way {
	int len;
	char bytes[MOVE_TEXT];
};

static void
consider(struct way *best, const struct way *other)
{
	if (other->len >= 0 && (best->len < 0 || other->len < best->len))
		*best = *other;
}

static void
sequence(struct way *best, bool has, int number, char end)
{
	struct way way;
	if (!has)
		return;
	way.len = number == 1 ? snprintf(way.bytes, sizeof(way.bytes),
	    "\033[%c", end) : snprintf(way.bytes, sizeof(way.bytes),
	    "\033[%d%c", number, end);
	consider(best, &way);
}

static void
repeated(struct way *best, bool has, int count, char byte)
{
	struct way way = { .len = count };
	if (!has || count > 9)
		return;
	memset(way.bytes, byte, (size_t)count);
	consider(best, &way);
}

static void
up_or_down(const struct move_caps *caps, int y, int to, struct way *way)
{
	way->len = -1;
	if (y == to) {
		way->len = 0;
	} else if (y >= 0 && y < to) {
		repeated(way, caps->lf, to - y, '\n');
		sequence(way, caps->down, to - y, 'B');
	} else if (y >= 0) {
		sequence(way, caps->up, y - to, 'A');
	}
	if (y != to && y >= 0)
		sequence(way, caps->row, to + 1, 'd');
}

static void
sideways(const struct move_caps *caps, int x, int to, struct way *way)
{
	struct way back = { .len = 1, .bytes = "\r" }, right;
	way->len = -1;
	if (x == to) {
		way->len = 0;
		return;
	}
	if (x >= 0 && x < to)
		sequence(way, caps->right, to - x, 'C');
	if (x > to) {
		repeated(way, caps->bs, x - to, '\b');
		sequence(way, caps->left, x - to, 'D');
	}
	sequence(way, caps->column, to + 1, 'G');
	if (!caps->cr)
		return;
	sideways(&(struct move_caps){ .right = caps->right }, 0, to, &right);
	if (right.len < 0)
		return;
	memcpy(back.bytes + 1, right.bytes, (size_t)right.len);
	back.len += right.len;
	consider(way, &back);
}

static void
place(const struct move_caps *caps, int x, int y, struct way *way)
{
	if (caps->place != NULL)
		way->len = snprintf(way->bytes, sizeof(way->bytes), "%s",
		    caps->place(x, y));
	else if (x == 0 && y == 0)
		way->len = snprintf(way->bytes, sizeof(way->bytes), "\033[H");
	else if (x == 0)
		way->len = snprintf(way->bytes, sizeof(way->bytes),
		    "\033[%dH", y + 1);
	else if (y == 0)
		way->len = snprintf(way->bytes, sizeof(way->bytes),
		    "\033[;%dH", x + 1);
	else
		way->len = snprintf(way->bytes, sizeof(way->bytes),
		    "\033[%d;%dH", y + 1, x + 1);
}

int
move_bytes(const struct move_caps *caps, int x, int y, int to_x, int to_y,
    char bytes[MOVE_TEXT])
{
	struct way best, first, second;
	place(caps, to_x, to_y, &best);
	up_or_down(caps, y, to_y, &first);
	sideways(caps, x, to_x, &second);
	if (first.len >= 0 && second.len >= 0 &&
	    first.len + second.len < best.len) {
		memcpy(best.bytes, first.bytes, (size_t)first.len);
		memcpy(best.bytes + first.len, second.bytes,
		    (size_t)second.len);
		best.len = first.len + second.len;
	}
	memcpy(bytes, best.bytes, (size_t)best.len);
	return best.len;
}
