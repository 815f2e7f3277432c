/* SPDX-License-Identifier: MIT
 *
 * Width and shortening of UTF-8 text, in cells of the screen.
 */
#ifndef TUIVIEW_TEXT_H
#define TUIVIEW_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/buf.h"

/* Cells a text takes. */
int text_width(const char *text);

/* Bytes of the whole characters in the first `most`: for "%.*s". */
int text_bytes(const char *text, int most);

/* Drop what there is of a last character that snprintf(3) has cut. */
void text_drop_half(char *text);

/* Shorten to at most `w` cells in the middle, so both ends survive; `out`
 * has `size` bytes. */
void text_elide(const char *text, int w, bool ascii, char *out, size_t size);

/* The same, dropping the front. */
void text_elide_left(const char *text, int w, bool ascii, char *out,
    size_t size);

/* Add a text as it can be shown: a dot stands for each byte that is no UTF-8 and
 * for each character of width_is_unsafe().  Cells that it takes. */
size_t text_add_shown(struct buf *, const char *text, size_t len);

#endif
