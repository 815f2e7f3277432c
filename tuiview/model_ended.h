/* SPDX-License-Identifier: MIT
 *
 * What flows that have ended had, added up for the rows of processes, hosts,
 * services and publishers: their totals do not fall when flows leave.
 *
 * A flow is listed once more when it ends; from the next snapshot on it is
 * counted here.  One that is not listed any more without that may come back,
 * and is not.  At most ENDED_ROWS rows of each view are remembered: when there
 * are more, the half whose flows ended longest ago is forgotten.
 */
#ifndef TUIVIEW_MODEL_ENDED_H
#define TUIVIEW_MODEL_ENDED_H

#include <stddef.h>
#include <stdint.h>

#include "tuiview/model_flows.h"
#include "tuiview/prefs.h"

enum { ENDED_ROWS = 4096, ENDED_VIEWS = VIEW_PUBLISHERS + 1 };

struct ended_row {
	uint64_t key;			/* of the row; 0: a free slot */
	uint64_t when;			/* the last of them ended */
	uint64_t total_sent, total_recv;
	uint64_t packets_sent, packets_recv;
};

struct ended {
	struct ended_table {
		struct ended_row *slots;
		size_t slot_count, count;
	} views[ENDED_VIEWS];		/* that of flows is empty */
	/* Those that ended in the latest snapshot, which lists them itself */
	struct ended_flow {
		uint64_t keys[ENDED_VIEWS];
		struct ended_row n;
	} *latest;
	size_t latest_count, latest_size;
	uint64_t seq, ts;		/* of that snapshot */
	uint64_t count;			/* flows that ended: the clock here */
};

/* A snapshot has come: those that ended in the one before are counted. */
void ended_add(struct ended *, const struct flows *);

/* What the flows of a row had that are not listed any more; null: none. */
const struct ended_row *ended_find(const struct ended *, enum pref_view,
    uint64_t key);

/* Make `to`, whatever it was, a copy with its own memory, which only
 * ended_find() is asked of. */
void ended_copy(struct ended *to, const struct ended *from);

/* Forget all: another session began, or the totals anew, or it is over. */
void ended_done(struct ended *);

#endif
