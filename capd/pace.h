/* SPDX-License-Identifier: MIT
 *
 * The clock of a replay: what time it is in the capture, given the real
 * time.  It runs at a speed, stands still, or jumps.  Pure.
 */
#ifndef CAPD_PACE_H
#define CAPD_PACE_H

#include <stdbool.h>
#include <stdint.h>

struct pace {
	double speed;		/* times real time; 0: as fast as possible */
	bool paused;
	uint64_t packet;	/* the time in the capture ... */
	uint64_t real;		/* ... at this real time */
};

/* All times are nanoseconds.  `packet` is the time in the capture now. */
void pace_start(struct pace *, double speed, uint64_t packet, uint64_t real);

/* The time in the capture. */
uint64_t pace_now(const struct pace *, uint64_t real);

/* How long until a packet of that time is due: 0 when it is, UINT64_MAX
 * when it never is unless something changes. */
uint64_t pace_wait(const struct pace *, uint64_t packet, uint64_t real);

/* Does a packet ever have to wait? */
static inline bool
pace_is_on(const struct pace *p)
{
	return p->speed != 0 || p->paused;
}

/* Change it; the clock goes on from where it is.  At full speed that is
 * `packet`, the time of the packet at hand. */
void pace_set_speed(struct pace *, double speed, uint64_t packet,
    uint64_t real);
void pace_pause(struct pace *, bool paused, uint64_t packet, uint64_t real);

/* Jump ahead by so many nanoseconds, also while paused. */
void pace_step(struct pace *, uint64_t by, uint64_t packet, uint64_t real);

/* The capture's own clock was set: it is `packet` now. */
void pace_set_time(struct pace *, uint64_t packet, uint64_t real);

#endif
