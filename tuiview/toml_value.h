/* SPDX-License-Identifier: MIT
 *
 * Between toml.c, which reads lines, toml_value.c, which reads what is
 * behind an equals sign, toml_string.c and toml_tree.c.  Nobody else needs
 * this.
 */
#ifndef TUIVIEW_TOML_VALUE_H
#define TUIVIEW_TOML_VALUE_H

#include "tuiview/toml.h"

enum { TOML_DEEPEST = 32 };	/* arrays and tables within each other */

struct toml_reader {
	struct toml *toml;
	const char *text;
	size_t len, at;
	bool failed;		/* in this line */
	struct toml_node *pair;	/* of this line, once its value begins */
	size_t counted, line, column;	/* for locating */
};

/* A node at the end of a parent's, or alone; without its children; freed. */
struct toml_node *toml_node_new(struct toml_node *parent, enum toml_type);
void toml_node_empty(struct toml_node *);
void toml_node_free(struct toml_node *);

/* As toml_member(), to be changed. */
struct toml_node *toml_node_member(const struct toml_node *table,
    const char *key);

/* Note what is wrong at a place, once a line. */
void toml_fail(struct toml_reader *, size_t at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Where a node is, for people; they are asked for from front to back. */
void toml_locate(struct toml_reader *, struct toml_node *, size_t at);

/* The byte so far ahead, or -1. */
int toml_peek(const struct toml_reader *, size_t ahead);

/* Over spaces and tabs; over a comment up to its newline. */
void toml_blanks(struct toml_reader *);
void toml_comment(struct toml_reader *);

/* The value of a hexadecimal digit, or -1. */
int toml_hex_digit(int c);

/* Read a quoted string, decoded, into the buffer; only of one line when
 * it is a key. */
bool toml_string(struct toml_reader *, struct buf *, bool is_key);

/* Read a value into the node, or fail. */
void toml_value(struct toml_reader *, struct toml_node *, int depth);

/* Read key = value into the table; add an element to an array. */
void toml_pair(struct toml_reader *, struct toml_node *table, int depth);
struct toml_node *toml_element(struct toml_node *array);

/* Parse ->text again after it was changed. */
void toml_parse(struct toml *);

#endif
