/* SPDX-License-Identifier: MIT
 *
 * Signals as bytes to read, so that the event loop meets them in its turn.
 */
#ifndef TUIVIEW_SIGNALS_H
#define TUIVIEW_SIGNALS_H

#include <stddef.h>

/* Catch what concerns a screen; exits on failure.  `rescue` is called, in
 * the handler, before a signal that is our own fault ends the program. */
void signals_start(void (*rescue)(void));

/* Catch one again that was let through. */
void signals_catch(int number);

/* To poll(2) for POLLIN. */
int signals_fd(void);

/* The numbers of those that came, oldest first; returns how many. */
size_t signals_take(unsigned char *numbers, size_t size);

#endif
