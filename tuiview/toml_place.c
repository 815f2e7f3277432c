/* SPDX-License-Identifier: MIT
 *
 * Where things are in a document, and where new ones go.
 */
#include "tuiview/toml_place.h"

#include <string.h>

/* Bytes of the mark that some editors put before UTF-8. */
size_t
toml_mark_length(const struct toml *t)
{
	return t->text.len >= 3 &&
	    memcmp(t->text.data, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

/* The start of the line a byte is in, and of the line behind it. */
size_t
toml_line_start(const struct toml *t, size_t at)
{
	while (at > 0 && t->text.data[at - 1] != '\n')
		at--;
	return at;
}

size_t
toml_line_behind(const struct toml *t, size_t at)
{
	while (at < t->text.len && t->text.data[at] != '\n')
		at++;
	return at + (at < t->text.len);
}

/* The last byte of a table's own keys: dotted ones belong to it too. */
size_t
toml_last_byte(const struct toml_node *table)
{
	size_t end = 0;
	for (const struct toml_node *n = table->child; n != NULL;
	    n = n->next) {
		size_t to = n->to;
		if (n->form == TOML_HEADER)
			continue;
		if (n->form == TOML_IMPLIED)
			to = n->type == TOML_TABLE ? toml_last_byte(n) : 0;
		if (to > end)
			end = to;
	}
	return end;
}

/* The first header from a byte on; `end` when there is none. */
static size_t
next_header(const struct toml_node *n, size_t start, size_t end)
{
	if (n->form == TOML_HEADER && n->from >= start && n->from < end)
		end = n->from;
	for (const struct toml_node *c = n->child; c != NULL; c = c->next) {
		if (c->type == TOML_TABLE || c->type == TOML_ARRAY)
			end = next_header(c, start, end);
	}
	return end;
}

/* Comments directly above a header belong to it. */
static size_t
above_header(const struct toml *t, size_t header, size_t not_above)
{
	size_t at = toml_line_start(t, header);
	while (at > not_above) {
		size_t above = toml_line_start(t, at - 1);
		size_t text = above;
		while (t->text.data[text] == ' ' || t->text.data[text] == '\t')
			text++;
		if (t->text.data[text] != '#' || above < not_above)
			break;
		at = above;
	}
	return at;
}

/* Is a byte within a value, such as a text of many lines? */
static bool
in_value(const struct toml_node *n, size_t at)
{
	if (n->form == TOML_VALUE)
		return at > n->start && at < n->end;
	for (const struct toml_node *c = n->child; c != NULL; c = c->next) {
		if (in_value(c, at))
			return true;
	}
	return false;
}

/* A line of the root that says "# key =": the byte behind it, or 0. */
size_t
toml_commented(const struct toml *t, const char *key)
{
	size_t end = next_header(t->root, 0, t->text.len), len = strlen(key);
	const char *text = t->text.data;
	for (size_t at = 0; at < end; at = toml_line_behind(t, at)) {
		size_t c = at;
		if (text[c] != '#')
			continue;
		while (c < end && (text[c] == '#' || text[c] == ' '))
			c++;
		if (end - c <= len || strncmp(text + c, key, len) != 0)
			continue;
		for (c += len; c < end && text[c] == ' '; c++)
			continue;
		if (c < end && text[c] == '=' && !in_value(t->root, at))
			return toml_line_behind(t, at);
	}
	return 0;
}

/* Where a new key of the root goes. */
size_t
toml_root_place(const struct toml *t, const char *key)
{
	size_t place = toml_commented(t, key);
	if (place != 0)
		return place;
	size_t end = toml_last_byte(t->root);
	if (end != 0)
		return toml_line_behind(t, end);
	size_t header = next_header(t->root, 0, t->text.len);
	size_t mark = toml_mark_length(t);
	end = header == t->text.len ? header : above_header(t, header, mark);
	return end > mark ? end : mark;
}

/* Where the section of a header ends: at the next header's comments. */
size_t
toml_section_end(const struct toml *t, const struct toml_node *n)
{
	size_t end = next_header(t->root, n->from + 1, t->text.len);
	size_t own = toml_last_byte(n) > n->end ? toml_last_byte(n) : n->end;
	return end == t->text.len ? end :
	    above_header(t, end, toml_line_behind(t, own));
}
