/* SPDX-License-Identifier: MIT
 *
 * Writing sheets.
 */
#include "flowagg/journal.h"

#include <stdlib.h>

#include "lib/xalloc.h"

enum {
	/* Flows of a sheet, in bits: few, so that all their accounts are in
	 * the cache when it is posted, where it is so large that each comes
	 * several times. */
	FEW_FLOWS = 12,
	FEW_SHEETS = 8,		/* so many are large: all packets of a flow in
				 * a second will share an entry */
	LARGE = 16384, SMALL = 2048,	/* entries */
	MOST_ENTRIES = 256 * LARGE,	/* of large sheets */
	MANY = 4096,		/* entries: worth waking another for */
};

void
journal_init(struct journal *j, struct ledger *l)
{
	*j = (struct journal){ .next_base = 1, .sheet_count = 1,
	    .flow_bits = LEDGER_PAGE_BITS, .sharing = true };
	j->sheets = xcalloc(1, sizeof(*j->sheets));
	j->poster = poster_new(l);
}

void
journal_done(struct journal *j)
{
	poster_free(j->poster);
	for (uint32_t i = 0; i < j->sheet_count; i++)
		free(j->sheets[i].entries);
	free(j->sheets);
	*j = (struct journal){ 0 };
}

void
journal_post_seldom(struct journal *j)
{
	j->seldom = true;
	j->flow_bits = FEW_FLOWS;
}

static uint32_t
sheet_size(const struct journal *j)
{
	uint32_t size = LARGE;
	if (j->in_use <= FEW_SHEETS)
		return LARGE;
	while (size > SMALL && (!j->seldom || size * j->in_use > MOST_ENTRIES))
		size /= 2;
	return size;
}

/* Nothing is on the sheet, which gets the size that it should have. */
static void
begin(struct journal *j, struct sheet *s)
{
	if (s->size != sheet_size(j)) {
		free(s->entries);
		s->size = sheet_size(j);
		s->entries = xreallocarray(NULL, s->size,
		    sizeof(*s->entries));
	}
	s->count = 0;
	s->base = j->next_base;
	j->next_base += s->size;
}

void
journal_turn_over(struct journal *j, struct sheet *s)
{
	if (s->base == 0)
		j->in_use++;
	/* On so many sheets a flow's newest entry is out of the cache, and one
	 * more is posted sooner than that is found. */
	if (j->seldom && j->in_use > FEW_SHEETS)
		j->sharing = false;
	if (s->count > 0)
		poster_give(j->poster, s);
	begin(j, s);
}

uint32_t
journal_open(struct journal *j, uint32_t flow)
{
	uint32_t count = (flow >> j->flow_bits) + 1;
	if (count > j->sheet_count) {
		j->sheets = xreallocarray(j->sheets, count,
		    sizeof(*j->sheets));
		while (j->sheet_count < count)
			j->sheets[j->sheet_count++] = (struct sheet){ 0 };
	}
	return journal_sheet(j, flow)->base - 1;
}

void
journal_close(struct journal *j, uint32_t flow)
{
	*journal_next_entry(j, journal_sheet(j, flow)) = (struct entry){ .flow = flow };
}

void
journal_relieve(struct journal *j)
{
	uint32_t enough = j->seldom ? LARGE / 4 : SMALL / 16;
	if (!j->hurried || j->in_use == 1)
		return;		/* what is on one sheet is posted soon */
	/* Flows of a packet each never fill a sheet: others would only be
	 * more memory. */
	if ((!j->seldom && !poster_has_thread(j->poster)) ||
	    !poster_is_idle(j->poster))
		return;
	uint32_t room = poster_room(sheet_size(j));
	for (uint32_t i = 0; room > 0 && i < j->sheet_count; i++)
		if (j->sheets[i].count >= enough) {
			journal_turn_over(j, &j->sheets[i]);
			room--;
		}
}

bool
journal_help(struct journal *j)
{
	return poster_has_thread(j->poster) && poster_help(j->poster);
}

/* Is there so much left that two should post it? */
static bool
is_much(const struct journal *j)
{
	uint64_t left = 0;
	for (uint32_t i = 0; i < j->sheet_count; i++)
		left += j->sheets[i].count;
	return j->hurried && left >= MANY && j->in_use > 1;
}

void
journal_post(struct journal *j)
{
	bool share = is_much(j);
	if (!share)
		poster_finish(j->poster);
	for (uint32_t i = 0; i < j->sheet_count; i++) {
		struct sheet *s = &j->sheets[i];
		if (s->count == 0)
			continue;
		if (share) {
			journal_turn_over(j, s);
		} else {
			poster_post(j->poster, s);
			begin(j, s);
		}
	}
	poster_finish(j->poster);
}

void
journal_post_last(struct journal *j)
{
	journal_post(j);
	poster_free_spare(j->poster);
	for (uint32_t i = 0; i < j->sheet_count; i++) {
		struct sheet *s = &j->sheets[i];
		free(s->entries);
		*s = (struct sheet){ .base = s->base };
	}
}
