/* SPDX-License-Identifier: MIT
 *
 * The capture child: opens handles, gives up all privilege, enters the
 * sandbox, and only then looks at a packet.
 */
#ifndef CAPD_CHILD_H
#define CAPD_CHILD_H

#include <stdbool.h>

#include "capd/capd.h"
#include "capd/settings.h"
#include "capd/shared.h"

/* ms between ticks: no more than 100 where packets may wait for less than
 * 130, and more than SOURCE_HOLD; else so that a packet that comes just after
 * one goes on in time with the next.  Each tells of a whole multiple of it:
 * with 200 or 1000, a snapshot that is due then comes at once. */
static inline unsigned
child_tick(const struct capd *c)
{
	return c->latency < 130 ? 80 : c->latency - 50;
}

struct child_start {
	const struct capd *capd;
	const struct settings *settings;
	struct shared *shared;
	int keeper;		/* our end of the socket pair */
	bool partly;		/* go on when only some interfaces open */
	bool privileged;	/* as the keeper still is, before it opens -w */
	int file;		/* of -w; -1: none, or comes with TALK_FILE */
	int file_linktype;	/* DLT_ value; -1: of what opens first */
};

/* Run in a process of its own; never returns. */
void child_run(const struct child_start *) __attribute__((noreturn));

#endif
