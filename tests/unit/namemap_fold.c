/* SPDX-License-Identifier: MIT
 *
 * Flows leave a snapshot and its sums stay right.
 *
 * uses: namemap/fold.c
 */
#include <stdio.h>
#include <string.h>

#include "namemap/fold.h"

static int failures;

static bool
is_taken(void *arg, const struct snapshot_flow *f)
{
	return strchr(arg, (int)('0' + f->id)) != NULL;
}

/* Take the flows whose ids are in `ids`. */
static void
check(const char *in, const char *ids, size_t count, const char *expected)
{
	struct snapshot s = { 0 };
	struct buf out = { 0 };
	char arg[8];
	snprintf(arg, sizeof(arg), "%s", ids);
	if (!snapshot_read(&s, in, strlen(in))) {
		printf("namemap_fold: %s\n", s.error);
		failures++;
	}
	size_t got = fold_flows(&s, is_taken, arg, &out);
	if (got != count || strcmp(buf_text(&out), expected) != 0) {
		printf("namemap_fold: took %zu of [%s]:\n%s\n", got, ids,
		    buf_text(&out));
		failures++;
	}
	snapshot_done(&s);
	buf_done(&out);
}

#define TOP "{\"schema\":1,\"type\":\"snapshot\",\"ts\":5,"
#define ONE "{\"id\":1,\"sent_2s\":1,\"total_sent\":10,\"peak_sent\":3}"
#define TWO "{\"id\":2,\"sent_2s\":2,\"total_sent\":20,\"peak_sent\":4}"
#define TRE "{ \"total_sent\" : 40, \"id\" : 3 }"

int
main(void)
{
	static const char in[] = TOP "\"flows_shown\":3,\"other\":{\"flows\":7,"
	    "\"total_sent\":100,\"sent_2s\":1000,\"peak_sent\":9},"
	    "\"x\":[1, 2],\"flows\":[" ONE "," TWO ", " TRE " ],\"z\":1}";
	check(in, "", 0, "");
	check(in, "2", 1, TOP "\"flows_shown\":2,\"other\":{\"flows\":8,"
	    "\"total_sent\":120,\"sent_2s\":1002,\"peak_sent\":9},"
	    "\"x\":[1, 2],\"flows\":[" ONE ", " TRE " ],\"z\":1}");
	check(in, "1", 1, TOP "\"flows_shown\":2,\"other\":{\"flows\":8,"
	    "\"total_sent\":110,\"sent_2s\":1001,\"peak_sent\":9},"
	    "\"x\":[1, 2],\"flows\":[" TWO ", " TRE " ],\"z\":1}");
	check(in, "3", 1, TOP "\"flows_shown\":2,\"other\":{\"flows\":8,"
	    "\"total_sent\":140,\"sent_2s\":1000,\"peak_sent\":9},"
	    "\"x\":[1, 2],\"flows\":[" ONE "," TWO " ],\"z\":1}");
	check(in, "13", 2, TOP "\"flows_shown\":1,\"other\":{\"flows\":9,"
	    "\"total_sent\":150,\"sent_2s\":1001,\"peak_sent\":9},"
	    "\"x\":[1, 2],\"flows\":[" TWO " ],\"z\":1}");
	check(in, "123", 3, TOP "\"flows_shown\":0,\"other\":{\"flows\":10,"
	    "\"total_sent\":170,\"sent_2s\":1003,\"peak_sent\":9},"
	    "\"x\":[1, 2],\"flows\":[ ],\"z\":1}");
	/* Nowhere to put the figures: all stays. */
	check(TOP "\"flows\":[" ONE "]}", "1", 0, "");
	return failures != 0;
}
