/* SPDX-License-Identifier: MIT
 *
 * JSON output.
 */
#include "lib/json_write.h"

#include <string.h>

#include "lib/digits.h"
#include "lib/utf8.h"

void
json_element(struct buf *b)
{
	if (b->len == 0)
		return;
	char last = b->data[b->len - 1];
	if (last != '{' && last != '[' && last != ':' && last != '\n' &&
	    last != ',')
		buf_add_char(b, ',');
}

void
json_open(struct buf *b, char bracket)
{
	json_element(b);
	buf_add_char(b, bracket);
}

void
json_close(struct buf *b, char bracket)
{
	buf_add_char(b, bracket);
}

void
json_member(struct buf *b, const char *name)
{
	size_t len = strlen(name);
	json_element(b);
	char *at = buf_reserve(b, len + 3);
	at[0] = '"';
	memcpy(at + 1, name, len);
	at[len + 1] = '"';
	at[len + 2] = ':';
	b->len += len + 3;
}

void
json_unsigned(struct buf *b, uint64_t value)
{
	char *at = buf_reserve(b, DIGITS_MOST);
	b->len = (size_t)(digits_put(at, value) - b->data);
}

void
json_signed(struct buf *b, int64_t value)
{
	if (value < 0)
		buf_add_char(b, '-');
	json_unsigned(b, value < 0 ? -(uint64_t)value : (uint64_t)value);
}

void
json_bool(struct buf *b, bool value)
{
	buf_add_text(b, value ? "true" : "false");
}

void
json_milli(struct buf *b, uint64_t thousandths)
{
	unsigned rest = (unsigned)(thousandths % 1000);
	char fraction[4] = { '.', (char)('0' + rest / 100),
		(char)('0' + rest / 10 % 10), (char)('0' + rest % 10) };
	json_unsigned(b, thousandths / 1000);
	buf_add(b, fraction, sizeof(fraction));
}

static void
escape(struct buf *b, unsigned char c)
{
	static const char hex[] = "0123456789abcdef";
	static const char short_form[] = "btn\0fr";	/* from 0x08 on */
	buf_add_char(b, '\\');
	if (c == '"' || c == '\\') {
		buf_add_char(b, (char)c);
	} else if (c >= 0x08 && c <= 0x0d && short_form[c - 0x08] != '\0') {
		buf_add_char(b, short_form[c - 0x08]);
	} else {
		buf_add(b, "u00", 3);
		buf_add_char(b, hex[c >> 4]);
		buf_add_char(b, hex[c & 15]);
	}
}

void
json_text(struct buf *b, const char *text, size_t len)
{
	buf_add_char(b, '"');
	for (size_t i = 0; i < len;) {
		unsigned char c = (unsigned char)text[i];
		size_t run = i;
		while (run < len && (unsigned char)text[run] >= 0x20 &&
		    (unsigned char)text[run] < 0x7f && text[run] != '"' &&
		    text[run] != '\\')
			run++;
		if (run > i) {
			buf_add(b, text + i, run - i);
			i = run;
		} else if (c < 0x80 && c != '\0') {
			escape(b, c);
			i++;
		} else {
			size_t n = c == '\0' ? 0 :
			    utf8_length(text + i, len - i);
			buf_add(b, n > 0 ? text + i : "\xef\xbf\xbd",
			    n > 0 ? n : 3);
			i += n > 0 ? n : 1;
		}
	}
	buf_add_char(b, '"');
}

void
json_member_unsigned(struct buf *b, const char *name, uint64_t value)
{
	json_member(b, name);
	json_unsigned(b, value);
}

void
json_member_bool(struct buf *b, const char *name, bool value)
{
	json_member(b, name);
	json_bool(b, value);
}

void
json_member_text(struct buf *b, const char *name, const char *text)
{
	json_member(b, name);
	json_text(b, text, strlen(text));
}
