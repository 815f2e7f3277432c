/* SPDX-License-Identifier: MIT
 *
 * Where the time of a file's records stepped back, so that what was before
 * that is shown with its own time.  Pure.
 */
#ifndef FLOWAGG_STEPS_H
#define FLOWAGG_STEPS_H

#include <stdint.h>

/* Stream time less the records' time is an offset, in ns as all times are. */
struct time_step {
	uint64_t at;		/* stream time: from here on */
	uint64_t before;	/* the offset as it was up to there */
};

enum { TIME_STEPS = 1 << 20 };	/* that are remembered; of more, the newest */

struct steps {
	struct time_step *list;	/* oldest first */
	uint32_t count, size;
};

void steps_done(struct steps *);

/* A step at this stream time, not before that of the last one. */
void steps_add(struct steps *, uint64_t at, uint64_t before);

/* The offset of this stream time; behind the last step it is `now`. */
uint64_t steps_offset(const struct steps *, uint64_t stream_ns, uint64_t now);

#endif
