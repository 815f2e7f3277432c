/* SPDX-License-Identifier: MIT
 *
 * Width and shortening of text, in cells.
 */
#include "tuiview/text.h"

#include <string.h>

#include "lib/utf8.h"
#include "tuiview/width.h"

/* The character at `text` and its width; never past the NUL. */
static size_t
step(const char *text, int *width)
{
	uint32_t c;
	size_t n = utf8_decode(text, strlen(text) < 4 ? strlen(text) : 4, &c);
	*width = n != 0 ? width_of(c) : 1;
	return n != 0 ? n : 1;
}

int
text_width(const char *text)
{
	int width = 0, w;
	while (*text != '\0') {
		if (*text > 0 && *text < 0x7f) {
			text++;
			width++;
			continue;
		}
		text += step(text, &w);
		width += w;
	}
	return width;
}

int
text_bytes(const char *text, int most)
{
	int n = (int)strnlen(text, (size_t)most);
	while (n > 0 && (text[n] & 0xc0) == 0x80)
		n--;
	return n;
}

void
text_drop_half(char *text)
{
	size_t len = strlen(text), at = len;
	uint32_t c;
	while (at > 0 && (text[--at] & 0xc0) == 0x80)
		;
	if (at < len && utf8_decode(text + at, len - at, &c) == 0)
		text[at] = '\0';
}

/* Bytes of the longest start that fits `w` cells. */
static size_t
start_of(const char *text, int w)
{
	const char *at = text;
	int width;
	while (*at != '\0') {
		size_t n = step(at, &width);
		if (width > w)
			break;
		w -= width;
		at += n;
	}
	return (size_t)(at - text);
}

/* Where the longest end that fits `w` cells begins. */
static const char *
end_of(const char *text, int w)
{
	int skip = text_width(text) - w, width;
	while (*text != '\0' && skip > 0) {
		text += step(text, &width);
		skip -= width;
	}
	/* What combines belongs to what was dropped. */
	while (*text != '\0') {
		size_t n = step(text, &width);
		if (width != 0)
			break;
		text += n;
	}
	return text;
}

/* False when that does not fit the bytes of `out`. */
static bool
join(const char *front, size_t front_len, const char *mark, const char *back,
    char *out, size_t size)
{
	size_t mark_len = strlen(mark), back_len = strlen(back);
	if (front_len + mark_len + back_len >= size)
		return false;
	memmove(out, front, front_len);
	memcpy(out + front_len, mark, mark_len);
	memmove(out + front_len + mark_len, back, back_len + 1);
	return true;
}

/* Half of the room is for the start of the text, or none.  What has many
 * more bytes than cells may not fill all of it. */
static void
elide(const char *text, int w, bool has_start, bool ascii, char *out,
    size_t size)
{
	const char *mark = ascii ? "~" : "…";
	if (w > 0 && text_width(text) <= w &&
	    join(text, strlen(text), "", "", out, size))
		return;
	for (; w > 0; w--) {
		int front = has_start ? w / 2 : 0;
		if (join(text, start_of(text, front), mark, end_of(text,
		    w - 1 - front), out, size))
			return;
	}
	out[0] = '\0';
}

void
text_elide(const char *text, int w, bool ascii, char *out, size_t size)
{
	elide(text, w, true, ascii, out, size);
}

void
text_elide_left(const char *text, int w, bool ascii, char *out, size_t size)
{
	elide(text, w, false, ascii, out, size);
}

size_t
text_add_shown(struct buf *b, const char *text, size_t len)
{
	size_t cells = 0;
	while (len > 0) {
		uint32_t c;
		size_t part = utf8_decode(text, len, &c);
		int width = 1;
		if (part == 0 || width_is_unsafe(c)) {
			buf_add_text(b, "\xc2\xb7");
		} else {
			buf_add(b, text, part);
			width = width_of(c);
		}
		cells += (size_t)width;
		part += part == 0;
		text += part;
		len -= part;
	}
	return cells;
}
