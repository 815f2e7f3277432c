/* SPDX-License-Identifier: MIT
 *
 * The terminal: started and restored, written to without waiting, read as
 * events.  The only module that knows termios.
 *
 * There is one terminal, so there is one state, inside.
 */
#ifndef TUIVIEW_TERM_H
#define TUIVIEW_TERM_H

#include <stdbool.h>
#include <stddef.h>

#include "tuiview/grid.h"
#include "tuiview/input_decode.h"
#include "tuiview/theme.h"

/* Open the controlling terminal and read its description; changes nothing
 * on it.  False with a message in why. */
bool term_open(char *why, size_t size);

/* Are we in the foreground?  Otherwise what is typed and shown there is
 * another's business. */
bool term_is_ours(void);

/* Is it one that takes no sequences, and gets each screen below the last? */
bool term_is_dumb(void);

/* Take the screen over, and give it back.  Stopping twice is fine, and
 * _stop() may be called from a signal handler. */
void term_start(void);
void term_stop(void);
void term_close(void);

/* Ask for mouse reports: off, buttons, or motion too. */
enum term_mouse { TERM_MOUSE_OFF, TERM_MOUSE_BUTTONS, TERM_MOUSE_MOTION };
void term_mouse(enum term_mouse);

void term_size(int *cols, int *rows);

/* To poll(2): for POLLIN, and for POLLOUT while term_busy(). */
int term_fd(void);
bool term_busy(void);

/* Write out what waits; false when the terminal is gone. */
bool term_flush(void);

/* Bring the screen to this grid: only what changed is sent. */
void term_draw(const struct grid *, const struct palette *);

/* Forget what the screen shows: the next drawing sends all of it. */
void term_forget(void);

/* Bytes as they are, behind what waits. */
void term_write(const void *bytes, size_t len);

/* Read what was typed; false when the terminal is gone. */
bool term_read(void);

/* The next event of what was read. */
bool term_event(struct event *);

/* An Escape waits for more; with term_timeout() it is the key. */
bool term_waits(void);
void term_timeout(void);

#endif
