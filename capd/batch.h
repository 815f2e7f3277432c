/* SPDX-License-Identifier: MIT
 *
 * Packet records of one round of reading, brought into the order of their
 * time: each handle delivers a run that is in order by itself.
 */
#ifndef CAPD_BATCH_H
#define CAPD_BATCH_H

#include "lib/record.h"

enum { BATCH_PACKETS = 2048 };

struct batch {
	unsigned count;
	unsigned runs;
	unsigned starts[SOURCE_INTERFACES + 1];
	struct record_packet packets[BATCH_PACKETS];
	struct record_packet ordered[BATCH_PACKETS];
};

/* What is added next comes from another handle. */
void batch_run(struct batch *);

/* All records, the oldest first; valid until the batch changes. */
const struct record_packet *batch_ordered(struct batch *);

/* Forget them; the handle that is being read goes on. */
void batch_reset(struct batch *);

#endif
