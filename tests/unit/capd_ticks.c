/* SPDX-License-Identifier: MIT
 *
 * Ticks: at whole seconds, one for a gap, never back but for good.
 *
 * uses: capd/ticks.c
 */
#include <stdio.h>
#include <stdlib.h>

#include "capd/ticks.h"
#include "tests/unit/expect.h"

static const uint64_t S = 1000000000;
static void
seconds(void)
{
	struct ticks t;
	ticks_start(&t, 10 * S + 5);
	equal("the first packet", ticks_packet(&t, 10 * S + 5), TICKS_NONE);
	equal("the same second", ticks_packet(&t, 11 * S - 1), TICKS_NONE);
	equal("the next one", ticks_packet(&t, 11 * S), TICKS_TICK);
	equal("its time", t.last, 11 * S);
	equal("a gap", ticks_packet(&t, 99 * S + 7), TICKS_TICK);
	equal("the time behind a gap", t.last, 99 * S);
	equal("no second one", ticks_packet(&t, 99 * S + 8), TICKS_NONE);
	equal("the end", ticks_end(&t), 99 * S + 8);
}

static void
steps_back(void)
{
	struct ticks t;
	ticks_start(&t, 100 * S);
	equal("the first late", ticks_packet(&t, 50 * S), TICKS_LATE);
	for (int i = 0; i < 8; i++)
		equal("late", ticks_packet(&t, 50 * S), TICKS_NONE);
	equal("one in time", ticks_packet(&t, 100 * S + 1), TICKS_NONE);
	equal("the first again", ticks_packet(&t, 50 * S), TICKS_LATE);
	for (int i = 0; i < 8; i++)
		equal("late again", ticks_packet(&t, 50 * S), TICKS_NONE);
	equal("for good", ticks_packet(&t, 50 * S + 3), TICKS_BACK);
	equal("from there", t.last, 50 * S + 3);
	equal("and on", ticks_packet(&t, 51 * S), TICKS_TICK);
	equal("the end is here", ticks_end(&t), 51 * S);
	/* The tick was at 51 s: a second is not more than one. */
	for (int i = 0; i < 100; i++)
		equal("a little late", ticks_packet(&t, 50 * S), TICKS_NONE);
	equal("more than that", ticks_packet(&t, 50 * S - 1), TICKS_LATE);
}

static void
clock_between(void)
{
	struct ticks t;
	ticks_start(&t, 10 * S);
	equal("not before", ticks_clock(&t, 10 * S), false);
	equal("a while later", ticks_clock(&t, 10 * S + 5), true);
	equal("not twice", ticks_clock(&t, 10 * S + 5), false);
	equal("over a second", ticks_clock(&t, 12 * S + 5), true);
	equal("told already", ticks_packet(&t, 12 * S + 6), TICKS_NONE);
	equal("the next", ticks_packet(&t, 13 * S), TICKS_TICK);
}

static void
extremes(void)
{
	struct ticks t;
	ticks_start(&t, 0);
	equal("the largest time", ticks_packet(&t, UINT64_MAX), TICKS_TICK);
	ticks_packet(&t, UINT64_MAX);
	equal("stays", ticks_end(&t), UINT64_MAX);
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
