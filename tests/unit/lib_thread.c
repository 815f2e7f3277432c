/* SPDX-License-Identifier: MIT
 *
 * A timed wait ends in time, though the wall clock was set back.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "lib/thread.h"

enum { HOUR = 3600, PATIENCE = 20, WAIT = 20000 };	/* s, s, us */

/* In place of the C library's: an hour ahead of what the kernel waits for,
 * as if the clock were set back right after this look at it. */
int
clock_gettime(clockid_t id, struct timespec *t)
{
	long status = syscall(SYS_clock_gettime, id, t);
	if (id == CLOCK_REALTIME)
		t->tv_sec += HOUR;
	return (int)status;
}

static int64_t
now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int
main(void)
{
	pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	pthread_cond_t never;
	int64_t begin = now_us();
	alarm(PATIENCE);	/* ends us when the wait does not end */
	thread_condition_init(&never);
	pthread_mutex_lock(&mutex);
	while (thread_condition_wait(&never, &mutex, WAIT))
		;
	int64_t took = now_us() - begin;
	pthread_mutex_unlock(&mutex);
	pthread_cond_destroy(&never);
	if (took >= WAIT)
		return EXIT_SUCCESS;
	printf("lib_thread: waited %lld us, asked for %d\n", (long long)took,
	    WAIT);
	return EXIT_FAILURE;
}
