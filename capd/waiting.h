/* SPDX-License-Identifier: MIT
 *
 * What a capture child waits for: packets, its keeper, the next tick.
 *
 * Each wakeup costs this process and the reader of the records more than
 * hundreds of packets do.  So where the kernel fills blocks of packets faster
 * than it would hand them over by the clock, the child rests between two
 * looks and takes several at once: never for longer than a packet may wait,
 * nor where the kernel's buffer could fill meanwhile.
 */
#ifndef CAPD_WAITING_H
#define CAPD_WAITING_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

#include "capd/capture.h"

enum { WAITING_KEEPER, WAITING_OUTPUT, WAITING_SOURCES };

struct waiting {
	struct pollfd fds[WAITING_SOURCES + SOURCE_INTERFACES];
	uint64_t since;		/* ms: what had come by then shows in fds */
	uint64_t tick_due;	/* ms */
	uint64_t look_at;	/* ms: when the last look was over */
	uint64_t packets;	/* counted until then */
	bool behind;		/* some source has more to read */
	bool busy;		/* blocks fill faster than they time out */
};

/* Wait; ->fds tell what for. */
void waiting_wait(struct waiting *, const struct capture *);

/* Is a tick due?  Or soon, and packets just came: both in one wakeup. */
bool waiting_is_tick(const struct waiting *, const struct capture *);

#endif
