/* SPDX-License-Identifier: MIT
 *
 * Which flows come first.  The order is total: by the chosen key, then
 * (unless that is an end) the longer windows, after a total all of them, then
 * the flow key, so the same input gives the same rows.
 */
#ifndef FLOWAGG_RANK_H
#define FLOWAGG_RANK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flowagg/flows.h"

enum rank_key { RANK_2S, RANK_10S, RANK_40S, RANK_TOTAL, RANK_SRC, RANK_DST };

/* From and to the names that --sort takes; false for an unknown one. */
bool rank_parse(const char *name, enum rank_key *);
const char *rank_name(enum rank_key);

enum { RANK_WORDS = 4 };

/* A row of a snapshot: a flow by number, and what decides its place.  Rows
 * whose words differ are in the order of the words; where they are equal the
 * flows themselves are compared. */
struct row {
	uint64_t words[RANK_WORDS];
	uint32_t number;
};

struct row_list {
	struct row *rows;	/* owned */
	struct row *spare;	/* owned: as large, for sorting */
	size_t count, size;
};

/* Room for so many rows; those that are there may be forgotten. */
void row_list_reserve(struct row_list *, size_t count);
void row_list_done(struct row_list *);

/* Flows without any bytes in the windows (rank_quiet.h). */
struct quiet {
	struct row_list list;
	bool sorted;
	bool cut;		/* behind the bound there may be more */
	struct row bound;
	struct flow bound_flow;	/* as it was */
	uint64_t bound_id;
};

struct rank {
	struct row_list shown;	/* valid until the next rank_rows() */
	bool limited;		/* the ledger's limits are those of ... */
	enum rank_key limited_by;
	struct quiet quiet;
};

void rank_done(struct rank *);

/* The flows are others now. */
void rank_forget(struct rank *);

/* Fill ->shown with the `top` first flows (0: all) at the second `now`, those
 * just ended included, in order.
 *
 * What that costs depends on the flows that are shown and those that had
 * packets since the last time, not on all there are.  A flow is looked at when
 * its limit in the ledger says that it may be among the first, and the limits
 * of 256 flows only when their highest does.  A limit of 0 is that of a quiet
 * flow, without bytes in any window: of these the first in the order are known
 * already. */
void rank_rows(struct rank *, struct flows *, enum rank_key, size_t top,
    uint32_t now);

#endif
