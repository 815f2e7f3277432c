/* SPDX-License-Identifier: MIT
 *
 * What can stand behind an equals sign: strings of four kinds, numbers,
 * booleans, dates, arrays and inline tables.
 */
#include "tuiview/toml_value.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/utf8.h"
#include "lib/xalloc.h"

/* Underscores go between digits only. */
static bool
without_underscores(const char *token, char *plain_token)
{
	size_t n = 0;
	for (size_t i = 0; token[i] != '\0'; i++) {
		if (token[i] != '_') {
			plain_token[n++] = token[i];
			continue;
		}
		if (i == 0 || toml_hex_digit((unsigned char)token[i - 1]) < 0 ||
		    toml_hex_digit((unsigned char)token[i + 1]) < 0)
			return false;
	}
	plain_token[n] = '\0';
	return true;
}

/* Digits of a base and nothing else. */
static bool
read_integer(const char *token, struct toml_node *n)
{
	int base = 10;
	const char *digits = token;
	if (token[0] == '0' && token[1] != '\0') {
		base = token[1] == 'x' ? 16 : token[1] == 'o' ? 8 :
		    token[1] == 'b' ? 2 : 0;
		digits = token + 2;
	} else if (token[0] == '+' || token[0] == '-') {
		digits++;
	}
	if (base == 0 || *digits == '\0' ||
	    (base == 10 && digits[0] == '0' && digits[1] != '\0'))
		return false;
	for (const char *c = digits; *c != '\0'; c++) {
		int digit = toml_hex_digit((unsigned char)*c);
		if (digit < 0 || digit >= base)
			return false;
	}
	errno = 0;
	n->integer = strtoll(base == 10 ? token : digits, NULL, base);
	n->number = (double)n->integer;
	n->type = TOML_INTEGER;
	return errno == 0;
}

static size_t
count_digits(const char **c)
{
	size_t n = 0;
	for (; **c >= '0' && **c <= '9'; (*c)++)
		n++;
	return n;
}

static bool
read_float(const char *token, struct toml_node *n)
{
	const char *c = token;
	c += *c == '+' || *c == '-';
	if (strcmp(c, "inf") == 0 || strcmp(c, "nan") == 0) {
		n->number = c[0] == 'n' ? NAN :
		    *token == '-' ? -INFINITY : INFINITY;
		n->type = TOML_FLOAT;
		return true;
	}
	const char *whole = c;
	size_t digits = count_digits(&c);
	if (digits == 0 || (whole[0] == '0' && digits > 1) || *c == '\0')
		return false;
	if (*c == '.') {
		c++;
		if (count_digits(&c) == 0)
			return false;
	}
	if (*c == 'e' || *c == 'E') {
		c++;
		c += *c == '+' || *c == '-';
		if (count_digits(&c) == 0)
			return false;
	}
	if (*c != '\0')
		return false;
	/* The decimal point is a point whatever the locale says: only the
	 * digits are handed over. */
	n->number = 0;
	bool fraction = false;
	int exponent = 0;
	for (c = whole; *c != '\0' && *c != 'e' && *c != 'E'; c++) {
		if (*c == '.') {
			fraction = true;
			continue;
		}
		n->number = n->number * 10 + (*c - '0');
		exponent -= fraction;
	}
	long more = *c == '\0' ? 0 : strtol(c + 1, NULL, 10);
	if (more > 9999 || more < -9999)
		return false;
	exponent += (int)more;
	n->number = exponent < 0 ? n->number / pow(10, -exponent) :
	    n->number * pow(10, exponent);
	if (*token == '-')
		n->number = -n->number;
	n->type = TOML_FLOAT;
	return true;
}

/* 1979-05-27, 07:32:00, 1979-05-27T07:32:00Z and the like. */
static bool
is_date(const char *token)
{
	size_t len = strlen(token);
	bool date = len >= 10 && token[4] == '-' && token[7] == '-';
	bool time = len >= 8 && token[2] == ':' && token[5] == ':';
	return (date || time) &&
	    strspn(token, "0123456789-:.TtZz+ ") == len;
}

static void
read_token(struct toml_reader *r, struct toml_node *n)
{
	size_t start = r->at;
	while (r->at < r->len && strchr(" \t\r\n,]}#=\"'[{",
	    r->text[r->at]) == NULL)
		r->at++;
	/* A date may be followed by a blank and its time. */
	if (r->at - start == 10 && r->text[start + 4] == '-' &&
	    toml_peek(r, 0) == ' ' && toml_hex_digit(toml_peek(r, 1)) >= 0 &&
	    toml_peek(r, 3) == ':') {
		r->at++;
		while (r->at < r->len && strchr("0123456789:.Zz+-",
		    r->text[r->at]) != NULL && r->text[r->at] != '\0')
			r->at++;
	}
	n->text_len = r->at - start;
	n->text = xmalloc(n->text_len + 1);
	memcpy(n->text, r->text + start, n->text_len);
	n->text[n->text_len] = '\0';
	char *token = xmalloc(n->text_len + 1);
	if (strcmp(n->text, "true") == 0 || strcmp(n->text, "false") == 0) {
		n->type = TOML_BOOL;
		n->boolean = n->text[0] == 't';
	} else if (is_date(n->text)) {
		n->type = TOML_OTHER;
	} else if (n->text_len == 0) {
		toml_fail(r, start, "a value is expected here");
	} else if (!without_underscores(n->text, token) ||
	    (!read_integer(token, n) && !read_float(token, n))) {
		n->type = TOML_BAD;
		toml_fail(r, start, "%.40s is no value; a text needs quotes",
		    n->text);
	}
	free(token);
}

/* Over blanks, newlines and comments within an array. */
static void
skip_space(struct toml_reader *r)
{
	for (;;) {
		toml_blanks(r);
		toml_comment(r);
		int c = toml_peek(r, 0);
		if (c != '\n' && (c != '\r' || toml_peek(r, 1) != '\n'))
			return;
		r->at++;
	}
}

/* A bad array: where it was meant to end is known only when it is all in
 * one line, the bracket last. */
static bool
ends_here(const struct toml_reader *r, size_t start)
{
	size_t end = start;
	while (end < r->len && r->text[end] != '\n' && r->text[end] != '#')
		end++;
	if (end == r->len || r->text[end] == '#' || r->at > end)
		return false;
	while (strchr(" \t\r", r->text[end - 1]) != NULL)
		end--;
	return r->text[end - 1] == ']';
}

static void
read_array(struct toml_reader *r, struct toml_node *array, int depth)
{
	size_t start = r->at++;
	for (skip_space(r); toml_peek(r, 0) != ']'; skip_space(r)) {
		if (r->at == r->len) {
			toml_fail(r, start, "this array is not closed");
			break;
		}
		struct toml_node *n = toml_element(array);
		n->from = r->at;
		toml_locate(r, n, r->at);
		toml_value(r, n, depth);
		n->to = n->end;
		if (r->failed)
			break;
		skip_space(r);
		if (toml_peek(r, 0) != ',' && toml_peek(r, 0) != ']')
			toml_fail(r, r->at == r->len ? start : r->at,
			    r->at == r->len ? "this array is not closed" :
			    "a comma or ] is expected");
		if (r->failed)
			break;
		r->at += toml_peek(r, 0) == ',';
	}
	if (r->failed) {
		r->toml->broken |= !ends_here(r, start);
		return;
	}
	r->at++;
}

static void
read_table(struct toml_reader *r, struct toml_node *table, int depth)
{
	size_t start = r->at++;
	toml_blanks(r);
	while (!r->failed && toml_peek(r, 0) != '}') {
		toml_pair(r, table, depth);
		toml_blanks(r);
		if (r->failed)
			return;
		if (toml_peek(r, 0) == ',') {
			r->at++;
			toml_blanks(r);
		} else if (toml_peek(r, 0) != '}') {
			toml_fail(r, r->at == r->len ? start : r->at,
			    "a comma or } is expected");
		}
	}
	r->at += !r->failed;
}

void
toml_value(struct toml_reader *r, struct toml_node *n, int depth)
{
	n->start = n->end = r->at;
	int c = toml_peek(r, 0);
	if (depth == TOML_DEEPEST) {
		toml_fail(r, r->at, "too many arrays within each other");
	} else if (c == '"' || c == '\'') {
		struct buf b = { 0 };
		if (toml_string(r, &b, false)) {
			n->type = TOML_STRING;
			n->text_len = b.len;
			n->text = xmalloc(b.len + 1);
			memcpy(n->text, buf_text(&b), b.len + 1);
		}
		buf_done(&b);
	} else if (c == '[') {
		n->type = TOML_ARRAY;
		read_array(r, n, depth + 1);
	} else if (c == '{') {
		n->type = TOML_TABLE;
		read_table(r, n, depth + 1);
	} else {
		read_token(r, n);
	}
	n->end = r->at;
}
