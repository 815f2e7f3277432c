/* SPDX-License-Identifier: MIT
 *
 * All ways are weighed by their length, and only the shortest is written.
 */
#include "tuiview/term_move.h"

#include <stdio.h>
#include <string.h>

enum { REPEATS = 9 };

/* One way along one axis, or to a place. */
struct way {
	int len;		/* in bytes; NEVER: there is none */
	int number;		/* the sequence's, or how often the byte */
	char what;		/* the sequence's end, or the byte */
	bool from_start;	/* a carriage return first */
};

enum { NEVER = 1000 };

static int
digits(int n)
{
	return n < 10 ? 1 : n < 100 ? 2 : n < 1000 ? 3 : 4;
}

/* Of "CSI number end"; one is not told. */
static int
sequence_len(int number)
{
	return number == 1 ? 3 : 3 + digits(number);
}

static void
consider(struct way *best, bool has, int len, int number, char what)
{
	if (has && len < best->len)
		*best = (struct way){ len, number, what, false };
}

static void
sequence(struct way *best, bool has, int number, char end)
{
	consider(best, has, sequence_len(number), number, end);
}

static void
repeated(struct way *best, bool has, int count, char byte)
{
	consider(best, has && count <= REPEATS, count, count, byte);
}

static struct way
up_or_down(const struct move_caps *caps, int y, int to)
{
	struct way way = { .len = NEVER };
	if (y == to)
		return (struct way){ .len = 0 };
	if (y == -1)
		return way;
	if (y < to) {
		repeated(&way, caps->lf, to - y, '\n');
		sequence(&way, caps->down, to - y, 'B');
	} else {
		sequence(&way, caps->up, y - to, 'A');
	}
	sequence(&way, caps->row, to + 1, 'd');
	return way;
}

static struct way
sideways(const struct move_caps *caps, int x, int to)
{
	struct way way = { .len = NEVER };
	if (x == to)
		return (struct way){ .len = 0 };
	if (x >= 0 && x < to)
		sequence(&way, caps->right, to - x, 'C');
	if (x > to) {
		repeated(&way, caps->bs, x - to, '\b');
		sequence(&way, caps->left, x - to, 'D');
	}
	sequence(&way, caps->column, to + 1, 'G');
	if (caps->cr && to == 0)
		consider(&way, true, 1, 1, '\r');
	else if (caps->cr && caps->right && 1 + sequence_len(to) < way.len)
		way = (struct way){ 1 + sequence_len(to), to, 'C', true };
	return way;
}

static int
place_len(const struct move_caps *caps, int x, int y)
{
	if (caps->place != NULL)
		return (int)strlen(caps->place(x, y));
	return 3 + (y > 0 ? digits(y + 1) : 0) + (x > 0 ? 1 +
	    digits(x + 1) : 0);
}

int
move_cost(const struct move_caps *caps, int x, int y, int to_x, int to_y)
{
	int len = up_or_down(caps, y, to_y).len + sideways(caps, x, to_x).len;
	int direct = place_len(caps, to_x, to_y);
	return len < direct ? len : direct;
}

/* Of at most four digits: no screen is larger. */
static char *
write_number(char *at, int n)
{
	for (int unit = 1000; unit > 0; unit /= 10)
		if (n >= unit || unit == 1)
			*at++ = (char)('0' + n / unit % 10);
	return at;
}

static int
write_place(const struct move_caps *caps, int x, int y, char *bytes)
{
	char *at = bytes;
	if (caps->place != NULL)
		return snprintf(bytes, MOVE_TEXT, "%s", caps->place(x, y));
	*at++ = '\033';
	*at++ = '[';
	if (y > 0)
		at = write_number(at, y + 1);
	if (x > 0) {
		*at++ = ';';
		at = write_number(at, x + 1);
	}
	*at++ = 'H';
	return (int)(at - bytes);
}

static int
write_way(const struct way *way, char *bytes)
{
	if (way->len == 0)
		return 0;
	if (strchr("\n\b\r", way->what) != NULL)
		memset(bytes, way->what, (size_t)way->number);
	else {
		char *at = bytes;
		if (way->from_start)
			*at++ = '\r';
		*at++ = '\033';
		*at++ = '[';
		if (way->number != 1)
			at = write_number(at, way->number);
		*at = way->what;
	}
	return way->len;
}

int
move_bytes(const struct move_caps *caps, int x, int y, int to_x, int to_y,
    char bytes[MOVE_TEXT])
{
	struct way first = up_or_down(caps, y, to_y);
	struct way second = sideways(caps, x, to_x);
	if (first.len + second.len >= place_len(caps, to_x, to_y))
		return write_place(caps, to_x, to_y, bytes);
	int len = write_way(&first, bytes);
	return len + write_way(&second, bytes + len);
}
