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

/* A number of bytes, rounded down to seven digits in binary, as one below
 * RANK_ROUNDED; the order stays. */
enum { RANK_ROUNDED = 64 * 128 };
static inline uint32_t
rank_round(uint64_t bytes)
{
	if (bytes < 128)
		return (uint32_t)bytes;
	unsigned drop = 56 - (unsigned)__builtin_clzll(bytes);
	return drop * 128 + (uint32_t)(bytes >> drop);
}

/* Fill the words from the n-th on with the flow's ends, in the order of the
 * flows as far as they go. */
void rank_fill_ends(const struct flow *, enum rank_key,
    uint64_t words[RANK_WORDS], unsigned n);

/* What the flow is ranked by at the second `now`, its ends last; words sort
 * upwards. */
void rank_fill_words(const struct flows *, uint32_t number, enum rank_key,
    uint32_t now, uint64_t words[RANK_WORDS]);

/* The order of words: -1, 0, 1. */
static inline int
rank_compare_words(const uint64_t a[RANK_WORDS], const uint64_t b[RANK_WORDS])
{
	for (unsigned i = 0; i < RANK_WORDS; i++)
		if (a[i] != b[i])
			return a[i] < b[i] ? -1 : 1;
	return 0;
}

/* Where the words are equal: does this flow come before the other? */
bool rank_is_before(const struct flow *, uint64_t id,
    const struct flow *other, uint64_t other_id, enum rank_key);

/* Sort rows whose words are filled; ->spare has as much room, and the two
 * may have changed places. */
void rank_sort(struct row_list *, const struct flows *, enum rank_key);

#endif
