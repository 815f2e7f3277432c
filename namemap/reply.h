/* SPDX-License-Identifier: MIT
 *
 * What a source of names says in the end about an address it was asked for;
 * every question gets exactly one reply.
 */
#ifndef NAMEMAP_REPLY_H
#define NAMEMAP_REPLY_H

#include <stdint.h>

#include "lib/addr.h"

enum reply_kind {
	REPLY_NAME,		/* ->name, for ->ttl seconds */
	REPLY_NONE,		/* it has none; ->ttl seconds, 0: not said */
	REPLY_BAD,		/* an answer, but no name fit to show */
	REPLY_SILENT,		/* no answer, or a failing server */
	REPLY_WITHDRAWN,	/* the question was dropped by us */
};

struct reply {
	enum reply_kind kind;
	struct addr addr;
	const char *name;	/* borrowed for the call */
	uint32_t ttl;
};

/* Who gets the replies. */
struct reply_to {
	void (*take)(void *arg, const struct reply *);
	void *arg;
};

#endif
