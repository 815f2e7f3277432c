/* SPDX-License-Identifier: MIT
 *
 * When to write a tick in a stream whose clock is its packets' time: at
 * each whole second that is crossed, one for any gap.  Pure.
 *
 * A tick promises that nothing earlier follows, so a packet that comes late
 * changes nothing.  When time steps back for good - a clock was set, files
 * were joined - ten packets in a row are more than a second late, and the
 * ticks go on from there.
 */
#ifndef CAPD_TICKS_H
#define CAPD_TICKS_H

#include <stdbool.h>
#include <stdint.h>

struct ticks {
	uint64_t last;		/* time of the last tick */
	uint64_t next;		/* a packet of this time makes one */
	uint64_t newest;	/* packet since the last step back */
	unsigned late;		/* packets in a row */
};

enum ticks_due { TICKS_NONE, TICKS_TICK, TICKS_LATE, TICKS_BACK };

/* All times are nanoseconds since 1970. */
void ticks_start(struct ticks *, uint64_t ts);

/* A packet, before it is written: a tick of ->last first?  TICKS_BACK: and
 * an event before it, since that is earlier than the tick before.  TICKS_LATE:
 * no tick, but if time has stepped back it was with this packet. */
enum ticks_due ticks_packet(struct ticks *, uint64_t ts);

/* The clock reads this, packet or not: is it later than the last tick?
 * Then a tick of that time is due and noted as written. */
bool ticks_clock(struct ticks *, uint64_t ts);

/* The time of the tick that ends the stream. */
uint64_t ticks_end(const struct ticks *);

#endif
