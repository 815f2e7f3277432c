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

/* ms between ticks; more than SOURCE_HOLD.  Each tells of a whole multiple of
 * it, so that a snapshot that is due then, as most are, comes at once. */
enum { CHILD_TICK = 200 };

struct child_start {
	const struct capd *capd;
	const struct settings *settings;
	struct shared *shared;
	int keeper;		/* our end of the socket pair */
	bool partly;		/* go on when only some interfaces open */
	int file;		/* of -w; -1: none */
};

/* Run in a process of its own; never returns. */
void child_run(const struct child_start *) __attribute__((noreturn));

#endif
