/* SPDX-License-Identifier: MIT
 *
 * Threads for a moment.
 */
#include "flowagg/crew.h"

#include <stdatomic.h>
#include <stddef.h>
#include <unistd.h>

#include "lib/thread.h"

void
crew_start(struct crew *c, void *(*run)(void *), void *context)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	unsigned wanted = processors < 2 ? 0 : processors > CREW_MOST ?
	    CREW_MOST : (unsigned)processors - 1;
	c->count = 0;
	while (c->count < wanted && thread_start(&c->threads[c->count], run,
	    context))
		c->count++;
}

void
crew_join(struct crew *c)
{
	for (unsigned i = 0; i < c->count; i++)
		pthread_join(c->threads[i], NULL);
	c->count = 0;
}

struct job {
	unsigned parts;
	void (*part)(void *context, unsigned i);
	void *context;
	atomic_uint next;
};

static void *
work(void *argument)
{
	struct job *j = argument;
	for (unsigned i; (i = atomic_fetch_add(&j->next, 1)) < j->parts;)
		j->part(j->context, i);
	return NULL;
}

void
crew_do(unsigned parts, void (*part)(void *context, unsigned i),
    void *context)
{
	struct job j = { .parts = parts, .part = part, .context = context };
	struct crew c;
	crew_start(&c, work, &j);
	work(&j);
	crew_join(&c);
}
