/* SPDX-License-Identifier: MIT
 *
 * Holding signals back, and not.
 */
#include "procmap/signals.h"

#include <stdlib.h>
#include <unistd.h>

#include "lib/io.h"

static const int numbers[] = { SIGTERM, SIGINT, SIGHUP };

enum { COUNT = sizeof(numbers) / sizeof(numbers[0]) };

static volatile sig_atomic_t stop;

static void
note(int number)
{
	(void)number;
	stop = 1;
}

static void
end(int number)
{
	(void)number;
	_exit(EXIT_SUCCESS);
}

static void
block(sigset_t *before)
{
	sigset_t ours;
	sigemptyset(&ours);
	for (size_t i = 0; i < COUNT; i++)
		sigaddset(&ours, numbers[i]);
	sigprocmask(SIG_BLOCK, &ours, before);
}

void
signals_hold(sigset_t *mask)
{
	block(mask);
	/* Who started us may ignore it: how a child ended would be lost. */
	signal(SIGCHLD, SIG_DFL);
	for (size_t i = 0; i < COUNT; i++) {
		sigdelset(mask, numbers[i]);
		io_catch(numbers[i], note);
	}
}

bool
signals_came(void)
{
	return stop != 0;
}

/* By a handler that ends it, since one that only tells may have run just before
 * the call that blocks. */
void
signals_let_end(const sigset_t *mask)
{
	for (size_t i = 0; i < COUNT; i++)
		io_catch(numbers[i], end);
	sigprocmask(SIG_SETMASK, mask, NULL);
}

void
signals_hold_again(void)
{
	block(NULL);
	for (size_t i = 0; i < COUNT; i++)
		io_catch(numbers[i], note);
}
