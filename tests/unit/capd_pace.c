/* SPDX-License-Identifier: MIT
 *
 * The clock of a replay.
 *
 * uses: capd/pace.c
 */
#include <stdio.h>
#include <stdlib.h>

#include "capd/pace.h"
#include "tests/unit/expect.h"

static const uint64_t S = 1000000000;
static void
runs_at_a_speed(void)
{
	struct pace p;
	pace_start(&p, 2, 1000 * S, 5 * S);
	equal("at the start", pace_now(&p, 5 * S), 1000 * S);
	equal("two seconds on", pace_now(&p, 7 * S), 1004 * S);
	equal("ten to wait", pace_wait(&p, 1020 * S, 5 * S), 10 * S);
	equal("due", pace_wait(&p, 1003 * S, 7 * S), 0);
	pace_set_speed(&p, 0.5, 0, 7 * S);
	equal("goes on from where it was", pace_now(&p, 9 * S), 1005 * S);
	pace_set_speed(&p, 0, 0, 9 * S);
	equal("full speed waits for nothing",
	    pace_wait(&p, UINT64_MAX, 9 * S), 0);
	equal("and is off", pace_is_on(&p), false);
	pace_set_speed(&p, 1, 2000 * S, 10 * S);
	equal("from full speed: the packet's time", pace_now(&p, 11 * S),
	    2001 * S);
}

static void
stands_and_jumps(void)
{
	struct pace p;
	pace_start(&p, 1, 100 * S, 0);
	pace_pause(&p, true, 0, 2 * S);
	equal("paused", pace_now(&p, 50 * S), 102 * S);
	equal("never due", pace_wait(&p, 103 * S, 50 * S), UINT64_MAX);
	equal("what is due is", pace_wait(&p, 102 * S, 50 * S), 0);
	pace_step(&p, S, 0, 50 * S);
	equal("a step", pace_now(&p, 60 * S), 103 * S);
	pace_pause(&p, false, 0, 60 * S);
	equal("resumed", pace_now(&p, 61 * S), 104 * S);
	pace_step(&p, UINT64_MAX, 0, 61 * S);
	equal("a step too far", pace_now(&p, 61 * S), UINT64_MAX);
	pace_set_time(&p, 7 * S, 61 * S);
	equal("set", pace_now(&p, 62 * S), 8 * S);
	pace_start(&p, 0, 5 * S, 0);
	pace_pause(&p, true, 9 * S, 0);
	equal("paused at full speed", pace_wait(&p, 10 * S, 99 * S),
	    UINT64_MAX);
	equal("at the packet's time", pace_now(&p, 99 * S), 9 * S);
}

int
main(void)
{
	runs_at_a_speed();
	stands_and_jumps();
	return failures > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
