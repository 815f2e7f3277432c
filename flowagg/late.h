/* SPDX-License-Identifier: MIT
 *
 * Packets that come more than a second late.  They may be the first behind a
 * step of the capturing host's clock, of which a tick tells a few packets
 * later: so they are held back, and counted once that shows, or time has gone
 * on without one.  In a stream without ticks, ten in a row are such a step.
 * Part of the aggregate.
 */
#ifndef FLOWAGG_LATE_H
#define FLOWAGG_LATE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/record.h"

struct aggregate;

enum { LATE_PACKETS = 10 };	/* as many as capd takes for a step back */

struct late {
	union record held[LATE_PACKETS];
	unsigned count;
	uint64_t others;	/* packets that were counted when they came */
	bool counting;		/* they are being counted now */
};

static const uint64_t LATE_HELD = UINT64_MAX;

/* A packet of this stream time, which lies before the present: the stream
 * time that it counts at, or LATE_HELD. */
uint64_t late_packet(struct aggregate *, const struct record_packet *,
    uint64_t ns);

/* A tick of this time: follow the clock if that was set back. */
void late_tick(struct aggregate *, uint64_t ts);

/* Count those that are held. */
void late_release(struct aggregate *);

#endif
