/* SPDX-License-Identifier: MIT
 *
 * A handler that writes the signal's number into a pipe.
 */
#include "tuiview/signals.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

static int channel[2] = { -1, -1 };
static void (*rescue)(void);

static void
on_signal(int number)
{
	int saved = errno;
	unsigned char byte = (unsigned char)number;
	ssize_t n = write(channel[1], &byte, 1);
	(void)n;
	errno = saved;
}

/* We are about to die by our own fault: leave the terminal usable. */
static void
on_crash(int number)
{
	rescue();
	signal(number, SIG_DFL);
	raise(number);
}

static void
handle(int number, void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler,
		.sa_flags = SA_RESTART };
	sigemptyset(&action.sa_mask);
	sigaction(number, &action, NULL);
}

void
signals_catch(int number)
{
	handle(number, on_signal);
}

void
signals_start(void (*before_death)(void))
{
	static const int ours[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT,
		SIGWINCH, SIGTSTP, SIGCONT, SIGALRM, SIGVTALRM, SIGPROF,
		SIGXCPU, SIGUSR1, SIGUSR2 };
	static const int crashes[] = { SIGSEGV, SIGBUS, SIGABRT, SIGFPE,
		SIGILL, SIGSYS, SIGTRAP };
	rescue = before_death;
	if (pipe2(channel, O_CLOEXEC | O_NONBLOCK) == -1)
		err(EXIT_FAILURE, "pipe");
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		handle(ours[i], on_signal);
	for (size_t i = 0; i < sizeof(crashes) / sizeof(crashes[0]); i++)
		handle(crashes[i], on_crash);
	/* In the background, giving the terminal back must not stop us. */
	signal(SIGTTOU, SIG_IGN);
}

int
signals_fd(void)
{
	return channel[0];
}

size_t
signals_take(unsigned char *numbers, size_t size)
{
	ssize_t n = read(channel[0], numbers, size);
	return n > 0 ? (size_t)n : 0;
}
