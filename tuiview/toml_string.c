/* SPDX-License-Identifier: MIT
 *
 * Strings of four kinds, read and written.
 */
#include <string.h>

#include "lib/utf8.h"
#include "tuiview/toml_value.h"

int
toml_hex_digit(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool
unicode_escape(struct toml_reader *r, struct buf *b, int digits)
{
	uint32_t c = 0;
	size_t start = r->at - 2;
	for (int i = 0; i < digits; i++) {
		int digit = toml_hex_digit(toml_peek(r, 0));
		if (digit < 0) {
			toml_fail(r, start, "\\%c needs %d hex digits",
			    digits == 4 ? 'u' : 'U', digits);
			return false;
		}
		c = c << 4 | (uint32_t)digit;
		r->at++;
	}
	if (c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) {
		toml_fail(r, start, "there is no such character");
		return false;
	}
	char bytes[4];
	buf_add(b, bytes, utf8_encode(c, bytes));
	return true;
}

/* A backslash at the end of a line joins it with the next text. */
static bool
joins_lines(struct toml_reader *r)
{
	size_t at = r->at;
	while (at < r->len && (r->text[at] == ' ' || r->text[at] == '\t' ||
	    r->text[at] == '\r'))
		at++;
	if (at == r->len || r->text[at] != '\n')
		return false;
	while (at < r->len && strchr(" \t\r\n", r->text[at]) != NULL &&
	    r->text[at] != '\0')
		at++;
	r->at = at;
	return true;
}

static bool
escape(struct toml_reader *r, struct buf *b, bool is_long)
{
	static const char letters[] = "btnfre\"\\";
	static const char means[] = "\b\t\n\f\r\033\"\\";
	size_t start = r->at++;
	int c = toml_peek(r, 0);
	if (is_long && joins_lines(r))
		return true;
	const char *letter = c > 0 ? strchr(letters, c) : NULL;
	r->at += c >= 0 && c != '\n';
	if (letter != NULL)
		buf_add_char(b, means[letter - letters]);
	else if (c == 'u' || c == 'U')
		return unicode_escape(r, b, c == 'u' ? 4 : 8);
	else
		toml_fail(r, start, "no such escape; a backslash itself "
		    "is written \\\\");
	return !r->failed;
}

/* A character as it stands. */
static bool
plain(struct toml_reader *r, struct buf *b, bool is_long)
{
	int c = toml_peek(r, 0);
	size_t len = utf8_length(r->text + r->at, r->len - r->at);
	bool is_control = (c < 0x20 && c != '\t') || c == 0x7f;
	if (is_long && (c == '\n' || (c == '\r' && toml_peek(r, 1) == '\n')))
		is_control = false;
	if (len == 0) {
		toml_fail(r, r->at, "this is not UTF-8");
		return false;
	}
	if (is_control) {
		toml_fail(r, r->at, c == '\n' || c == '\r' ?
		    "the closing quote is missing" :
		    "a control character must be written as an escape");
		return false;
	}
	buf_add(b, r->text + r->at, len);
	r->at += len;
	return true;
}

/* The closing quotes, of which a long string may have two more inside. */
static bool
closes(struct toml_reader *r, struct buf *b, char quote, size_t quotes)
{
	size_t run = 0;
	while (toml_peek(r, run) == quote && run < quotes + 2)
		run++;
	if (run < quotes)
		return false;
	for (size_t i = quotes; i < run && quotes == 3; i++)
		buf_add_char(b, quote);
	r->at += quotes == 3 ? run : 1;
	return true;
}

bool
toml_string(struct toml_reader *r, struct buf *b, bool is_key)
{
	size_t start = r->at;
	char quote = r->text[r->at];
	bool is_long = !is_key && toml_peek(r, 1) == quote &&
	    toml_peek(r, 2) == quote;
	size_t quotes = is_long ? 3 : 1;
	r->at += quotes;
	if (is_long && toml_peek(r, 0) == '\r' && toml_peek(r, 1) == '\n')
		r->at++;
	if (is_long && toml_peek(r, 0) == '\n')
		r->at++;
	while (r->at < r->len) {
		if (toml_peek(r, 0) == quote && closes(r, b, quote, quotes))
			return true;
		bool good = quote == '"' && toml_peek(r, 0) == '\\' ?
		    escape(r, b, is_long) : plain(r, b, is_long);
		if (!good)
			break;
	}
	toml_fail(r, start, "the closing quote is missing");
	/* What a long string swallowed is not known to be text. */
	r->toml->broken |= is_long;
	return false;
}

void
toml_quote(struct buf *b, const char *text)
{
	size_t left = strlen(text);
	buf_add_char(b, '"');
	while (left > 0) {
		uint32_t c = 0;
		size_t len = utf8_decode(text, left, &c);
		if (len == 0)
			buf_add_text(b, "\xef\xbf\xbd");
		else if (c == '"' || c == '\\')
			buf_printf(b, "\\%c", (int)c);
		else if (c == '\t')
			buf_add_text(b, "\\t");
		else if (c == '\n')
			buf_add_text(b, "\\n");
		else if (utf8_is_control(c))
			buf_printf(b, "\\u%04X", c);
		else
			buf_add(b, text, len);
		len += len == 0;
		text += len;
		left -= len;
	}
	buf_add_char(b, '"');
}

void
toml_quote_key(struct buf *b, const char *key)
{
	static const char bare[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";
	if (key[0] != '\0' && key[strspn(key, bare)] == '\0')
		buf_add_text(b, key);
	else
		toml_quote(b, key);
}
