/* SPDX-License-Identifier: MIT
 *
 * What is missing, in words: each once on standard error, and in one line for
 * every snapshot.  Nothing is said before degraded_speak(), at the first
 * snapshot: where there is none, a stage before has something more important
 * to say.
 */
#ifndef PROCMAP_DEGRADED_H
#define PROCMAP_DEGRADED_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/buf.h"

struct degraded {
	char line[512];		/* "; " between */
	size_t lasting;		/* so much of that; the rest, the last poll's
				 * problem, may pass */
	char problem[256];	/* of a poll, told last */
	struct buf untold;	/* lines for standard error */
	bool told;		/* they were; it is spoken at once */
};

/* It stays so. */
void degraded_note(struct degraded *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* What the last poll lacked; "": nothing. */
void degraded_poll(struct degraded *, const char *problem);

void degraded_speak(struct degraded *);
void degraded_done(struct degraded *);

#endif
