/* SPDX-License-Identifier: MIT
 *
 * Writing sheets, and posting them in a thread.
 */
#include "flowagg/journal.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>

#include "lib/thread.h"
#include "lib/xalloc.h"

enum {
	FIRST_SHIFT = 14,	/* flows of a sheet at first: 1 << 14 */
	FEW_SHEETS = 8,		/* so many are large: all packets of a flow in
				 * a second will share an entry */
	LARGE = 16384, SMALL = 2048,	/* entries */
	WAITING = 16,		/* sheets to be posted, at most: as they fill
				 * alike, many are full within a moment */
	WAITING_ENTRIES = 4 * LARGE,	/* ... with room for so many */
};

/* Nobody else touches the ledger while sheets wait. */
struct poster {
	pthread_t thread;
	bool has_thread;
	bool ends;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct sheet waiting[WAITING];	/* from `first` on, round the end */
	uint32_t first, count;		/* ... the first is being posted */
	struct sheet spare[WAITING];	/* posted: to be written anew */
	uint32_t spare_count;
};

void
journal_init(struct journal *j, struct ledger *l)
{
	*j = (struct journal){ .ledger = l, .shift = FIRST_SHIFT,
		.next_base = 1 };
	j->poster = xcalloc(1, sizeof(*j->poster));
	pthread_mutex_init(&j->poster->lock, NULL);
	pthread_cond_init(&j->poster->changed, NULL);
}

static void
post(struct ledger *l, const struct sheet *s)
{
	enum { AHEAD = 16 };
	const struct entry *e = s->entries;
	for (uint32_t i = 0; i < s->count; i++) {
		if (i + 2 * AHEAD < s->count)
			ledger_prefetch(l, e[i + 2 * AHEAD].flow);
		if (i + AHEAD < s->count)
			ledger_prefetch_seconds(l, e[i + AHEAD].flow);
		ledger_enter(l, &e[i]);
	}
}

static uint32_t
sheet_size(const struct journal *j)
{
	return j->in_use <= FEW_SHEETS || j->seldom ? LARGE : SMALL;
}

/*
 * The thread.
 */

static void *
run(void *argument)
{
	struct journal *j = argument;
	struct poster *p = j->poster;
	thread_gives_way();
	pthread_mutex_lock(&p->lock);
	for (;;) {
		while (p->count == 0 && !p->ends)
			pthread_cond_wait(&p->changed, &p->lock);
		if (p->count == 0)
			break;
		struct sheet s = p->waiting[p->first];
		pthread_mutex_unlock(&p->lock);
		post(j->ledger, &s);
		pthread_mutex_lock(&p->lock);
		p->first = (p->first + 1) % WAITING;
		p->count--;
		p->spare[p->spare_count++] = s;
		pthread_cond_signal(&p->changed);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

/* Wait until at most so many sheets are to be posted. */
static void
wait_for_thread(struct poster *p, uint32_t most)
{
	while (p->count > most)
		pthread_cond_wait(&p->changed, &p->lock);
}

/* How many sheets of that size, at most. */
static uint32_t
most_waiting(uint32_t size)
{
	uint32_t most = WAITING_ENTRIES / size;
	return most < WAITING ? most : WAITING;
}

/* Give a sheet to the thread; take one that is posted in its place, or an
 * empty one. */
static void
hand_over(struct poster *p, struct sheet *s)
{
	struct sheet given = *s;
	*s = (struct sheet){ 0 };
	pthread_mutex_lock(&p->lock);
	wait_for_thread(p, most_waiting(given.size) - 1);
	p->waiting[(p->first + p->count) % WAITING] = given;
	if (p->count++ == 0)
		pthread_cond_signal(&p->changed);
	if (p->spare_count > 0)
		*s = p->spare[--p->spare_count];
	pthread_mutex_unlock(&p->lock);
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

/* Make room in a sheet that is full, or was never written on. */
static void
turn_over(struct journal *j, struct sheet *s)
{
	struct poster *p = j->poster;
	if (s->base == 0)
		j->in_use++;
	if (s->count > 0 && !p->has_thread)
		p->has_thread = thread_start(&p->thread, run, j);
	if (s->count > 0 && p->has_thread)
		hand_over(p, s);
	else if (s->count > 0)
		post(j->ledger, s);
	begin(j, s);
}

void
journal_done(struct journal *j)
{
	struct poster *p = j->poster;
	if (p == NULL)
		return;
	if (p->has_thread) {
		pthread_mutex_lock(&p->lock);
		p->ends = true;
		pthread_cond_signal(&p->changed);
		pthread_mutex_unlock(&p->lock);
		pthread_join(p->thread, NULL);
	}
	pthread_mutex_destroy(&p->lock);
	pthread_cond_destroy(&p->changed);
	for (uint32_t i = 0; i < p->spare_count; i++)
		free(p->spare[i].entries);
	free(p);
	for (unsigned i = 0; i < JOURNAL_SHEETS; i++)
		free(j->sheets[i].entries);
	*j = (struct journal){ 0 };
}

/*
 * Writing.
 */

/* There are more sheets than the processor fetches ahead of by itself. */
static struct entry *
next_entry(struct journal *j, struct sheet *s)
{
	enum { AHEAD = 6 };	/* two cache lines */
	if (s->count == s->size)
		turn_over(j, s);
	struct entry *e = &s->entries[s->count++];
	__builtin_prefetch(e + AHEAD, 1);
	return e;
}

uint32_t
journal_open(struct journal *j, uint32_t flow)
{
	if (flow >> j->shift >= JOURNAL_SHEETS)
		journal_post(j);
	while (flow >> j->shift >= JOURNAL_SHEETS)
		j->shift++;
	return journal_sheet(j, flow)->base - 1;
}

uint32_t
journal_append(struct journal *j, uint32_t flow, uint32_t second,
    unsigned way, uint32_t bytes)
{
	struct sheet *s = journal_sheet(j, flow);
	struct entry *e = next_entry(j, s);
	e->flow = flow;
	e->second = second;
	e->bytes[way] = bytes;
	e->bytes[way ^ 1] = 0;
	e->packets[way] = 1;
	e->packets[way ^ 1] = 0;
	return s->base + s->count - 1;
}

void
journal_close(struct journal *j, uint32_t flow)
{
	*next_entry(j, journal_sheet(j, flow)) = (struct entry){ .flow = flow };
}

void
journal_relieve(struct journal *j)
{
	struct poster *p = j->poster;
	uint32_t enough = j->seldom ? LARGE / 2 : SMALL / 16;
	if (!p->has_thread || j->in_use == 1)
		return;		/* what is on one sheet is posted soon */
	pthread_mutex_lock(&p->lock);
	bool idle = p->count == 0;
	pthread_mutex_unlock(&p->lock);
	if (!idle)
		return;
	uint32_t room = most_waiting(sheet_size(j));
	for (unsigned i = 0; room > 0 && i < JOURNAL_SHEETS; i++)
		if (j->sheets[i].count >= enough) {
			turn_over(j, &j->sheets[i]);
			room--;
		}
}

void
journal_post(struct journal *j)
{
	struct poster *p = j->poster;
	pthread_mutex_lock(&p->lock);
	wait_for_thread(p, 0);
	pthread_mutex_unlock(&p->lock);
	for (unsigned i = 0; i < JOURNAL_SHEETS; i++) {
		struct sheet *s = &j->sheets[i];
		if (s->count == 0)
			continue;
		post(j->ledger, s);
		begin(j, s);
	}
}
