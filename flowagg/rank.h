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

struct rank {
	struct row *rows;	/* owned, valid until the next rank_rows() */
	struct row *spare;	/* owned: as large, for sorting */
	size_t count, size;
	enum rank_key limited_by;	/* what limits in the ledger bound */
};

void rank_done(struct rank *);

/* Fill ->rows with the `top` first flows (0: all) at the second `now`, those
 * just ended included, in order. */
void rank_rows(struct rank *, struct flows *, enum rank_key, size_t top,
    uint32_t now);

#endif
