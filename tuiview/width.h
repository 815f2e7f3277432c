/* SPDX-License-Identifier: MIT
 *
 * How many cells a character takes on a terminal, the same on every
 * machine: not asked of the locale.
 */
#ifndef TUIVIEW_WIDTH_H
#define TUIVIEW_WIDTH_H

#include <stdbool.h>
#include <stdint.h>

/* 0 for a combining character, 2 for a wide one (East Asian Wide and
 * Fullwidth of UAX #11, emoji shown as pictures), else 1. */
int width_of(uint32_t c);

/* Does it show nothing, but change what others look like or where they stand?
 * Controls, marks of writing direction, joiners, variation selectors; and
 * what has no meaning that terminals agree on.  A dot stands for it. */
bool width_is_unsafe(uint32_t c);

#endif
