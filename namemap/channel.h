/* SPDX-License-Identifier: MIT
 *
 * Channels of c-ares, each with questions and sockets of its own, and their
 * sockets all together, for one poll(2).
 */
#ifndef NAMEMAP_CHANNEL_H
#define NAMEMAP_CHANNEL_H

#include <ares.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

#include "namemap/own.h"

enum { CHANNEL_SOCKETS = 256 };

struct channels;

struct channel {
	struct channels *all;
	ares_channel ares;
	bool up;		/* ->ares is there; who destroys it says so */
	bool is_busy;		/* the user's, for who asks one at a time */
};

/* All zero: none. */
struct channels {
	struct pollfd fds[CHANNEL_SOCKETS];
	struct channel *of[CHANNEL_SOCKETS];
	size_t count;
	struct own own;		/* all sockets, for telling our own flows */
};

/* Make a channel with these ARES_FLAG_s that asks the servers of
 * resolv.conf(5).  Both stay where they are.  A status of c-ares. */
int channel_start(struct channel *, struct channels *, int flags);

/* When it has to go on at the latest: lowers *ms, of which -1 is never. */
void channel_timeout(const struct channel *, int *ms);

/* Try again, or give up, what is due. */
void channel_go_on(struct channel *);

/* At most `room` descriptors, returns how many; and after poll(2). */
size_t channels_fds(const struct channels *, struct pollfd *, size_t room);
void channels_handle(struct channels *, const struct pollfd *, size_t count);

#endif
