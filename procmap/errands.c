/* SPDX-License-Identifier: MIT
 *
 * The thread and a pipe of pointers to it.
 */
#include "procmap/errands.h"

#include <fcntl.h>
#include <poll.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/thread.h"
#include "lib/xalloc.h"
#include "procmap/priority.h"

struct errands {
	void (*run)(void *);
	int items[2];
	int end;		/* closed by the thread when it ends */
	int ended;		/* hung up then; -1: there is no thread */
	pthread_t thread;
	atomic_bool stopping;
};

static void *
work(void *argument)
{
	struct errands *e = argument;
	void *item;
	priority_background();
	while (!atomic_load(&e->stopping) && read(e->items[0], &item,
	    sizeof(item)) == (ssize_t)sizeof(item))
		if (!atomic_load(&e->stopping))
			e->run(item);
	close(e->end);
	return NULL;
}

static void
close_items(struct errands *e)
{
	close(e->items[0]);
	close(e->items[1]);
	e->items[1] = -1;
}

struct errands *
errands_new(void (*run)(void *))
{
	struct errands *e = xcalloc(1, sizeof(*e));
	int ends[2];
	e->run = run;
	e->items[1] = e->ended = -1;
	if (pipe2(e->items, O_CLOEXEC) == -1)
		return e;
	if (pipe2(ends, O_CLOEXEC) == -1) {
		close_items(e);
		return e;
	}
	e->ended = ends[0];
	e->end = ends[1];
	fcntl(e->items[1], F_SETFL, O_NONBLOCK);
	if (!thread_start(&e->thread, work, e)) {
		close_items(e);
		close(ends[0]);
		close(ends[1]);
		e->ended = -1;
	}
	return e;
}

/* Less than PIPE_BUF goes whole or not at all. */
bool
errands_give(struct errands *e, void *item)
{
	return e->items[1] != -1 && write(e->items[1], &item, sizeof(item)) ==
	    (ssize_t)sizeof(item);
}

bool
errands_stop(struct errands *e, int milliseconds)
{
	if (e->ended != -1) {
		struct pollfd end = { .fd = e->ended };
		atomic_store(&e->stopping, true);
		close(e->items[1]);
		e->items[1] = -1;
		if (poll(&end, 1, milliseconds) != 1)
			return false;
		pthread_join(e->thread, NULL);
		close(e->items[0]);
		close(e->ended);
	}
	free(e);
	return true;
}
