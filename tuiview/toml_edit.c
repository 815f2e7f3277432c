/* SPDX-License-Identifier: MIT
 *
 * Edits of a document: each finds the bytes to replace by what the reader
 * noted, splices, and lets the reader see the result.
 */
#include "tuiview/toml.h"

#include <stdlib.h>
#include <string.h>

#include "lib/utf8.h"
#include "lib/xalloc.h"
#include "tuiview/toml_place.h"
#include "tuiview/toml_value.h"

/* Replace the bytes from `start` to `end`. */
static void
swap_in(struct toml *t, size_t start, size_t end, const char *with, size_t len)
{
	struct buf b = { 0 };
	buf_add(&b, t->text.data, start);
	buf_add(&b, with, len);
	buf_add(&b, t->text.data + end, t->text.len - end);
	buf_done(&t->text);
	t->text = b;
	toml_parse(t);
}

static const char *
newline(const struct toml *t)
{
	return t->crlf ? "\r\n" : "\n";
}

/* Insert a line where one starts, or at the end of a text that may lack its
 * last newline. */
static void
insert_line(struct toml *t, size_t at, const struct buf *line)
{
	struct buf b = { 0 };
	if (at > toml_mark_length(t) && t->text.data[at - 1] != '\n')
		buf_add_text(&b, newline(t));
	buf_add(&b, line->data, line->len);
	swap_in(t, at, at, b.data, b.len);
	buf_done(&b);
}

static void
add_pair(const struct toml *t, struct buf *b, const char *key,
    const char *value)
{
	toml_quote_key(b, key);
	buf_printf(b, " = %s%s", value, newline(t));
}

/* Add a member to a table in braces, or an element to an array. */
static void
insert_inline(struct toml *t, const struct toml_node *n, const char *text)
{
	size_t at = n->last != NULL ? n->last->to : n->start + 1;
	char *with = xasprintf("%s%s%s", n->last != NULL ? ", " :
	    n->type == TOML_TABLE ? " " : "", text,
	    n->last == NULL && n->type == TOML_TABLE ? " " : "");
	swap_in(t, at, at, with, strlen(with));
	free(with);
}

/* Add a key to a table that is there. */
static bool
add_to(struct toml *t, const struct toml_node *table, const char *key,
    const char *value)
{
	struct buf b = { 0 };
	bool good = true;
	if (table == t->root) {
		size_t at = toml_root_place(t, key);
		add_pair(t, &b, key, value);
		if (toml_last_byte(t->root) == 0 && at < t->text.len &&
		    toml_commented(t, key) == 0)
			buf_add_text(&b, newline(t));
		insert_line(t, at, &b);
	} else if (table->form == TOML_HEADER) {
		size_t end = toml_last_byte(table);
		add_pair(t, &b, key, value);
		insert_line(t, toml_line_behind(t, end > table->end ? end :
		    table->end), &b);
	} else if (table->form == TOML_VALUE) {
		toml_quote_key(&b, key);
		buf_printf(&b, " = %s", value);
		insert_inline(t, table, buf_text(&b));
	} else {
		good = false;
	}
	buf_done(&b);
	return good;
}

/* The tables of a path that are not there yet, as [a.b] at the end; in a
 * table in braces as { key = value }. */
static bool
add_table(struct toml *t, const struct toml_node *table,
    const char *const *path, size_t have, const char *value)
{
	struct buf b = { 0 };
	size_t depth = have;
	while (path[depth + 1] != NULL)
		depth++;
	if (table->form == TOML_VALUE) {
		for (size_t i = have + 1; i <= depth; i++) {
			buf_add_text(&b, "{ ");
			toml_quote_key(&b, path[i]);
			buf_add_text(&b, " = ");
		}
		buf_add_text(&b, value);
		for (size_t i = have + 1; i <= depth; i++)
			buf_add_text(&b, " }");
		char *inner = xstrdup(buf_text(&b));
		buf_done(&b);
		bool good = add_to(t, table, path[have], inner);
		free(inner);
		return good;
	}
	/* What dotted keys opened no header may extend. */
	if (toml_last_byte(table) != 0 && table->form == TOML_IMPLIED &&
	    table != t->root)
		return false;
	size_t len = t->text.len;
	if (len > 0 && t->text.data[len - 1] != '\n')
		buf_add_text(&b, newline(t));
	if (len > 0)
		buf_add_text(&b, newline(t));
	for (size_t i = 0; i < depth; i++) {
		buf_add_char(&b, i == 0 ? '[' : '.');
		toml_quote_key(&b, path[i]);
	}
	buf_printf(&b, "]%s", newline(t));
	add_pair(t, &b, path[depth], value);
	swap_in(t, len, len, b.data, b.len);
	buf_done(&b);
	return true;
}

static bool
try_set(struct toml *t, const char *const *path, const char *value)
{
	const struct toml_node *n = t->root;
	if (t->broken)
		return false;
	for (size_t i = 0; path[i] != NULL; i++) {
		const struct toml_node *next = toml_member(n, path[i]);
		if (next == NULL && n->type != TOML_TABLE)
			return false;
		if (next == NULL)
			return path[i + 1] == NULL ?
			    add_to(t, n, path[i], value) :
			    add_table(t, n, path, i, value);
		n = next;
	}
	if (n->form != TOML_VALUE)
		return false;
	swap_in(t, n->start, n->end, value, strlen(value));
	return true;
}

/* Remove a member or element from what is in brackets, with a comma. */
static void
cut_inline(struct toml *t, const struct toml_node *n)
{
	const struct toml_node *before = n->parent->child;
	while (before != n && before->next != n)
		before = before->next;
	if (before != n)
		swap_in(t, before->to, n->to, "", 0);
	else if (n->next != NULL)
		swap_in(t, n->from, n->next->from, "", 0);
	else
		swap_in(t, n->from, n->parent->end - 1, "", 0);
}

static void
cut_section(struct toml *t, const struct toml_node *n)
{
	size_t start = toml_line_start(t, n->from);
	size_t end = toml_section_end(t, n);
	if (end == t->text.len)
		/* Then so does the blank line above it. */
		while (start > 1 && t->text.data[start - 1] == '\n' &&
		    toml_line_start(t, start - 1) >= start - 1 - t->crlf)
			start = toml_line_start(t, start - 1);
	swap_in(t, start, end, "", 0);
}

static void
cut(struct toml *t, const struct toml_node *n)
{
	if (n->form == TOML_HEADER)
		cut_section(t, n);
	else if (n->parent->form == TOML_VALUE)
		cut_inline(t, n);
	else
		swap_in(t, toml_line_start(t, n->from),
		    toml_line_behind(t, n->to), "", 0);
}

static bool
try_unset(struct toml *t, const char *const *path)
{
	const struct toml_node *n = toml_find(t, path);
	if (t->broken || (n != NULL && n->form == TOML_IMPLIED))
		return false;
	/* One that is there twice comes to light when the first goes. */
	for (; n != NULL && n->form != TOML_IMPLIED && !t->broken;
	    n = toml_find(t, path))
		cut(t, n);
	return n == NULL;
}

/* Where the last part of a key begins in [a.b] or a.b = : behind the last
 * dot outside of quotes. */
static size_t
last_part(const struct toml *t, size_t from, size_t to)
{
	size_t part = from;
	char quote = '\0';
	for (size_t i = from; i < to; i++) {
		char c = t->text.data[i];
		if (quote != '\0') {
			if (c == '\\' && quote == '"')
				i++;
			else if (c == quote)
				quote = '\0';
		} else if (c == '"' || c == '\'') {
			quote = c;
		} else if (c == '.' || c == '[') {
			part = i + 1;
		}
	}
	return part;
}

static bool
try_rename(struct toml *t, const char *const *path, const char *name)
{
	const struct toml_node *n = toml_find(t, path);
	if (t->broken || n == NULL || n->form == TOML_IMPLIED ||
	    n->parent->type != TOML_TABLE || toml_member(n->parent, name))
		return false;
	size_t end = n->end - 1;	/* at the closing bracket */
	if (n->form == TOML_VALUE) {
		end = n->start;
		while (t->text.data[end - 1] != '=')
			end--;
		end--;
		while (t->text.data[end - 1] == ' ')
			end--;
	}
	struct buf b = { 0 };
	toml_quote_key(&b, name);
	swap_in(t, last_part(t, n->from, end), end, b.data, b.len);
	buf_done(&b);
	return true;
}

static bool
try_append(struct toml *t, const char *array, size_t count,
    const char *const *keys, const char *const *values)
{
	const struct toml_node *n = toml_member(t->root, array);
	struct buf b = { 0 };
	if (t->broken || (n != NULL && n->type != TOML_ARRAY))
		return false;
	bool is_inline = n != NULL && n->form == TOML_VALUE;
	if (is_inline) {
		for (size_t i = 0; i < count; i++)
			buf_printf(&b, "%s%s = %s", i == 0 ? "{ " : ", ",
			    keys[i], values[i]);
		buf_add_text(&b, " }");
		insert_inline(t, n, buf_text(&b));
		buf_done(&b);
		return true;
	}
	size_t at = t->text.len;
	if (n != NULL) {
		/* Behind the last element, before blank lines. */
		at = toml_section_end(t, n->last);
		while (at > 1 && t->text.data[at - 1] == '\n' &&
		    toml_line_start(t, at - 1) >= at - 1 - t->crlf)
			at = toml_line_start(t, at - 1);
	}
	if (at > 0 && t->text.data[at - 1] != '\n')
		buf_add_text(&b, newline(t));
	if (at > 0)
		buf_add_text(&b, newline(t));
	buf_printf(&b, "[[%s]]%s", array, newline(t));
	for (size_t i = 0; i < count; i++)
		add_pair(t, &b, keys[i], values[i]);
	swap_in(t, at, at, b.data, b.len);
	buf_done(&b);
	return true;
}

static bool
try_drop(struct toml *t, const char *array, size_t index)
{
	const struct toml_node *n = toml_member(t->root, array);
	if (t->broken || n == NULL || n->type != TOML_ARRAY)
		return false;
	n = n->child;
	for (size_t i = 0; i < index && n != NULL; i++)
		n = n->next;
	if (n == NULL)
		return false;
	cut(t, n);
	return true;
}

/* Nothing is changed by an edit that failed, nor by one after which the
 * document cannot be understood: what stood behind a key that was there
 * twice may come to light. */
static bool
settle(struct toml *t, struct buf *before, bool done)
{
	if (done && !t->broken) {
		buf_done(before);
		return true;
	}
	buf_done(&t->text);
	t->text = *before;
	toml_parse(t);
	return false;
}

static struct buf
copy(const struct toml *t)
{
	struct buf b = { 0 };
	buf_add(&b, t->text.data, t->text.len);
	return b;
}

bool
toml_set(struct toml *t, const char *const *path, const char *value)
{
	struct buf before = copy(t);
	return settle(t, &before, try_set(t, path, value));
}

bool
toml_unset(struct toml *t, const char *const *path)
{
	struct buf before = copy(t);
	return settle(t, &before, try_unset(t, path));
}

bool
toml_rename(struct toml *t, const char *const *path, const char *name)
{
	struct buf before = copy(t);
	return settle(t, &before, try_rename(t, path, name));
}

bool
toml_append(struct toml *t, const char *array, size_t count,
    const char *const *keys, const char *const *values)
{
	struct buf before = copy(t);
	return settle(t, &before, try_append(t, array, count, keys, values));
}

bool
toml_drop(struct toml *t, const char *array, size_t index)
{
	struct buf before = copy(t);
	return settle(t, &before, try_drop(t, array, index));
}
