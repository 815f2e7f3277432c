/* SPDX-License-Identifier: MIT
 *
 * Threads without signals, waits without the wall clock.
 */
#include "lib/thread.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>

bool
thread_start(pthread_t *thread, void *(*run)(void *), void *argument)
{
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int error = pthread_create(thread, NULL, run, argument);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = error;
	return error == 0;
}

void
thread_gives_way(void)
{
#ifdef SCHED_BATCH
	const struct sched_param ordinary = { .sched_priority = 0 };
	pthread_setschedparam(pthread_self(), SCHED_BATCH, &ordinary);
#endif
}

#ifdef __APPLE__		/* no pthread_condattr_setclock(3) */

void
thread_condition_init(pthread_cond_t *condition)
{
	pthread_cond_init(condition, NULL);
}

bool
thread_condition_wait(pthread_cond_t *condition, pthread_mutex_t *mutex,
    int64_t microseconds)
{
	struct timespec wait = { .tv_sec = microseconds / 1000000,
		.tv_nsec = microseconds % 1000000 * 1000 };
	return pthread_cond_timedwait_relative_np(condition, mutex, &wait) ==
	    0;
}

#else

void
thread_condition_init(pthread_cond_t *condition)
{
	pthread_condattr_t attributes;
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(condition, &attributes);
	pthread_condattr_destroy(&attributes);
}

bool
thread_condition_wait(pthread_cond_t *condition, pthread_mutex_t *mutex,
    int64_t microseconds)
{
	struct timespec until;
	clock_gettime(CLOCK_MONOTONIC, &until);
	int64_t ns = until.tv_nsec + microseconds % 1000000 * 1000;
	until.tv_sec += (time_t)(microseconds / 1000000 + ns / 1000000000);
	until.tv_nsec = (long)(ns % 1000000000);
	return pthread_cond_timedwait(condition, mutex, &until) == 0;
}

#endif
