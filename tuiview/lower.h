/* SPDX-License-Identifier: MIT
 *
 * Texts in lower case, so that they are compared without regard to it: ASCII
 * quickly, of the rest what the system knows of Unicode.
 */
#ifndef TUIVIEW_LOWER_H
#define TUIVIEW_LOWER_H

#include <stdbool.h>
#include <stddef.h>

/* Lower the ASCII letters of a text in place.  True when there was more than
 * ASCII in it. */
bool lower_ascii(char *text, size_t len);

/* Copy `len` bytes of UTF-8 in lower case, with a NUL behind them, into
 * `size` bytes, at least 1; cut between characters.  Returns the bytes before
 * the NUL, up to half as many again as there were.  Bytes that are no UTF-8
 * stay as they are. */
size_t lower_text(char *to, size_t size, const char *from, size_t len);

#endif
