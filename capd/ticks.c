/* SPDX-License-Identifier: MIT
 *
 * Ticks in packet time.
 */
#include "capd/ticks.h"

#include "lib/rarely.h"

enum { LATE_PACKETS = 10 };

static const uint64_t SECOND = 1000000000;

/* The whole second behind `ts`. */
static uint64_t
after(uint64_t ts)
{
	return ts - ts % SECOND + SECOND;
}

void
ticks_start(struct ticks *t, uint64_t ts)
{
	*t = (struct ticks){ .last = ts, .next = after(ts), .newest = ts };
}

static enum ticks_due RARELY
late(struct ticks *t, uint64_t ts)
{
	if (++t->late < LATE_PACKETS)
		return t->late == 1 ? TICKS_LATE : TICKS_NONE;
	ticks_start(t, ts);
	return TICKS_BACK;
}

enum ticks_due
ticks_packet(struct ticks *t, uint64_t ts)
{
	if (ts < t->last && t->last - ts > SECOND)
		return late(t, ts);
	t->late = 0;
	if (ts > t->newest)
		t->newest = ts;
	if (ts < t->next)
		return TICKS_NONE;
	t->last = ts - ts % SECOND;
	t->next = after(ts);
	return TICKS_TICK;
}

bool
ticks_clock(struct ticks *t, uint64_t ts)
{
	if (ts <= t->last)
		return false;
	t->last = ts;
	if (ts >= t->next)
		t->next = after(ts);
	return true;
}

uint64_t
ticks_end(const struct ticks *t)
{
	return t->newest > t->last ? t->newest : t->last;
}
