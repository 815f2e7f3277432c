/* SPDX-License-Identifier: MIT
 *
 * Where the time of a file's records stepped back, so that what was before
 * that is shown with its own time.  A time of records may have come several
 * times, once in each of the eras between steps.  Pure.
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

/* An era, which began at this time of records. */
struct era {
	uint64_t from;
	uint64_t offset;
};

struct steps {
	struct time_step *list;	/* oldest first */
	uint32_t count, size;
	struct era *eras;	/* oldest first; those alone that began before
				 * all that are newer, so ->from rises */
	uint32_t era_count, era_size;
};

void steps_done(struct steps *);

/* A step at this stream time, not before that of the last one: the offset
 * becomes a larger one. */
void steps_add(struct steps *, uint64_t at, uint64_t before, uint64_t after);

/* The stream time of the last one; 0: there was none. */
static inline uint64_t
steps_last(const struct steps *s)
{
	return s->count > 0 ? s->list[s->count - 1].at : 0;
}

/* The offset of this stream time; behind the last step it is `now`. */
uint64_t steps_offset(const struct steps *, uint64_t stream_ns, uint64_t now);

/* The stream time that a time of records had in the newest era that it lies
 * in.  There must have been a step. */
uint64_t steps_newest(const struct steps *, uint64_t ts);

#endif
