/* SPDX-License-Identifier: MIT
 *
 * Who posts the sheets of the journal to the ledger: a thread, and whoever
 * would have to wait for it.  Sheets of one volume of the ledger are posted
 * one after the other, as they came; those of different volumes at once.
 */
#ifndef FLOWAGG_POSTER_H
#define FLOWAGG_POSTER_H

#include <stdbool.h>
#include <stdint.h>

#include "flowagg/ledger.h"

struct sheet {
	struct entry *entries;	/* of flows of one volume */
	uint32_t count, size;
	uint32_t base;		/* serial number of the first */
};

struct poster;

struct poster *poster_new(struct ledger *);
void poster_free(struct poster *);

/* Was it given anything so far?  With the first the thread begins. */
bool poster_has_thread(const struct poster *);

/* Nothing waits. */
bool poster_is_idle(struct poster *);

/* How many sheets may be given at once before somebody has to wait, when
 * each has room for so many entries. */
uint32_t poster_room(uint32_t size);

/* Take the sheet, to be posted soon; in its place is one that was posted, or
 * an empty one without room. */
void poster_give(struct poster *, struct sheet *);

/* Post a sheet of those that wait; false when there is none that may be. */
bool poster_help(struct poster *);

/* Post all that was given, with the caller's help. */
void poster_finish(struct poster *);

/* Free the sheets that were posted and not taken again. */
void poster_free_spare(struct poster *);

/* Post a sheet at once; nothing may wait. */
void poster_post(struct poster *, const struct sheet *);

#endif
