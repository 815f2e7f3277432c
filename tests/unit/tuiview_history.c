/* SPDX-License-Identifier: MIT
 *
 * The past of flows over what happens to streams: clocks that are set, other
 * sessions, the same recording again.
 *
 * uses: tuiview/model_ended.c tuiview/model_flows.c tuiview/model_keys.c tuiview/model_texts.c tuiview/text.c tuiview/width.c tuiview/model_history.c
 */
#include <stdio.h>
#include <string.h>

#include "tuiview/model_history.h"

static int failures;

static void
is(long long got, long long want, const char *what)
{
	if (got != want) {
		printf("%s: %lld, want %lld\n", what, got, want);
		failures++;
	}
}

enum { HOUR = 3600 };	/* seconds */

/* What came of the second `second` of a stream whose clock shows `clock`: one
 * flow, 1000 bytes and 10 packets a second.  True: it began another run. */
static bool
add(struct history *h, const char *session, uint64_t second, uint64_t clock)
{
	struct flow flow = { .id = 5, .first_seen = 1, .n = {
		.total_sent = second * 1000, .packets_sent = second * 10 } };
	struct flows f = { .seq = second, .ts = clock * 1000, .interval = 1,
		.elapsed = (double)second, .total = flow.n, .flow_count = 1,
		.list = &flow, .count = 1 };
	snprintf(f.session, sizeof(f.session), "%s", session);
	return history_add(h, &f);
}

/* Ten seconds, five of them before and five after the clock was set. */
static void
test_clock(uint64_t set_to, const char *what)
{
	struct history h = { .size = 0 };
	uint64_t sent[WINDOWS], recv[WINDOWS], peak;
	struct figures n = { .total_sent = 0 };
	float samples[HISTORY];
	for (uint64_t i = 1; i <= 5; i++)
		add(&h, "s", i, HOUR + i);
	for (uint64_t i = 6; i <= 10; i++)
		is(add(&h, "s", i, set_to + i), 0, what);
	is(history_samples(&h, 5, samples), 9, "no sample is lost");
	for (int i = 0; i < 9; i++)
		is((long long)samples[i], 1000, what);
	history_packets(&h, 5, sent, recv);
	is((long long)sent[1], 10 * HISTORY_PARTS, "packets of 10 s");
	is((long long)history_span(&h, 9), 9, "seconds");
	history_totals(&h, &n, &peak);
	is((long long)peak, 10, "the peak");
	history_done(&h);
}

/* Nothing is known of what was not seen to come. */
static void
test_watched(void)
{
	struct history h = { .size = 0 };
	uint64_t sent[WINDOWS], recv[WINDOWS];
	add(&h, "s", 8, HOUR + 8);
	is(history_packets(&h, 5, sent, recv), 0, "at the first look");
	is((long long)sent[0], 0, "no rate");
	add(&h, "s", 9, HOUR + 9);
	is(history_packets(&h, 5, sent, recv), 1, "at the second");
	is((long long)sent[0], 10 * HISTORY_PARTS, "its rate");
	is(history_packets(&h, 6, sent, recv), 0, "another flow");
	history_done(&h);
}

static void
test_runs(void)
{
	struct history h = { .size = 0 };
	float samples[HISTORY];
	is(add(&h, "s", 1, HOUR + 1), 1, "the first");
	is(add(&h, "s", 2, HOUR + 2), 0, "the next");
	is(add(&h, "s", 2, HOUR + 2), 0, "the same again");
	is(add(&h, "t", 3, HOUR + 3), 1, "another session");
	is(history_samples(&h, 5, samples), 0, "its past");
	is(add(&h, "t", 4, HOUR + 4), 0, "and on");
	is(add(&h, "t", 1, HOUR + 1), 1, "a recording from its beginning");
	is(add(&h, "t", 2, HOUR + 5), 0, "skipped ones");
	history_done(&h);
}

/* Snapshots of another program may have no numbers: the clock has to do. */
static void
test_without_numbers(void)
{
	struct history h = { .size = 0 };
	struct flows f = { .session = "s", .interval = 1 };
	static const struct { uint64_t ts; bool another; } steps[] = {
		{ 5000, true }, { 6000, false }, { 6000, false },
		{ 5000, true }, { 7000, false },
	};
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		f.ts = steps[i].ts;
		is(history_add(&h, &f), steps[i].another, "without numbers");
	}
	history_done(&h);
}

/* Of the first snapshot all that came before, or else one interval. */
static void
test_first(void)
{
	static const struct { double elapsed; int ms; } cases[] = {
		{ 0, 5000 }, { 0.5, 500 }, { 5, 5000 }, { 9.5, 9500 },
		{ 10, 5000 }, { 100, 5000 },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct history h = { .size = 0 };
		struct flows f = { .session = "s", .seq = 7, .ts = 1000000,
			.interval = 5, .elapsed = cases[i].elapsed };
		history_add(&h, &f);
		is((long long)(history_span(&h, 1) * 1000), cases[i].ms,
		    "the first snapshot's time");
		history_done(&h);
	}
}

/* What is paused may never have had a flow. */
static void
test_copy(void)
{
	struct history h = { .size = 0 }, copy = { .size = 0 };
	struct flows f = { .seq = 1, .ts = 1000, .interval = 1 };
	float samples[HISTORY];
	history_add(&h, &f);
	history_copy(&copy, &h);
	is(history_samples(&copy, 5, samples), 0, "no flow");
	for (uint64_t i = 2; i <= 4; i++)
		add(&h, "", i, i);
	history_copy(&copy, &h);
	is(history_samples(&copy, 5, samples), 4, "a copy");
	history_done(&copy);
	history_done(&h);
}

/* Seconds of a stream whose totals begin at 0 with the third: many small
 * packets before, fewer in more bytes since. */
static void
test_reset(void)
{
	struct history h = { .size = 0 };
	uint64_t sent[WINDOWS], recv[WINDOWS], peak;
	struct figures n = { .total_sent = 0 };
	float samples[HISTORY];
	static const struct { uint64_t bytes, packets; } seconds[] = {
		{ 0, 0 }, { 6000, 100 }, { 7500, 5 }, { 9000, 6 },
	};
	for (uint64_t i = 0; i < 4; i++) {
		struct flow flow = { .id = 5, .first_seen = 1, .n = {
			.total_recv = seconds[i].bytes,
			.packets_recv = seconds[i].packets } };
		struct flows f = { .seq = i + 1, .ts = HOUR + i * 1000,
			.interval = 1, .elapsed = (double)i + 1,
			.total = flow.n, .flow_count = 1, .list = &flow,
			.count = 1 };
		history_add(&h, &f);
	}
	history_packets(&h, 5, sent, recv);
	is((long long)recv[0], 3 * HISTORY_PARTS, "packets since");
	is((long long)recv[1], (100 + 6) * HISTORY_PARTS / 3, "and before");
	is(history_samples(&h, 5, samples), 3, "samples over a reset");
	is((long long)samples[1], 7500, "all of them since");
	history_totals(&h, &n, &peak);
	is((long long)peak, 100, "the peak of packets");
	history_done(&h);
}

int
main(void)
{
	test_clock(HOUR, "a clock that runs");
	test_clock(0, "a clock set back");
	test_clock(HOUR - 1, "a clock set back by a second");
	test_clock(9 * HOUR, "a clock set ahead");
	test_watched();
	test_runs();
	test_without_numbers();
	test_first();
	test_copy();
	test_reset();
	return failures != 0;
}
