/* SPDX-License-Identifier: MIT
 *
 * Steps back: each time of records has a stream time in the newest era that
 * had it, against a search through all eras; and at the bound of steps.
 *
 * uses: flowagg/steps.c
 */
#include <stdio.h>
#include <stdlib.h>

#include "flowagg/steps.h"

enum { STREAMS = 300, MOST = 60 };

static int failures;

static void
expect(const char *what, uint64_t got, uint64_t want)
{
	if (got == want || failures++ > 10)
		return;
	fprintf(stderr, "steps: %s: %llu, not %llu\n", what,
	    (unsigned long long)got, (unsigned long long)want);
}

static uint64_t
random_below(uint64_t *state, uint64_t n)
{
	*state = *state * 6364136223846793005 + 1442695040888963407;
	return (*state >> 33) % n;
}

/* What stands for itself: where each era began, in times of records. */
static uint64_t begun[MOST + 1], offsets[MOST + 1];

static uint64_t
newest(unsigned count, uint64_t ts)
{
	while (begun[count] > ts)
		count--;
	return ts + offsets[count];
}

/* From era to era time goes on by up to `on` and back by up to `back`. */
static void
stream(uint64_t *state, uint64_t on, uint64_t back)
{
	struct steps s = { 0 };
	uint64_t now = 5000, latest = now;
	unsigned count = 1 + (unsigned)random_below(state, MOST);
	for (unsigned i = 1; i <= count; i++) {
		now += random_below(state, on) + 1;
		uint64_t ts = now - offsets[i - 1];
		latest = ts > latest ? ts : latest;
		ts -= 1 + random_below(state, ts < back ? ts : back);
		begun[i] = ts;
		offsets[i] = now - ts;
		steps_add(&s, now, offsets[i - 1], offsets[i]);
	}
	for (uint64_t ts = 0; ts < latest; ts += 1 + latest / 2000) {
		uint64_t at = steps_newest(&s, ts);
		expect("the newest", at, newest(count, ts));
		if (at < now)
			expect("shown", at - steps_offset(&s, at,
			    offsets[count]), ts);
	}
	steps_done(&s);
}

/* Each era begins 1 later than the one before it (a saw), or sooner. */
static void
bound(unsigned on)
{
	struct steps s = { 0 };
	uint64_t now = 1000000000, offset = 0;
	for (unsigned i = 0; i < TIME_STEPS * 2 + 1000; i++) {
		now += on;
		steps_add(&s, now, offset, offset + 2);
		offset += 2;
		if (s.count > TIME_STEPS || s.era_count > s.count + 1)
			expect("few", s.count, TIME_STEPS);
	}
	expect("the last", steps_last(&s), now);
	uint64_t begin = now - offset;
	for (unsigned back = 1; back < 100; back++) {
		uint64_t at = steps_newest(&s, begin - back);
		expect("of many", at - steps_offset(&s, at, offset),
		    begin - back);
	}
	uint64_t first = s.list[0].at - s.list[0].before;
	for (uint64_t ts = first - 100; ts < first; ts++) {
		uint64_t at = steps_newest(&s, ts);
		expect("of the first left", at - steps_offset(&s, at, offset),
		    ts);
	}
	steps_done(&s);
}

static void
from_nothing(void)
{
	struct steps s = { 0 };
	expect("no step", steps_last(&s), 0);
	expect("the only offset", steps_offset(&s, 7, 3), 3);
	steps_add(&s, 100, 0, 100);	/* to 0 */
	steps_add(&s, 200, 100, 200);	/* and once more */
	expect("to 0", steps_newest(&s, 0), 200);
	expect("behind 0", steps_newest(&s, 50), 250);
	steps_done(&s);
}

int
main(void)
{
	uint64_t state = 1;
	for (unsigned i = 0; i < STREAMS; i++) {
		stream(&state, 1000, 100);
		stream(&state, 100, 1000);
		stream(&state, 100, 100);
	}
	bound(1);
	bound(2);
	bound(3);
	from_nothing();
	return failures > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
