/* SPDX-License-Identifier: MIT
 *
 * Posting by two: the thread and the caller each take the next sheet of a
 * volume that nobody posts to at the moment.
 */
#include "flowagg/poster.h"

#include <pthread.h>
#include <stdlib.h>

#include "lib/thread.h"
#include "lib/xalloc.h"

enum {
	WAITING = 16,		/* sheets, at most: as they fill alike, many
				 * are full within a moment */
	/* ... and with room for so many: with few flows of a packet each, most
	 * of the memory beside them. */
	WAITING_ENTRIES = 49152,
};

/* Sheets of one volume. */
struct lane {
	struct sheet waiting[WAITING];	/* from `first` on, round the end */
	uint32_t first, count;		/* ... the first may be being posted */
	bool busy;
};

/* Nobody else touches the ledger while sheets wait. */
struct poster {
	struct ledger *ledger;
	pthread_t thread;
	bool has_thread;
	bool ends;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct lane lanes[LEDGER_VOLUMES];
	uint32_t count;			/* in all lanes */
	struct sheet spare[WAITING];	/* posted: to be written anew */
	uint32_t spare_count;
};

struct poster *
poster_new(struct ledger *l)
{
	struct poster *p = xcalloc(1, sizeof(*p));
	p->ledger = l;
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->changed, NULL);
	return p;
}

void
poster_post(struct poster *p, const struct sheet *s)
{
	if (s->count > 0)
		ledger_post(p->ledger, s->entries, s->count);
}

/*
 * All below, up to the thread, is called with the lock held.
 */

/* The lane with most to be done in which nobody is at work, or null. */
static struct lane *
free_lane(struct poster *p)
{
	struct lane *most = NULL;
	for (unsigned i = 0; i < LEDGER_VOLUMES; i++) {
		struct lane *lane = &p->lanes[i];
		if (!lane->busy && lane->count > 0 &&
		    (most == NULL || lane->count > most->count))
			most = lane;
	}
	return most;
}

/* Post the next sheet of a lane; the lock is not held meanwhile. */
static void
post_next(struct poster *p, struct lane *lane)
{
	struct sheet s = lane->waiting[lane->first];
	lane->busy = true;
	pthread_mutex_unlock(&p->lock);
	poster_post(p, &s);
	pthread_mutex_lock(&p->lock);
	lane->busy = false;
	lane->first = (lane->first + 1) % WAITING;
	lane->count--;
	p->count--;
	p->spare[p->spare_count++] = s;
	pthread_cond_signal(&p->changed);
}

/* Post, or wait for the thread to post, something. */
static void
help(struct poster *p)
{
	struct lane *lane = free_lane(p);
	if (lane != NULL)
		post_next(p, lane);
	else
		pthread_cond_wait(&p->changed, &p->lock);
}

static void *
run(void *argument)
{
	struct poster *p = argument;
	thread_gives_way();
	pthread_mutex_lock(&p->lock);
	while (!p->ends || p->count > 0)
		help(p);
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

/*
 * The caller.
 */

uint32_t
poster_room(uint32_t size)
{
	uint32_t most = WAITING_ENTRIES / size;
	return most < WAITING ? most : WAITING;
}

bool
poster_has_thread(const struct poster *p)
{
	return p->has_thread;
}

bool
poster_is_idle(struct poster *p)
{
	pthread_mutex_lock(&p->lock);
	bool idle = p->count == 0;
	pthread_mutex_unlock(&p->lock);
	return idle;
}

void
poster_give(struct poster *p, struct sheet *s)
{
	struct sheet given = *s;
	struct lane *lane = &p->lanes[ledger_volume(given.entries[0].flow)];
	if (!p->has_thread)
		p->has_thread = thread_start(&p->thread, run, p);
	if (!p->has_thread) {
		poster_post(p, s);
		return;
	}
	*s = (struct sheet){ 0 };
	pthread_mutex_lock(&p->lock);
	while (p->count >= poster_room(given.size))
		help(p);
	lane->waiting[(lane->first + lane->count++) % WAITING] = given;
	p->count++;
	if (p->spare_count > 0)
		*s = p->spare[--p->spare_count];
	pthread_cond_signal(&p->changed);
	pthread_mutex_unlock(&p->lock);
}

bool
poster_help(struct poster *p)
{
	pthread_mutex_lock(&p->lock);
	struct lane *lane = free_lane(p);
	if (lane != NULL)
		post_next(p, lane);
	pthread_mutex_unlock(&p->lock);
	return lane != NULL;
}

void
poster_finish(struct poster *p)
{
	pthread_mutex_lock(&p->lock);
	while (p->count > 0)
		help(p);
	pthread_mutex_unlock(&p->lock);
}

void
poster_free_spare(struct poster *p)
{
	pthread_mutex_lock(&p->lock);
	while (p->spare_count > 0)
		free(p->spare[--p->spare_count].entries);
	pthread_mutex_unlock(&p->lock);
}

void
poster_free(struct poster *p)
{
	if (p == NULL)
		return;
	if (p->has_thread) {
		pthread_mutex_lock(&p->lock);
		p->ends = true;
		pthread_cond_signal(&p->changed);
		pthread_mutex_unlock(&p->lock);
		pthread_join(p->thread, NULL);
	}
	poster_free_spare(p);
	pthread_mutex_destroy(&p->lock);
	pthread_cond_destroy(&p->changed);
	free(p);
}
