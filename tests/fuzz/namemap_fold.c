/* SPDX-License-Identifier: MIT
 *
 * Whatever comes as a snapshot: taking flows out of it, and annotating what
 * is left, gives a snapshot again, with so many flows less.
 *
 * uses: namemap/fold.c
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "lib/json_write.h"
#include "lib/snapshot.h"
#include "namemap/fold.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static bool
is_odd(void *arg, const struct snapshot_flow *f)
{
	(void)arg;
	return f->id % 2 == 1;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const char *const members[] = { "src_name", "pid", NULL };
	struct snapshot s = { 0 };
	struct snapshot_notes notes = { .name = "names", .members = members };
	struct buf folded = { 0 }, out = { 0 };
	if (snapshot_read(&s, (const char *)data, len)) {
		size_t before = s.flow_count;
		size_t taken = fold_flows(&s, is_odd, NULL, &folded);
		if (taken > 0 && (!snapshot_read(&s, folded.data,
		    folded.len) || s.flow_count != before - taken))
			abort();
		snapshot_notes_begin(&notes);
		for (size_t i = 0; i < s.flow_count; i++) {
			json_member_text(&notes.flows, "src_name", "n");
			snapshot_notes_next(&notes);
		}
		buf_add_text(&notes.object, "{}");
		size_t count = s.flow_count;
		snapshot_annotate(&s, &notes, &out);
		if (!snapshot_read(&s, out.data, out.len) ||
		    s.flow_count != count)
			abort();
	}
	snapshot_done(&s);
	snapshot_notes_done(&notes);
	buf_done(&folded);
	buf_done(&out);
	return 0;
}
