/* SPDX-License-Identifier: MIT
 *
 * Posting a journal, in a thread when there is much.
 */
#include "flowagg/journal.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/thread.h"
#include "lib/xalloc.h"

/* Flows are sorted so far that what a bucket touches fits into the cache. */
enum { BUCKETS = 2048, AHEAD = 8 };

/* Nobody else touches the ledger while `count` is not 0. */
struct poster {
	pthread_t thread;
	bool has_thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct entry *entries;	/* JOURNAL_ENTRIES: a journal's, in turn */
	uint32_t count;		/* of them to be posted; 0: nothing to do */
	bool ends;
	uint32_t *order;	/* JOURNAL_ENTRIES: places of entries */
	uint32_t starts[BUCKETS];
};

static struct entry *
new_entries(void)
{
	return xreallocarray(NULL, JOURNAL_ENTRIES, sizeof(struct entry));
}

void
journal_init(struct journal *j, struct ledger *l)
{
	*j = (struct journal){ .ledger = l, .base = 1, .look = JOURNAL_STEP };
	j->entries = new_entries();
	j->poster = xcalloc(1, sizeof(*j->poster));
	pthread_mutex_init(&j->poster->lock, NULL);
	pthread_cond_init(&j->poster->changed, NULL);
}

/* By buckets of neighbouring flows; within one, the order stays. */
static void
sort(struct poster *p, const struct entry *entries, uint32_t count)
{
	uint32_t most = 0, at = 0;
	unsigned shift = 0;
	for (uint32_t i = 0; i < count; i++)
		if (entries[i].flow > most)
			most = entries[i].flow;
	while (most >> shift >= BUCKETS)
		shift++;
	memset(p->starts, 0, sizeof(p->starts));
	for (uint32_t i = 0; i < count; i++)
		p->starts[entries[i].flow >> shift]++;
	for (uint32_t i = 0; i < BUCKETS; i++) {
		uint32_t in_bucket = p->starts[i];
		p->starts[i] = at;
		at += in_bucket;
	}
	for (uint32_t i = 0; i < count; i++)
		p->order[p->starts[entries[i].flow >> shift]++] = i;
}

static void
post_sorted(struct journal *j, const struct entry *entries, uint32_t count)
{
	struct poster *p = j->poster;
	if (p->order == NULL)
		p->order = xreallocarray(NULL, JOURNAL_ENTRIES,
		    sizeof(*p->order));
	sort(p, entries, count);
	for (uint32_t i = 0; i < count; i++) {
		if (i + 2 * AHEAD < count)
			ledger_prefetch(j->ledger,
			    entries[p->order[i + 2 * AHEAD]].flow);
		if (i + AHEAD < count)
			ledger_prefetch_seconds(j->ledger,
			    entries[p->order[i + AHEAD]].flow);
		ledger_enter(j->ledger, &entries[p->order[i]]);
	}
}

static void
post(struct journal *j, const struct entry *entries, uint32_t count)
{
	if (count > BUCKETS) {
		post_sorted(j, entries, count);
		return;
	}
	for (uint32_t i = 0; i < count; i++)
		ledger_enter(j->ledger, &entries[i]);
}

/*
 * The thread.
 */

static void *
run(void *argument)
{
	struct journal *j = argument;
	struct poster *p = j->poster;
	pthread_mutex_lock(&p->lock);
	for (;;) {
		while (p->count == 0 && !p->ends)
			pthread_cond_wait(&p->changed, &p->lock);
		if (p->count == 0)
			break;
		pthread_mutex_unlock(&p->lock);
		post(j, p->entries, p->count);
		pthread_mutex_lock(&p->lock);
		p->count = 0;
		pthread_cond_signal(&p->changed);
	}
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

/* Wait until the thread has posted what it was given. */
static void
wait_for_thread(struct poster *p)
{
	if (!p->has_thread)
		return;
	pthread_mutex_lock(&p->lock);
	while (p->count != 0)
		pthread_cond_wait(&p->changed, &p->lock);
	pthread_mutex_unlock(&p->lock);
}

static void
empty(struct journal *j)
{
	j->base += j->count;
	j->count = 0;
	j->look = JOURNAL_STEP;
}

static bool
is_busy(struct poster *p)
{
	pthread_mutex_lock(&p->lock);
	bool busy = p->count != 0;
	pthread_mutex_unlock(&p->lock);
	return busy;
}

/* Another step is full: go on with another journal while this one is
 * posted, unless there is room and the thread has not done the last one. */
static void
hand_over(struct journal *j)
{
	struct poster *p = j->poster;
	if (!p->has_thread)
		p->has_thread = thread_start(&p->thread, run, j);
	if (!p->has_thread) {
		journal_post(j);
		return;
	}
	if (j->count < JOURNAL_ENTRIES && is_busy(p)) {
		j->look += JOURNAL_STEP;
		return;
	}
	wait_for_thread(p);
	struct entry *posted = p->entries != NULL ? p->entries :
	    new_entries();
	pthread_mutex_lock(&p->lock);
	p->entries = j->entries;
	p->count = j->count;
	pthread_cond_signal(&p->changed);
	pthread_mutex_unlock(&p->lock);
	j->entries = posted;
	empty(j);
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
	free(p->order);
	free(p->entries);
	free(p);
	free(j->entries);
	*j = (struct journal){ 0 };
}

/*
 * Writing.
 */

static struct entry *
next_entry(struct journal *j)
{
	if (j->count == j->look)
		hand_over(j);
	return &j->entries[j->count++];
}

uint32_t
journal_append(struct journal *j, uint32_t flow, uint32_t second,
    unsigned way, uint32_t bytes)
{
	struct entry *e = next_entry(j);
	e->flow = flow;
	e->second = second;
	e->bytes[way] = bytes;
	e->bytes[way ^ 1] = 0;
	e->packets[way] = 1;
	e->packets[way ^ 1] = 0;
	return j->base + j->count - 1;
}

void
journal_close(struct journal *j, uint32_t flow)
{
	*next_entry(j) = (struct entry){ .flow = flow };
}

void
journal_post(struct journal *j)
{
	wait_for_thread(j->poster);
	post(j, j->entries, j->count);
	empty(j);
}
