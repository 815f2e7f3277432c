/* SPDX-License-Identifier: MIT
 *
 * Signals that are blocked from the look at what came up to the wait.
 */
#include "flowagg/stop.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>

#include "lib/io.h"

static volatile sig_atomic_t asked;
static sigset_t caught;

static void
on_signal(int number)
{
	(void)number;
	asked = 1;
}

void
stop_catch(void)
{
	static const int numbers[] = { SIGINT, SIGTERM,
		SIGHUP };		/* but under nohup(1) */
	sigemptyset(&caught);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (io_catch(numbers[i], on_signal))
			sigaddset(&caught, numbers[i]);
}

bool
stop_asked(void)
{
	return asked;
}

int
stop_poll(struct pollfd *fds, nfds_t count)
{
	sigset_t before;
	int ready = -1, error = EINTR;
	pthread_sigmask(SIG_BLOCK, &caught, &before);
	if (!asked) {
		ready = ppoll(fds, count, NULL, &before);
		error = errno;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = error;
	return ready;
}
