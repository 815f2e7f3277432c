/* SPDX-License-Identifier: MIT
 *
 * A line of text being edited.
 */
#ifndef TUIVIEW_INPUT_LINE_H
#define TUIVIEW_INPUT_LINE_H

#include <stdbool.h>
#include <stddef.h>

#include "tuiview/input_decode.h"

enum { LINE_TEXT = 256 };

struct line {
	char text[LINE_TEXT];	/* UTF-8 */
	size_t len, cursor;	/* bytes */
	long recalled;		/* place in the history; -1: own text */
	char own[LINE_TEXT];	/* what was typed before recalling */
};

enum line_result { LINE_IGNORED, LINE_MOVED, LINE_CHANGED };

void line_set(struct line *, const char *text);

/* What was typed, without the blanks around it. */
void line_trimmed(const struct line *, char text[LINE_TEXT]);

/* Arrows, Home, End, Ctrl-A E B F H D W K U, Delete, Backspace, Up and Down
 * through the history, any character, and pasted ones (control characters
 * become blanks).  Enter and Escape are the caller's.  `history` gives the
 * n-th earlier text, newest first, null past the last; may be null. */
enum line_result line_event(struct line *, const struct event *,
    const char *(*history)(const void *context, size_t n),
    const void *context);

#endif
