/* SPDX-License-Identifier: MIT
 *
 * The reader, after the TOML 1.0.0 specification.  It keeps for each value
 * where it stands in the text; toml_edit.c works on that.
 */
#include "tuiview/toml.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"
#include "tuiview/toml_value.h"

enum { ERRORS_MOST = 100 };

/* Of a character, in UTF-8. */
static bool
is_start(char c)
{
	return (c & 0xc0) != 0x80;
}

void
toml_fail(struct toml_reader *r, size_t at, const char *format, ...)
{
	struct toml *t = r->toml;
	const char *text = t->text.data;
	size_t line = 1, column = 1;
	if (r->failed || t->error_count == ERRORS_MOST)
		goto out;
	for (size_t i = 0; i < at; i++) {
		if (text[i] == '\n') {
			line++;
			column = 1;
		} else {
			column += is_start(text[i]);
		}
	}
	va_list arguments;
	char said[200];
	va_start(arguments, format);
	vsnprintf(said, sizeof(said), format, arguments);
	va_end(arguments);
	t->errors = xreallocarray(t->errors, t->error_count + 1,
	    sizeof(*t->errors));
	t->errors[t->error_count++] = (struct toml_error){
		line, column, xstrdup(said),
	};
out:
	r->failed = true;
}

int
toml_peek(const struct toml_reader *r, size_t ahead)
{
	return r->at + ahead < r->len ?
	    (unsigned char)r->text[r->at + ahead] : -1;
}

void
toml_blanks(struct toml_reader *r)
{
	while (toml_peek(r, 0) == ' ' || toml_peek(r, 0) == '\t')
		r->at++;
}

static bool
at_newline(const struct toml_reader *r)
{
	return toml_peek(r, 0) == '\n' ||
	    (toml_peek(r, 0) == '\r' && toml_peek(r, 1) == '\n');
}

/* To the end of the line, not over it. */
static void
skip_line(struct toml_reader *r)
{
	while (r->at < r->len && !at_newline(r))
		r->at++;
}

void
toml_comment(struct toml_reader *r)
{
	if (toml_peek(r, 0) == '#')
		skip_line(r);
}

void
toml_locate(struct toml_reader *r, struct toml_node *n, size_t at)
{
	for (; r->counted < at; r->counted++) {
		if (r->text[r->counted] == '\n') {
			r->line++;
			r->column = 1;
		} else {
			r->column += is_start(r->text[r->counted]);
		}
	}
	n->line = r->line;
	n->column = r->column;
	/* A header begins before its key. */
	for (size_t i = at; i < r->counted; i++)
		n->column -= is_start(r->text[i]);
}

static bool
is_bare(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/* One part of a key; the caller frees it. */
static char *
read_key_part(struct toml_reader *r)
{
	struct buf b = { 0 };
	int c = toml_peek(r, 0);
	size_t start = r->at;
	if (c == '"' || c == '\'') {
		if (!toml_string(r, &b, true)) {
			buf_done(&b);
			return NULL;
		}
		if (memchr(buf_text(&b), '\0', b.len) != NULL)
			toml_fail(r, start, "a key holds a NUL");
	} else {
		while (is_bare(toml_peek(r, 0)))
			buf_add_char(&b, r->text[r->at++]);
		if (b.len == 0)
			toml_fail(r, start, "a key is expected here");
	}
	char *key = r->failed ? NULL : xstrdup(buf_text(&b));
	buf_done(&b);
	return key;
}

/* Step into the table of a key, making it when it is new. */
static struct toml_node *
enter(struct toml_reader *r, struct toml_node *table, char *key, size_t at,
    bool by_header)
{
	struct toml_node *n = toml_node_member(table, key);
	if (n == NULL) {
		n = toml_node_new(table, TOML_TABLE);
		n->form = TOML_IMPLIED;
		n->key = key;
		n->from = n->to = n->start = n->end = at;
		toml_locate(r, n, at);
		return n;
	}
	if (n->type == TOML_ARRAY && n->form == TOML_IMPLIED && by_header)
		n = n->last;	/* [a.b] behind [[a]] */
	else if (n->type != TOML_TABLE || (n->form == TOML_VALUE))
		toml_fail(r, at, "%s is no table, see line %zu", key,
		    n->line);
	free(key);
	return n;
}

/* All of a dotted key but its last part, which goes to *last. */
static struct toml_node *
read_key(struct toml_reader *r, struct toml_node *table, char **last,
    bool by_header)
{
	for (int depth = 0;; depth++) {
		size_t at = r->at;
		*last = read_key_part(r);
		if (*last == NULL)
			return NULL;
		toml_blanks(r);
		if (toml_peek(r, 0) != '.')
			return table;
		r->at++;
		toml_blanks(r);
		if (depth == TOML_DEEPEST)
			toml_fail(r, at, "a key of too many parts");
		else
			table = enter(r, table, *last, at, by_header);
		if (r->failed) {
			if (depth == TOML_DEEPEST)
				free(*last);
			*last = NULL;
			return NULL;
		}
	}
}

void
toml_pair(struct toml_reader *r, struct toml_node *table, int depth)
{
	char *key = NULL;
	size_t start = r->at;
	table = read_key(r, table, &key, false);
	if (table == NULL)
		return;
	const struct toml_node *old = toml_node_member(table, key);
	if (old != NULL)
		toml_fail(r, start, "%s is there already, in line %zu", key,
		    old->line);
	else if (toml_peek(r, 0) != '=')
		toml_fail(r, r->at, "an equals sign is expected behind %s",
		    key);
	if (r->failed) {
		free(key);
		return;
	}
	r->at++;
	toml_blanks(r);
	struct toml_node *n = toml_node_new(table, TOML_BAD);
	n->key = key;
	n->from = start;
	toml_locate(r, n, start);
	if (depth == 0)
		r->pair = n;
	toml_value(r, n, depth);
	n->to = n->end;
}

struct toml_node *
toml_element(struct toml_node *array)
{
	return toml_node_new(array, TOML_BAD);
}

/* [table] or [[array]]; what follows goes to the table returned. */
static struct toml_node *
read_header(struct toml_reader *r)
{
	size_t start = r->at;
	bool is_array = toml_peek(r, 1) == '[';
	r->at += is_array ? 2 : 1;
	toml_blanks(r);
	char *key = NULL;
	struct toml_node *table = read_key(r, r->toml->root, &key, true);
	if (table == NULL)
		return NULL;
	if (toml_peek(r, 0) != ']' || (is_array && toml_peek(r, 1) != ']')) {
		toml_fail(r, r->at, "a closing bracket is expected");
		free(key);
		return NULL;
	}
	r->at += is_array ? 2 : 1;

	struct toml_node *n = toml_node_member(table, key);
	bool fits = n == NULL || (n->form == TOML_IMPLIED &&
	    n->type == (is_array ? TOML_ARRAY : TOML_TABLE));
	if (!fits) {
		toml_fail(r, start, "%s is there already, in line %zu", key,
		    n->line);
		free(key);
		return NULL;
	}
	if (n == NULL) {
		n = toml_node_new(table, is_array ? TOML_ARRAY : TOML_TABLE);
		n->key = key;
		toml_locate(r, n, start);
	} else {
		free(key);
	}
	n->form = is_array ? TOML_IMPLIED : TOML_HEADER;
	if (is_array) {
		n = toml_node_new(n, TOML_TABLE);
		n->form = TOML_HEADER;
		toml_locate(r, n, start);
	}
	n->start = n->from = start;
	n->end = n->to = r->at;
	return n;
}

/* A line's end, or what is wrong with it. */
static void
finish_line(struct toml_reader *r)
{
	toml_blanks(r);
	toml_comment(r);
	if (r->at < r->len && !at_newline(r))
		toml_fail(r, r->at, "nothing more is expected in this line");
}

/* A value that does not parse reaches to the end of its line or to a clear
 * comment, so that it can be replaced. */
static void
give_up_line(struct toml_reader *r)
{
	struct toml_node *n = r->pair;
	skip_line(r);
	if (n == NULL)
		return;
	const char *value = r->text + n->start;
	size_t len = r->at - n->start;
	const char *comment = memchr(value, '#', len);
	if (comment != NULL && memchr(value, '\n', len) == NULL &&
	    memchr(value, '"', len) == NULL &&
	    memchr(value, '\'', len) == NULL)
		len = (size_t)(comment - value);
	while (len > 0 && (value[len - 1] == ' ' || value[len - 1] == '\t'))
		len--;
	n->type = TOML_BAD;
	n->end = n->to = n->start + len;
	toml_node_empty(n);
}

static void
read_all(struct toml_reader *r)
{
	struct toml_node *table = r->toml->root, *nowhere = NULL;
	if (r->len >= 3 && memcmp(r->text, "\xef\xbb\xbf", 3) == 0)
		r->at = r->counted = 3;
	for (; r->at < r->len; r->at += toml_peek(r, 0) == '\r' ? 2 : 1) {
		toml_blanks(r);
		r->failed = false;
		int c = toml_peek(r, 0);
		if (c == '[') {
			struct toml_node *next = read_header(r);
			/* Keys below a bad header belong to nobody. */
			if (next == NULL && nowhere == NULL)
				nowhere = toml_node_new(NULL, TOML_TABLE);
			table = next != NULL ? next : nowhere;
			if (!r->failed)
				finish_line(r);
			/* Which keys are whose is not known any more. */
			r->toml->broken |= r->failed;
		} else if (c != '#' && c != -1 && !at_newline(r)) {
			r->pair = NULL;
			toml_pair(r, table, 0);
			if (!r->failed)
				finish_line(r);
			if (r->failed)
				give_up_line(r);
		} else {
			toml_comment(r);
		}
		skip_line(r);
	}
	if (nowhere != NULL)
		toml_node_free(nowhere);
}

/* Build the tree and the errors from the text. */
void
toml_parse(struct toml *t)
{
	if (t->root != NULL)
		toml_node_free(t->root);
	for (size_t i = 0; i < t->error_count; i++)
		free(t->errors[i].text);
	t->error_count = 0;
	t->broken = false;
	t->root = toml_node_new(NULL, TOML_TABLE);
	t->root->form = TOML_IMPLIED;
	buf_reserve(&t->text, 1);
	const char *newline = memchr(t->text.data, '\n', t->text.len);
	t->crlf = newline != NULL && newline > t->text.data &&
	    newline[-1] == '\r';
	struct toml_reader r = {
		.toml = t, .text = t->text.data, .len = t->text.len, .line = 1,
		.column = 1,
	};
	read_all(&r);
}

struct toml *
toml_new(const char *text, size_t len)
{
	struct toml *t = xcalloc(1, sizeof(*t));
	buf_add(&t->text, text, len);
	toml_parse(t);
	return t;
}

void
toml_free(struct toml *t)
{
	if (t == NULL)
		return;
	toml_node_free(t->root);
	for (size_t i = 0; i < t->error_count; i++)
		free(t->errors[i].text);
	free(t->errors);
	buf_done(&t->text);
	free(t);
}
