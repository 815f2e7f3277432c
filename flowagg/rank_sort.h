/* SPDX-License-Identifier: MIT
 *
 * Bringing rows into their order.  Part of rank.
 */
#ifndef FLOWAGG_RANK_SORT_H
#define FLOWAGG_RANK_SORT_H

#include "flowagg/rank.h"

/* From so many rows on the work is shared by all processors. */
enum { RANK_MANY = 4096 };

/* The address and the port of a flow's end, ours or theirs. */
static inline const uint8_t *
rank_address(const struct flow *f, bool ours)
{
	bool b = ((f->flags & FLOW_B_IS_OURS) != 0) == ours;
	return b ? f->key.b : f->key.a;
}

static inline uint16_t
rank_port(const struct flow *f, bool ours)
{
	bool b = ((f->flags & FLOW_B_IS_OURS) != 0) == ours;
	return b ? f->key.port_b : f->key.port_a;
}

/* Sort ->rows, whose words are filled; ->spare has as much room, and the two
 * may have changed places. */
void rank_sort(struct rank *, const struct flows *, enum rank_key);

#endif
