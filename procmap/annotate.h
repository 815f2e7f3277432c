/* SPDX-License-Identifier: MIT
 *
 * Writing what is known into a snapshot: the members of each flow, and the
 * counts of how much is known.
 */
#ifndef PROCMAP_ANNOTATE_H
#define PROCMAP_ANNOTATE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/snapshot.h"
#include "procmap/cmdline.h"
#include "procmap/match.h"
#include "procmap/publisher.h"
#include "procmap/users.h"

struct annotate {
	struct match_env env;
	struct processes *processes;
	struct users *users;
	struct publisher *publisher;	/* null: not asked for */
	const char *source;		/* "bpf", "diag", "lsof", "file" */
	const char *degraded;		/* in one line; "" when nothing is */
	struct cmdlines *command_lines;	/* null: not asked for */
	uint64_t events_lost;
	uint64_t bad_lines;		/* of the input, left out */
	enum match_why refuse;		/* WHY_NONE: look things up */
	int64_t offset;			/* wall clock to the table's */
	uint64_t unseen;	/* out: young flows of ours without a socket */
	struct snapshot_notes notes;

	/* Of the flows of this snapshot; reused. */
	struct annotate_flow {
		struct match match;
		bool again;	/* look once more, behind translations */
	} *found;
	size_t size;
};

void annotate_init(struct annotate *);

/* Fill ->notes for the snapshot. */
void annotate_snapshot(struct annotate *, const struct snapshot *);

#endif
