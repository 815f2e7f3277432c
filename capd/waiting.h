/* SPDX-License-Identifier: MIT
 *
 * What a capture child waits for: packets, its keeper, the next tick.
 *
 * Each wakeup costs this process and the reader of the records more than
 * hundreds of packets do.  So while packets come, the child rests from one
 * look to the next tick, but for less where the kernel's buffer could fill
 * meanwhile, as fast as packets came in that look, or a packet may not wait so
 * long.  After a tick without packets it waits for the first.
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
};

/* Wait; ->fds tell what for. */
void waiting_wait(struct waiting *, struct capture *);

#endif
