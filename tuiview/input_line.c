/* SPDX-License-Identifier: MIT
 *
 * A line editor without a screen.
 */
#include "tuiview/input_line.h"

#include <stdio.h>
#include <string.h>

#include "lib/utf8.h"

static size_t
before(const struct line *l, size_t at)
{
	while (at > 0 && (l->text[--at] & 0xc0) == 0x80)
		;
	return at;
}

void
line_set(struct line *l, const char *text)
{
	snprintf(l->text, sizeof(l->text), "%s", text);
	l->len = strlen(l->text);
	/* Never end within a character. */
	size_t last = before(l, l->len);
	if (l->len > 0 && utf8_length(l->text + last, l->len - last) == 0)
		l->text[l->len = last] = '\0';
	l->cursor = l->len;
	l->recalled = -1;
}

void
line_trimmed(const struct line *l, char text[LINE_TEXT])
{
	size_t from = strspn(l->text, " "), to = l->len;
	while (to > from && l->text[to - 1] == ' ')
		to--;
	memcpy(text, l->text + from, to - from);
	text[to - from] = '\0';
}

static size_t
behind(const struct line *l, size_t at)
{
	size_t n = at < l->len ? utf8_length(l->text + at, l->len - at) : 0;
	return at + (at < l->len && n == 0 ? 1 : n);
}

static enum line_result
cut(struct line *l, size_t from, size_t to)
{
	if (from == to)
		return LINE_MOVED;
	memmove(l->text + from, l->text + to, l->len - to + 1);
	l->len -= to - from;
	l->cursor = from;
	return LINE_CHANGED;
}

static enum line_result
insert(struct line *l, uint32_t c)
{
	char bytes[4];
	if (c < 0x20 || (c >= 0x7f && c < 0xa0))
		c = ' ';
	size_t n = utf8_encode(c, bytes);
	if (l->len + n >= LINE_TEXT)
		return LINE_MOVED;
	memmove(l->text + l->cursor + n, l->text + l->cursor,
	    l->len - l->cursor + 1);
	memcpy(l->text + l->cursor, bytes, n);
	l->len += n;
	l->cursor += n;
	return LINE_CHANGED;
}

static size_t
word_before(const struct line *l)
{
	size_t at = l->cursor;
	while (at > 0 && l->text[at - 1] == ' ')
		at--;
	while (at > 0 && l->text[at - 1] != ' ')
		at--;
	return at;
}

static enum line_result
recall(struct line *l, long step,
    const char *(*history)(const void *context, size_t n),
    const void *context)
{
	if (history == NULL)
		return LINE_MOVED;
	long to = l->recalled + step;
	if (to < -1)
		return LINE_MOVED;
	const char *text = to >= 0 ? history(context, (size_t)to) : l->own;
	if (text == NULL)
		return LINE_MOVED;
	if (l->recalled == -1)
		memcpy(l->own, l->text, sizeof(l->own));
	line_set(l, to >= 0 ? text : l->own);
	l->recalled = to;
	return LINE_CHANGED;
}

enum line_result
line_event(struct line *l, const struct event *e,
    const char *(*history)(const void *context, size_t n),
    const void *context)
{
	if (e->kind == EVENT_PASTE)
		return insert(l, e->key);
	if (e->kind != EVENT_KEY)
		return LINE_IGNORED;
	switch (e->key) {
	case KEY_LEFT:
	case KEY_CTRL('b'):
		l->cursor = before(l, l->cursor);
		return LINE_MOVED;
	case KEY_RIGHT:
	case KEY_CTRL('f'):
		l->cursor = behind(l, l->cursor);
		return LINE_MOVED;
	case KEY_HOME:
	case KEY_CTRL('a'):
		l->cursor = 0;
		return LINE_MOVED;
	case KEY_END:
	case KEY_CTRL('e'):
		l->cursor = l->len;
		return LINE_MOVED;
	case KEY_BACKSPACE:
	case KEY_CTRL('h'):
		return cut(l, before(l, l->cursor), l->cursor);
	case KEY_DELETE:
	case KEY_CTRL('d'):
		return cut(l, l->cursor, behind(l, l->cursor));
	case KEY_CTRL('w'):
		return cut(l, word_before(l), l->cursor);
	case KEY_CTRL('k'):
		return cut(l, l->cursor, l->len);
	case KEY_CTRL('u'):
		return cut(l, 0, l->cursor);
	case KEY_UP:
		return recall(l, 1, history, context);
	case KEY_DOWN:
		return recall(l, -1, history, context);
	default:
		if (e->key < 0x20 || e->key >= 0x110000)
			return LINE_IGNORED;
		return insert(l, e->key);
	}
}
