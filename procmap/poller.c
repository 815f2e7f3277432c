/* SPDX-License-Identifier: MIT
 *
 * The polling thread and its one-place mailbox.
 */
#include "procmap/poller.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/thread.h"
#include "lib/xalloc.h"
#include "procmap/clock.h"
#include "procmap/priority.h"

enum { KEEP = 120000000 };	/* us that a namespace's addresses stay */

struct poller {
	poller_take *take;
	void *state;
	enum sock_via via;
	int64_t interval;	/* us */
	unsigned share;
	int wake[2];		/* to the main loop */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct batch *ready;
	struct batch *used;	/* to be freed, a list */
	struct batch *kept;	/* as well; still the other thread's */
	struct addresses known;	/* of the last poll; the thread's own */
	int64_t due;		/* of the next poll, us since boot */
	int64_t began;		/* the last one */
	pthread_t thread;
	bool hurried;		/* somebody asked for the next one */
	bool paused;
	bool stopping;		/* asked for */
	bool ended;		/* done */
};

static void
free_used(struct poller *p)
{
	struct batch *list = p->used;
	p->used = NULL;
	pthread_mutex_unlock(&p->lock);
	while (list != NULL) {
		struct batch *next = list->next;
		batch_free(list);
		list = next;
	}
	pthread_mutex_lock(&p->lock);
}

/* Wait until a poll is due and the last one was taken; false: to stop. */
static bool
wait_for_turn(struct poller *p)
{
	for (;;) {
		int64_t wait = p->due - clock_boot_us();
		if (p->stopping)
			return false;
		if (p->used != NULL) {
			free_used(p);
			continue;
		}
		if (p->ready == NULL && !p->paused && wait <= 0)
			return true;
		if (p->ready != NULL || p->paused) {
			pthread_cond_wait(&p->changed, &p->lock);
			continue;
		}
		thread_condition_wait(&p->changed, &p->lock, wait);
	}
}

static void
finish_addresses(struct poller *p, struct batch *b)
{
	if (b->addresses.count == 0)
		return;
	addresses_keep(&b->addresses, &p->known, b->begin, b->begin - KEEP);
	addresses_sort(&b->addresses);
	addresses_done(&p->known);
	addresses_copy(&p->known, &b->addresses);
}

static void *
work(void *argument)
{
	struct poller *p = argument;
	bool first = true;
	pthread_mutex_lock(&p->lock);
	while (wait_for_turn(p)) {
		bool wanted = p->hurried;
		p->hurried = false;
		p->began = clock_boot_us();
		pthread_mutex_unlock(&p->lock);

		int64_t spent = clock_work_us();
		struct batch *b = batch_new(p->via);
		b->wanted = wanted;
		p->take(p->state, b);
		if (first)	/* that one is waited for a little */
			priority_background();
		first = false;
		finish_addresses(p, b);
		spent = clock_work_us() - spent + b->spent;

		pthread_mutex_lock(&p->lock);
		p->ready = b;
		int64_t pause = spent * p->share;
		p->due = p->began + (pause > p->interval ? pause :
		    p->interval);
		pthread_mutex_unlock(&p->lock);
		/* Readable once is enough; a full pipe says so already.  Who
		 * wakes wants the lock. */
		bool told = write(p->wake[1], "", 1) != -1 ||
		    errno == EAGAIN;
		pthread_mutex_lock(&p->lock);
		if (!told)
			break;
	}
	p->ended = true;
	pthread_cond_broadcast(&p->changed);
	pthread_mutex_unlock(&p->lock);
	return NULL;
}

static void
free_poller(struct poller *p)
{
	pthread_mutex_destroy(&p->lock);
	pthread_cond_destroy(&p->changed);
	free(p);
}

struct poller *
poller_start(poller_take *take, void *state, enum sock_via via,
    double interval, unsigned share)
{
	struct poller *p = xcalloc(1, sizeof(*p));
	p->take = take;
	p->state = state;
	p->via = via;
	p->interval = (int64_t)(interval * 1e6);
	p->share = share;
	pthread_mutex_init(&p->lock, NULL);
	thread_condition_init(&p->changed);
	if (pipe2(p->wake, O_CLOEXEC | O_NONBLOCK) == -1) {
		free_poller(p);
		return NULL;
	}
	if (!thread_start(&p->thread, work, p)) {
		int error = errno;
		close(p->wake[0]);
		close(p->wake[1]);
		free_poller(p);
		errno = error;
		return NULL;
	}
	return p;
}

int
poller_fd(const struct poller *p)
{
	return p->wake[0];
}

/* Lines pass through the thread that calls us.  The one that polls may have
 * been stopped in the middle of a few instructions, on a busy machine for
 * long: it is not waited for. */
static bool
lock_now(struct poller *p)
{
	if (pthread_mutex_trylock(&p->lock) != 0)
		return false;
	if (p->kept != NULL) {
		struct batch **last = &p->kept;
		while (*last != NULL)
			last = &(*last)->next;
		*last = p->used;
		p->used = p->kept;
		p->kept = NULL;
		pthread_cond_signal(&p->changed);
	}
	return true;
}

struct batch *
poller_get(struct poller *p)
{
	char bytes[16];
	if (!lock_now(p))
		return NULL;	/* poller_fd() stays readable */
	while (read(p->wake[0], bytes, sizeof(bytes)) > 0)
		;
	struct batch *b = p->ready;
	p->ready = NULL;
	if (b != NULL)
		pthread_cond_signal(&p->changed);
	pthread_mutex_unlock(&p->lock);
	return b;
}

struct batch *
poller_get_small(struct poller *p, size_t most)
{
	if (!lock_now(p))
		return NULL;
	bool small = p->ready != NULL && batch_size(p->ready) <= most;
	pthread_mutex_unlock(&p->lock);
	return small ? poller_get(p) : NULL;
}

struct batch *
poller_wait(struct poller *p, int milliseconds)
{
	struct pollfd wait = { .fd = p->wake[0], .events = POLLIN };
	struct batch *b = NULL;
	int64_t end = clock_boot_us() + milliseconds * 1000LL;
	if (poll(&wait, 1, milliseconds) != 1)
		return NULL;
	while ((b = poller_get(p)) == NULL && clock_boot_us() < end)
		poll(NULL, 0, 1);
	return b;
}

void
poller_free(struct poller *p, struct batch *b)
{
	if (b == NULL)
		return;
	b->next = p->kept;
	p->kept = b;
	if (lock_now(p))
		pthread_mutex_unlock(&p->lock);
}

void
poller_hurry(struct poller *p, int64_t gap)
{
	if (!lock_now(p))
		return;		/* the next snapshot will ask again */
	p->hurried = true;
	int64_t soon = p->began + gap;
	if (p->due > soon) {
		p->due = soon;
		pthread_cond_signal(&p->changed);
	}
	pthread_mutex_unlock(&p->lock);
}

void
poller_pause(struct poller *p, bool paused)
{
	pthread_mutex_lock(&p->lock);
	p->paused = paused;
	pthread_cond_signal(&p->changed);
	pthread_mutex_unlock(&p->lock);
}

static bool
wait_for_end(struct poller *p, int milliseconds)
{
	int64_t end = clock_boot_us() + milliseconds * 1000LL, left;
	pthread_mutex_lock(&p->lock);
	p->stopping = true;
	pthread_cond_broadcast(&p->changed);
	while (!p->ended && (left = end - clock_boot_us()) > 0)
		thread_condition_wait(&p->changed, &p->lock, left);
	bool ended = p->ended;
	pthread_mutex_unlock(&p->lock);
	return ended;
}

bool
poller_stop(struct poller *p, int milliseconds)
{
	if (!wait_for_end(p, milliseconds))
		return false;
	pthread_join(p->thread, NULL);
	if (lock_now(p))	/* takes what is kept */
		pthread_mutex_unlock(&p->lock);
	while (p->used != NULL) {
		struct batch *next = p->used->next;
		batch_free(p->used);
		p->used = next;
	}
	batch_free(p->ready);
	addresses_done(&p->known);
	close(p->wake[0]);
	close(p->wake[1]);
	free_poller(p);
	return true;
}
