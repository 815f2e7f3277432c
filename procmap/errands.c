/* SPDX-License-Identifier: MIT
 *
 * The thread and a pipe of pointers to it.
 */
#include "procmap/errands.h"

#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include "lib/xalloc.h"
#include "procmap/priority.h"

struct errands {
	void (*run)(void *);
	int items[2];
};

static void *
work(void *argument)
{
	struct errands *e = argument;
	void *item;
	priority_background();
	while (read(e->items[0], &item, sizeof(item)) ==
	    (ssize_t)sizeof(item))
		e->run(item);
	return NULL;
}

struct errands *
errands_new(void (*run)(void *))
{
	struct errands *e = xcalloc(1, sizeof(*e));
	pthread_t thread;
	e->run = run;
	if (pipe(e->items) == -1) {
		e->items[1] = -1;
		return e;
	}
	for (int i = 0; i < 2; i++)
		fcntl(e->items[i], F_SETFD, FD_CLOEXEC);
	fcntl(e->items[1], F_SETFL, O_NONBLOCK);
	if (pthread_create(&thread, NULL, work, e) == 0) {
		pthread_detach(thread);
		return e;
	}
	close(e->items[0]);
	close(e->items[1]);
	e->items[1] = -1;
	return e;
}

/* Less than PIPE_BUF goes whole or not at all. */
bool
errands_give(struct errands *e, void *item)
{
	return e->items[1] != -1 && write(e->items[1], &item, sizeof(item)) ==
	    (ssize_t)sizeof(item);
}
