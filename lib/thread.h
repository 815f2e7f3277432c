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

/* The calling thread will not take a processor from another that runs, as
 * whoever gives it work does, when there is work: it waits for one that is
 * free, or its turn (SCHED_BATCH, sched(7)).  Where there is no such thing,
 * nothing. */
void thread_gives_way(void);

/* A condition for timed waits; pthread_cond_destroy(3) it. */
void thread_condition_init(pthread_cond_t *);

/* Wait at most so many microseconds, the mutex locked by us.  False when they
 * are over; true: something may have changed. */
bool thread_condition_wait(pthread_cond_t *, pthread_mutex_t *,
    int64_t microseconds);

#endif
