/* SPDX-License-Identifier: MIT
 *
 * Is this snapshot about the present of this machine?  Else today's processes
 * say nothing about it.
 */
#ifndef PROCMAP_ORIGIN_H
#define PROCMAP_ORIGIN_H

#include <stdint.h>

#include "lib/snapshot.h"
#include "procmap/match.h"

struct origin {
	char host[256];		/* of this machine */
};

void origin_init(struct origin *);

/* WHY_NONE, WHY_REPLAY or WHY_REMOTE.  A live snapshot that is older than
 * ORIGIN_OLD seconds (or three intervals) is a recording. */
enum { ORIGIN_OLD = 60 };
enum match_why origin_judge(const struct origin *, const struct snapshot *);

#endif
