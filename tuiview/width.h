/* SPDX-License-Identifier: MIT
 *
 * How many cells a character takes on a terminal, the same on every
 * machine: not asked of the locale.
 */
#ifndef TUIVIEW_WIDTH_H
#define TUIVIEW_WIDTH_H

#include <stdint.h>

/* 0 for a combining character, 2 for a wide one (East Asian Wide and
 * Fullwidth of UAX #11, emoji shown as pictures), else 1. */
int width_of(uint32_t c);

#endif
