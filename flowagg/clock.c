/* SPDX-License-Identifier: MIT
 *
 * Seconds and intervals of stream time.
 */
#include "flowagg/clock.h"

#include <stdio.h>
#include <string.h>

uint64_t
clock_next_multiple(uint64_t ns, uint64_t interval)
{
	uint64_t next = (ns / interval + 1) * interval;
	return next - ns < interval / 2 ? next + interval : next;
}

void
clock_start(struct aggregate *a, uint64_t ns)
{
	if (a->started)
		return;
	a->started = true;
	a->start = a->now = a->last_snapshot = ns;
	a->next_second = (ns / NS_PER_SECOND + 1) * NS_PER_SECOND;
	a->next_snapshot = clock_next_multiple(ns, a->settings.interval);
	aggregate_watch(a);
}

static void
look_for_alerts(struct aggregate *a, uint64_t at)
{
	uint64_t sums[RATE_WINDOWS][2] = { 0 };
	if (a->alerts.rule_count == 0)
		return;
	flows_post(aggregate_rows(a));
	totals_sums(&a->totals, clock_second(at), sums);
	alerts_look(&a->alerts, aggregate_rows(a), sums[0], a->start, at);
}

static void
forget_ended(struct aggregate *a)
{
	flows_forget_ended(aggregate_rows(a));
	if (aggregate_rows(a) != &a->flows)
		flows_forget_ended(&a->flows);
}

/* The flows whose time is up end now, so that this snapshot says so. */
static void
expire(struct aggregate *a, uint64_t at)
{
	struct flows *t = aggregate_rows(a);
	flows_expire(t, clock_second(at));
	for (uint32_t i = 0; i < t->ended_count; i++)
		alerts_flow_left(&a->alerts,
		    ledger_at(&t->ledger, t->ended[i])->id);
	if (t != &a->flows)
		flows_expire(&a->flows, clock_second(at));
}

void
clock_snapshot(struct aggregate *a, uint64_t at, bool last)
{
	a->seq++;
	if (!last && a->is_ready != NULL && !a->is_ready(a->context)) {
		a->skipped++;
		return;
	}
	if (!a->settings.final)
		expire(a, at);
	totals_peaks(&a->totals);
	a->tell(a->context, a, at, last);
	aggregate_forget_events(a);
	alerts_told(&a->alerts);
	flows_next_interval(aggregate_rows(a));
	memset(a->expired.delta, 0, sizeof(a->expired.delta));
	forget_ended(a);
	a->before = a->totals;
	a->last_snapshot = at;
}

/* Nothing in the table, in the windows or on alert: until traffic comes,
 * every snapshot would be the same.  Whoever watches an interface gets them
 * nevertheless, but not those of the hours in which the machine slept. */
static bool
is_quiet(const struct aggregate *a, uint64_t until)
{
	enum { AWAKE = 2 };	/* seconds between two ticks, at most */
	return (!a->source.live ||
	    until - a->now > (uint64_t)AWAKE * NS_PER_SECOND) &&
	    a->flows.count == 0 && aggregate_table(a)->count == 0 &&
	    a->alerts.count == 0 &&
	    a->now / NS_PER_SECOND > (uint64_t)a->totals.newest + RATE_SLOTS;
}

void
clock_advance(struct aggregate *a, uint64_t ns)
{
	while (a->next_second <= ns || a->next_snapshot <= ns) {
		if (a->next_second <= a->next_snapshot) {
			a->now = a->next_second;
			look_for_alerts(a, a->now);
			a->next_second += NS_PER_SECOND;
			continue;
		}
		a->now = a->next_snapshot;
		if (!a->settings.final)
			clock_snapshot(a, a->now, false);
		a->next_snapshot += a->settings.interval;
		if ((a->settings.final || is_quiet(a, ns)) &&
		    a->next_snapshot < ns) {
			if (a->next_second < ns)
				a->next_second = ns / NS_PER_SECOND *
				    NS_PER_SECOND;
			a->next_snapshot = (ns - 1) / a->settings.interval *
			    a->settings.interval + a->settings.interval;
		}
	}
	if (ns > a->now)
		a->now = ns;
}

uint64_t
aggregate_ms(const struct aggregate *a, uint64_t stream_ns)
{
	uint64_t offset = steps_offset(&a->steps, stream_ns, a->offset);
	/* On an interface, what was before the clock went back may lie before
	 * 1970. */
	return stream_ns > offset ? (stream_ns - offset) / NS_PER_MS : 0;
}

static uint64_t
up_to_ms(uint64_t ns)
{
	return (ns + NS_PER_MS - 1) / NS_PER_MS * NS_PER_MS;
}

void
clock_follow(struct aggregate *a, uint64_t ts)
{
	char text[96];
	uint64_t back = a->now - clock_time(a, ts);
	/* In a file, what came before the step keeps its time.  Flows know
	 * times to the millisecond, so the step takes one, to tell before
	 * from after. */
	uint64_t at = a->source.live ? a->now : up_to_ms(a->now + 1);
	uint64_t before = a->offset;
	a->offset = up_to_ms(at - ts);
	if (!a->source.live)
		steps_add(&a->steps, at, before, a->offset);
	snprintf(text, sizeof(text), "time went back by %llu.%03llu s; "
	    "averages go on without a gap",
	    (unsigned long long)(back / NS_PER_SECOND),
	    (unsigned long long)(back / NS_PER_MS % 1000));
	aggregate_event(a, "warn", "flowagg", text);
}
