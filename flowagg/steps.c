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
	free(s->eras);
	*s = (struct steps){ 0 };
}

/* Of two eras with a time the newer is meant, so those that began later than
 * this one are of no use any more.  The first one has all that is before. */
static void
add_era(struct steps *s, uint64_t from, uint64_t offset)
{
	while (s->era_count > 0 && s->eras[s->era_count - 1].from >= from)
		s->era_count--;
	if (s->era_count == s->era_size) {
		s->era_size = s->era_size * 2 + 8;
		s->eras = xreallocarray(s->eras, s->era_size,
		    sizeof(*s->eras));
	}
	s->eras[s->era_count++] = (struct era){ from, offset };
}

static void
forget_half(struct steps *s)
{
	s->count /= 2;
	memcpy(s->list, s->list + s->count, s->count * sizeof(*s->list));
	/* All eras up to the first step that is left are one now. */
	uint64_t first = s->list[0].before;
	uint32_t gone = 0;
	while (gone < s->era_count && s->eras[gone].offset <= first)
		gone++;
	if (gone == 0)	/* a newer one began at 0, too */
		return;
	s->era_count -= gone - 1;
	memmove(s->eras, s->eras + gone - 1,
	    s->era_count * sizeof(*s->eras));
	s->eras[0] = (struct era){ 0, first };
}

void
steps_add(struct steps *s, uint64_t at, uint64_t before, uint64_t after)
{
	if (s->count == TIME_STEPS)
		forget_half(s);
	if (s->count == s->size) {
		s->size = s->size * 2 + 8;
		s->list = xreallocarray(s->list, s->size, sizeof(*s->list));
	}
	if (s->count == 0)
		add_era(s, 0, before);
	s->list[s->count++] = (struct time_step){ at, before };
	add_era(s, at - after, after);
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

uint64_t
steps_newest(const struct steps *s, uint64_t ts)
{
	/* The last one from that time or before. */
	uint32_t low = 0, high = s->era_count - 1;
	while (low < high) {
		uint32_t middle = low + (high - low + 1) / 2;
		if (s->eras[middle].from <= ts)
			low = middle;
		else
			high = middle - 1;
	}
	return ts + s->eras[low].offset;
}
