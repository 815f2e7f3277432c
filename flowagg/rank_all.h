/* SPDX-License-Identifier: MIT
 *
 * Rows of all flows, where all are shown.  Part of rank.
 */
#ifndef FLOWAGG_RANK_ALL_H
#define FLOWAGG_RANK_ALL_H

#include "flowagg/rank.h"

/* A row for each flow, its words filled as of the second `now`, not sorted
 * yet; many are shared by all processors. */
void rank_all(struct row_list *, const struct flows *, enum rank_key,
    uint32_t now);

#endif
