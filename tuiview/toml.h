/* SPDX-License-Identifier: MIT
 *
 * A TOML 1.0 document that can be edited: the text itself is kept, and an
 * edit changes only the bytes it must, so that comments, order, unknown keys
 * and line endings stay.  A line that does not parse is reported and left
 * alone; the others count.
 */
#ifndef TUIVIEW_TOML_H
#define TUIVIEW_TOML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"

enum toml_type {
	TOML_BAD,		/* a key whose value does not parse */
	TOML_STRING, TOML_INTEGER, TOML_FLOAT, TOML_BOOL,
	TOML_OTHER,		/* a date or time: known to be one, no more */
	TOML_ARRAY, TOML_TABLE
};

/* How a table or array came to be, which decides how it is edited. */
enum toml_form {
	TOML_VALUE,		/* behind an equals sign, or in such a value */
	TOML_HEADER,		/* [table], or an element by [[array]] */
	TOML_IMPLIED		/* by [a.b] or a.b = 1; for an array: by its
				 * [[headers]] */
};

/* A value, the root table, or an element.  Borrowed until the next edit. */
struct toml_node {
	enum toml_type type;
	enum toml_form form;
	char *key;		/* null in arrays and for the root */
	char *text;		/* of a string, decoded; else the value as
				 * written (not for tables and arrays) */
	size_t text_len;
	int64_t integer;
	double number;		/* of integers too */
	bool boolean;
	size_t start, end;	/* bytes of the value, or of a header */
	size_t from, to;	/* bytes of the whole item: key to value */
	size_t line, column;	/* where its key (or value) is, from 1 */
	struct toml_node *parent, *child, *last, *next;
};

struct toml_error {
	size_t line, column;	/* from 1; column in characters */
	char *text;
};

struct toml {
	struct buf text;	/* the document */
	struct toml_node *root;
	struct toml_error *errors;	/* in the document's order */
	size_t error_count;
	bool broken;		/* an error swallowed what follows it:
				 * editing is refused */
	bool crlf;		/* lines end as on Windows */
};

/* Parse a copy of the text.  Never null; see ->errors. */
struct toml *toml_new(const char *text, size_t len);
void toml_free(struct toml *);

/* The member of a table by key, or null; `table` may be null. */
const struct toml_node *toml_member(const struct toml_node *table,
    const char *key);

/* The node at a path of keys that ends with null, from the root. */
const struct toml_node *toml_find(const struct toml *,
    const char *const *path);

/* The edits below change ->text and parse it anew.  They return false and
 * change nothing when the document is broken, or says what is to be changed
 * in a form that they do not edit. */

/* Give the key at a path a value (TOML text).  A new key of the root goes
 * behind a comment "# key =" when there is one, else behind the root's last
 * key; a new table is added at the end as [a.b]. */
bool toml_set(struct toml *, const char *const *path, const char *value);

/* Remove a key with its line, or a table with its section. */
bool toml_unset(struct toml *, const char *const *path);

/* Rename a table written as [a.old]. */
bool toml_rename(struct toml *, const char *const *path, const char *name);

/* Add an element with `count` keys to an array of tables in the root, and
 * remove the element of an index. */
bool toml_append(struct toml *, const char *array, size_t count,
    const char *const *keys, const char *const *values);
bool toml_drop(struct toml *, const char *array, size_t index);

/* Append a text as a quoted string, and a key with quotes if it needs
 * them.  What is not UTF-8 becomes U+FFFD. */
void toml_quote(struct buf *, const char *text);
void toml_quote_key(struct buf *, const char *key);

#endif
