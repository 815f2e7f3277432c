/* SPDX-License-Identifier: MIT
 *
 * Is this a host name that may be shown?  Names come from strangers; what
 * passes here cannot move a cursor, end a string, or pose as an address.
 */
#ifndef NAMEMAP_HOSTNAME_H
#define NAMEMAP_HOSTNAME_H

#include <stdbool.h>
#include <stddef.h>

enum { HOSTNAME_TEXT = 256 };	/* the longest name and its NUL */

/* Copy the name, without a dot at its end.  False, leaving `name` empty,
 * unless it has 1 to 255 bytes, in labels of 1 to 63 bytes made of letters,
 * digits, '-', '_' and visible non-ASCII characters in valid UTF-8, does not
 * start with '-' and does not end in a label of digits only. */
bool hostname_check(const char *text, size_t len, char name[HOSTNAME_TEXT]);

#endif
