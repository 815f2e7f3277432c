/* SPDX-License-Identifier: MIT
 *
 * Ticks: at whole seconds, one for a gap, never back but for good.
 *
 * uses: capd/ticks.c
 */
#include <stdio.h>
#include <stdlib.h>

#include "capd/ticks.h"

static const uint64_t S = 1000000000;
static int failures;

static void
expect(const char *what, uint64_t got, uint64_t want)
{
	if (got == want)
		return;
	printf("ticks: %s: %llu, not %llu\n", what, (unsigned long long)got,
	    (unsigned long long)want);
	failures++;
}

static void
seconds(void)
{
	struct ticks t;
	ticks_start(&t, 10 * S + 5);
	expect("the first packet", ticks_packet(&t, 10 * S + 5), TICKS_NONE);
	expect("the same second", ticks_packet(&t, 11 * S - 1), TICKS_NONE);
	expect("the next one", ticks_packet(&t, 11 * S), TICKS_TICK);
	expect("its time", t.last, 11 * S);
	expect("a gap", ticks_packet(&t, 99 * S + 7), TICKS_TICK);
	expect("the time behind a gap", t.last, 99 * S);
	expect("no second one", ticks_packet(&t, 99 * S + 8), TICKS_NONE);
	expect("the end", ticks_end(&t), 99 * S + 8);
}

static void
steps_back(void)
{
	struct ticks t;
	ticks_start(&t, 100 * S);
	expect("the first late", ticks_packet(&t, 50 * S), TICKS_LATE);
	for (int i = 0; i < 8; i++)
		expect("late", ticks_packet(&t, 50 * S), TICKS_NONE);
	expect("one in time", ticks_packet(&t, 100 * S + 1), TICKS_NONE);
	expect("the first again", ticks_packet(&t, 50 * S), TICKS_LATE);
	for (int i = 0; i < 8; i++)
		expect("late again", ticks_packet(&t, 50 * S), TICKS_NONE);
	expect("for good", ticks_packet(&t, 50 * S + 3), TICKS_BACK);
	expect("from there", t.last, 50 * S + 3);
	expect("and on", ticks_packet(&t, 51 * S), TICKS_TICK);
	expect("the end is here", ticks_end(&t), 51 * S);
	/* The tick was at 51 s: a second is not more than one. */
	for (int i = 0; i < 100; i++)
		expect("a little late", ticks_packet(&t, 50 * S), TICKS_NONE);
	expect("more than that", ticks_packet(&t, 50 * S - 1), TICKS_LATE);
}

static void
clock_between(void)
{
	struct ticks t;
	ticks_start(&t, 10 * S);
	expect("not before", ticks_clock(&t, 10 * S), false);
	expect("a while later", ticks_clock(&t, 10 * S + 5), true);
	expect("not twice", ticks_clock(&t, 10 * S + 5), false);
	expect("over a second", ticks_clock(&t, 12 * S + 5), true);
	expect("told already", ticks_packet(&t, 12 * S + 6), TICKS_NONE);
	expect("the next", ticks_packet(&t, 13 * S), TICKS_TICK);
}

static void
extremes(void)
{
	struct ticks t;
	ticks_start(&t, 0);
	expect("the largest time", ticks_packet(&t, UINT64_MAX), TICKS_TICK);
	ticks_packet(&t, UINT64_MAX);
	expect("stays", ticks_end(&t), UINT64_MAX);
}

int
main(void)
{
	seconds();
	steps_back();
	clock_between();
	extremes();
	return failures > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
