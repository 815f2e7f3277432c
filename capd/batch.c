/* SPDX-License-Identifier: MIT
 *
 * Merging runs of records by time.
 */
#include "capd/batch.h"

void
batch_run(struct batch *b)
{
	if (b->runs > 0 && b->starts[b->runs - 1] == b->count)
		return;
	if (b->runs < SOURCE_INTERFACES)
		b->starts[b->runs++] = b->count;
}

void
batch_reset(struct batch *b)
{
	b->count = 0;
	b->runs = 0;
}

const struct record_packet *
batch_ordered(struct batch *b)
{
	unsigned at[SOURCE_INTERFACES];
	if (b->runs <= 1)
		return b->packets;
	b->starts[b->runs] = b->count;
	for (unsigned r = 0; r < b->runs; r++)
		at[r] = b->starts[r];
	for (unsigned n = 0; n < b->count; n++) {
		unsigned best = b->runs;
		for (unsigned r = 0; r < b->runs; r++)
			if (at[r] < b->starts[r + 1] && (best == b->runs ||
			    b->packets[at[r]].ts < b->packets[at[best]].ts))
				best = r;
		b->ordered[n] = b->packets[at[best]++];
	}
	return b->ordered;
}
