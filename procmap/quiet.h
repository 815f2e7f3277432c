/* SPDX-License-Identifier: MIT
 *
 * Whether a look at all sockets may be left out: most of what events do not
 * tell, that a socket is another process's now or nobody's, takes a process
 * that begins or ends.
 */
#ifndef PROCMAP_QUIET_H
#define PROCMAP_QUIET_H

#include <stdbool.h>
#include <stdint.h>

enum { QUIET_LONGEST = 30 };	/* seconds without a look */

struct quiet {
	const char *path;	/* as /proc/loadavg; null: that */
	char last[64];		/* how many there are, and the newest pid */
	unsigned turns;		/* in a row that found this */
	int64_t looked;		/* us since boot */
};

/* At a turn: nothing has changed for two turns, and somebody looked not long
 * ago.  (What ends is counted before its sockets are closed: so two.) */
bool quiet_is(struct quiet *, int64_t now);

/* A look begins. */
void quiet_looks(struct quiet *, int64_t now);

#endif
