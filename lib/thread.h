/* SPDX-License-Identifier: MIT
 *
 * A thread that takes no signals: those are for the one that reads, writes
 * and waits.  And waits of threads that no change of the wall clock prolongs.
 */
#ifndef LIB_THREAD_H
#define LIB_THREAD_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* pthread_create(3) with every signal blocked; false with errno. */
bool thread_start(pthread_t *, void *(*run)(void *), void *argument);

/* When work comes for the calling thread, it does not take the processor from
 * another one that runs, such as the one that gave it the work: it waits for
 * a processor that is free, or for its turn (SCHED_BATCH, sched(7)).  Does
 * nothing where there is no such policy. */
void thread_gives_way(void);

/* A condition for timed waits; pthread_cond_destroy(3) it. */
void thread_condition_init(pthread_cond_t *);

/* Wait at most so many microseconds, the mutex locked by us.  False when they
 * are over; true: something may have changed. */
bool thread_condition_wait(pthread_cond_t *, pthread_mutex_t *,
    int64_t microseconds);

#endif
