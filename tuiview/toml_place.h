/* SPDX-License-Identifier: MIT
 *
 * Where things are in a document, and where new ones go.  For toml_edit.c;
 * nobody else needs this.  A place is a byte of the text.
 */
#ifndef TUIVIEW_TOML_PLACE_H
#define TUIVIEW_TOML_PLACE_H

#include "tuiview/toml.h"

/* Bytes of the mark that some editors put before UTF-8. */
size_t toml_mark_length(const struct toml *);

/* The start of the line a byte is in, and of the line behind it. */
size_t toml_line_start(const struct toml *, size_t at);
size_t toml_line_behind(const struct toml *, size_t at);

/* The last byte of a table's own keys, dotted ones too; 0: none. */
size_t toml_last_byte(const struct toml_node *table);

/* Where the section of a header ends: at the next header's comments. */
size_t toml_section_end(const struct toml *, const struct toml_node *header);

/* Behind a line of the root that says "# key ="; 0: there is none. */
size_t toml_commented(const struct toml *, const char *key);

/* Where a new key of the root goes. */
size_t toml_root_place(const struct toml *, const char *key);

#endif
