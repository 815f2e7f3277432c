/* SPDX-License-Identifier: MIT
 *
 * Steps back in time.
 */
#include "flowagg/steps.h"

#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"

void
steps_done(struct steps *s)
{
	free(s->list);
	*s = (struct steps){ 0 };
}

void
steps_add(struct steps *s, uint64_t at, uint64_t before)
{
	if (s->count == TIME_STEPS) {
		s->count /= 2;
		memcpy(s->list, s->list + s->count,
		    s->count * sizeof(*s->list));
	}
	if (s->count == s->size) {
		s->size = s->size * 2 + 8;
		s->list = xreallocarray(s->list, s->size, sizeof(*s->list));
	}
	s->list[s->count++] = (struct time_step){ at, before };
}

uint64_t
steps_offset(const struct steps *s, uint64_t stream_ns, uint64_t now)
{
	uint32_t low = 0, high = s->count;
	if (high == 0 || stream_ns >= s->list[high - 1].at)
		return now;
	/* The first step behind it. */
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (s->list[middle].at <= stream_ns)
			low = middle + 1;
		else
			high = middle;
	}
	return s->list[low].before;
}
