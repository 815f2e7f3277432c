/* SPDX-License-Identifier: MIT
 *
 * Copying to the clipboard: through the terminal (OSC 52), or by a program
 * that does it (wl-copy, xclip, xsel, pbcopy).  Never waits for either.
 */
#ifndef TUIVIEW_CLIPBOARD_H
#define TUIVIEW_CLIPBOARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/buf.h"

/* Terminals refuse longer ones. */
enum { CLIPBOARD_LONGEST = 74994 };

/* What stands between us and the terminal. */
enum clipboard_within { WITHIN_NOTHING, WITHIN_TMUX, WITHIN_SCREEN };

/* By TMUX and STY. */
enum clipboard_within clipboard_within(void);

/* Append the OSC 52 sequence that copies the text, wrapped for what hands it
 * on to the terminal.  False when the text is too long. */
bool clipboard_osc52(struct buf *, const char *text, size_t len,
    enum clipboard_within);

/* A copying program under way. */
struct clipboard {
	pid_t pid;		/* 0: none */
	int input, errors;	/* its ends, -1: closed */
	struct buf text;	/* what it is still to read */
	const char *program;	/* for messages */
	struct buf message;	/* what it complained */
	uint64_t deadline;	/* of clock_ms() */
};

enum clipboard_state { CLIPBOARD_BUSY, CLIPBOARD_DONE, CLIPBOARD_FAILED };

/* The program that serves here, by WAYLAND_DISPLAY, DISPLAY, the system and
 * the absolute directories of PATH; null when there is none: then OSC 52 is
 * the way. */
const char *clipboard_program(void);

/* Start the program on the text; its output and errors do not reach the
 * terminal.  False with errno when it cannot be started.  The struct is
 * zero or done with before. */
bool clipboard_start(struct clipboard *, const char *program,
    const char *text, size_t len);

/* Go on without waiting; call it from the event loop (every 50 ms or so)
 * until it is no longer busy.  On failure ->message has the reason; a program
 * that takes longer than 2 s is ended. */
enum clipboard_state clipboard_step(struct clipboard *);

/* End the program if it still runs, and free what is held. */
void clipboard_done(struct clipboard *);

#endif
