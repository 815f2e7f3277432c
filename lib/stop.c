/* SPDX-License-Identifier: MIT
 *
 * Noting signals, and holding them back.
 */
#include "lib/stop.h"

#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/io.h"

static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };

enum { COUNT = sizeof(numbers) / sizeof(numbers[0]) };

static volatile sig_atomic_t asked;

static void
note(int number)
{
	(void)number;
	asked = 1;
}

static void
end(int number)
{
	(void)number;
	_exit(EXIT_SUCCESS);
}

static void
catch_by(void (*handler)(int))
{
	for (size_t i = 0; i < COUNT; i++)
		io_catch(numbers[i], handler);
}

static void
block(sigset_t *before)
{
	sigset_t ours;
	sigemptyset(&ours);
	for (size_t i = 0; i < COUNT; i++)
		sigaddset(&ours, numbers[i]);
	pthread_sigmask(SIG_BLOCK, &ours, before);
}

void
stop_catch(void)
{
	catch_by(note);
}

bool
stop_asked(void)
{
	return asked != 0;
}

int
stop_poll(struct pollfd *fds, nfds_t count)
{
	sigset_t before;
	int ready = -1, error = EINTR;
	block(&before);
	if (!asked) {
		ready = ppoll(fds, count, NULL, &before);
		error = errno;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	errno = error;
	return ready;
}

void
stop_hold(sigset_t *mask)
{
	block(mask);
	for (size_t i = 0; i < COUNT; i++)
		sigdelset(mask, numbers[i]);
	stop_catch();
}

/* By a handler that ends it, since one that only notes may have run just before
 * the call that blocks. */
void
stop_at_once(const sigset_t *mask)
{
	catch_by(end);
	pthread_sigmask(SIG_SETMASK, mask, NULL);
}
