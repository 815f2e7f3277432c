/* SPDX-License-Identifier: MIT
 *
 * What must hold of every snapshot, however hostile the records were.
 */
#ifndef TESTS_FUZZ_FLOWAGG_H
#define TESTS_FUZZ_FLOWAGG_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "flowagg/aggregate.h"
#include "flowagg/report.h"
#include "lib/json_read.h"

static void
require(bool good)
{
	if (!good)
		abort();
}

/* All less shown less expired is the rest; an excess would be huge. */
static void
check_sums(const struct aggregate *a, const struct figures *f)
{
	const uint64_t absurd = (uint64_t)1 << 62;
	require(f->flow_count >= a->rank.shown.count);
	for (unsigned way = 0; way < 2; way++) {
		require(f->other.bytes[way] < absurd);
		require(f->other.packets[way] < absurd);
		require(f->other.delta[way] < absurd);
		for (unsigned w = 0; w < RATE_WINDOWS; w++)
			require(f->other.windows[w][way] < absurd);
		if (f->flow_count == a->rank.shown.count)
			require(f->other.bytes[way] == 0 &&
			    f->other.packets[way] == 0 &&
			    f->other.delta[way] == 0);
	}
}

/* Write the snapshot in each form; the JSON must be JSON. */
static void
check_snapshot(void *context, struct aggregate *a, uint64_t at, bool last)
{
	struct report_sink sink = { 0 };
	struct json j = { 0 };
	struct figures f;
	(void)context;
	report_figures(a, at, last, &f);
	check_sums(a, &f);
	report_json(a, &f, &sink);
	require(sink.buf.len > 0 && json_parse(&j, sink.buf.data,
	    sink.buf.len - 1));
	json_done(&j);
	buf_reset(&sink.buf);
	report_text(a, &f, &sink);
	report_csv(a, &f, &sink);
	buf_done(&sink.buf);
}

#endif
