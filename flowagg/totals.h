/* SPDX-License-Identifier: MIT
 *
 * Everything counted, both ways: since the start, by second, and the
 * largest second.  Way 0 is sent, 1 received.
 */
#ifndef FLOWAGG_TOTALS_H
#define FLOWAGG_TOTALS_H

#include <stdbool.h>
#include <stdint.h>

#include "flowagg/rate.h"

struct totals {
	uint64_t bytes[2], packets[2];
	uint64_t peak[2], peak_both;	/* bytes in one second; as of
					 * the last totals_peaks() */
	uint32_t since;			/* no second before it is a peak */
	uint32_t newest;		/* second of the newest slot */
	bool started;			/* there is a newest slot */
	uint64_t slots[RATE_SLOTS][2];
};

/* Count packets of a second; one that has left the slots counts in the totals
 * alone. */
void totals_add(struct totals *, uint32_t second, unsigned way,
    uint64_t packets, uint64_t bytes);

/* Bring the peaks up to date. */
void totals_peaks(struct totals *);

/* Bytes of the 2, 10 and 40 whole seconds before `now`, added to sums. */
void totals_sums(const struct totals *, uint32_t now,
    uint64_t sums[RATE_WINDOWS][2]);

#endif
