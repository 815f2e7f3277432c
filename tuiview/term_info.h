/* SPDX-License-Identifier: MIT
 *
 * What terminfo tells of the terminal.  The only module that knows curses.
 */
#ifndef TUIVIEW_TERM_INFO_H
#define TUIVIEW_TERM_INFO_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/buf.h"
#include "tuiview/term_draw.h"

/* Read the description of the terminal that TERM names.  False with a
 * message in why. */
bool term_info_open(int fd, char *why, size_t size);
void term_info_close(void);

/* How many colours it tells of (1 << 24 for direct colour). */
int term_info_colours(void);

/* A capability by its name, as "rmcup". */
bool term_info_has(const char *name);
void term_info_add(struct buf *, const char *name);

/* Does Shift-Tab send an Escape and a Tab, as on the Linux console? */
bool term_info_tab_turns(void);

/* What moves the cursor to a cell; valid until the next call. */
const char *term_info_place(int x, int y);

/* What drawing can make use of; the texts last until term_info_close(). */
void term_info_drawing(struct draw_caps *);

#endif
