/* SPDX-License-Identifier: MIT
 *
 * Threads without signals.
 */
#include "lib/thread.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>

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
