/* SPDX-License-Identifier: MIT
 *
 * Late packets, and whether the clock was set back.
 */
#include "flowagg/late.h"

#include <string.h>

#include "flowagg/aggregate.h"
#include "flowagg/clock.h"
#include "flowagg/packets.h"

void
late_release(struct aggregate *a)
{
	struct late *l = &a->late;
	unsigned count = l->count;
	if (count == 0)
		return;
	l->count = 0;
	l->counting = true;
	packets_count(a, l->held, count);
	l->counting = false;
}

/* Where the clock was set back to, when `ts` is a time behind that: what is
 * held came before it. */
static uint64_t
earliest(const struct late *l, uint64_t ts)
{
	for (unsigned i = 0; i < l->count; i++)
		if (l->held[i].packet.ts < ts)
			ts = l->held[i].packet.ts;
	return ts;
}

/* Others came between: time did not step back with those that are held. */
static void
release_unless_in_a_row(struct aggregate *a)
{
	if (a->late.others != a->record_packets)
		late_release(a);
}

/* When a late packet of this stream time counts.  What lies before the last
 * step came before it, as far as can be told, and keeps its time.  But up to a
 * second is disorder right behind the step: as of long ago, such a packet
 * would be in no rate, and a flow that it begins over at once. */
static uint64_t
late_time(const struct aggregate *a, uint64_t ts, uint64_t ns)
{
	uint64_t step = steps_last(&a->steps);
	if (ns >= step)
		return ns;
	return ns + NS_PER_SECOND >= step ? step :
	    steps_newest(&a->steps, ts);
}

uint64_t
late_packet(struct aggregate *a, const struct record_packet *p, uint64_t ns)
{
	struct late *l = &a->late;
	if (l->counting || ns + NS_PER_SECOND >= a->now)
		return late_time(a, p->ts, ns);
	release_unless_in_a_row(a);
	l->others = a->record_packets;
	l->held[l->count++].packet = *p;
	if (l->count == LATE_PACKETS) {
		if (a->tick.kind == 0)	/* there are none to wait for */
			clock_follow(a, earliest(l, p->ts));
		late_release(a);
	}
	return LATE_HELD;
}

void
late_tick(struct aggregate *a, uint64_t ts)
{
	release_unless_in_a_row(a);
	if (clock_went_back(a, ts))
		clock_follow(a, earliest(&a->late, ts));
	late_release(a);
}
