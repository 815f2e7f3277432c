/* SPDX-License-Identifier: MIT
 *
 * Work in parts that do not depend on each other, done by as many threads
 * as there are processors.
 */
#ifndef FLOWAGG_CREW_H
#define FLOWAGG_CREW_H

#include <pthread.h>

enum { CREW_MOST = 8 };

/* Threads that run(context), at most CREW_MOST, and one for each processor but
 * the caller's; how many could be started.  Signals are left to the caller's
 * own thread. */
struct crew {
	unsigned count;
	pthread_t threads[CREW_MOST];
};
void crew_start(struct crew *, void *(*run)(void *), void *context);
void crew_join(struct crew *);

/* Call part(context, i) for every i below `parts`, several at once, and
 * return when all are done. */
void crew_do(unsigned parts, void (*part)(void *context, unsigned i),
    void *context);

#endif
