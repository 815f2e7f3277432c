/* SPDX-License-Identifier: MIT
 *
 * To be preloaded: SIGTERM comes at the last moment before each wait without
 * an end, where a program that looked before, and not while it waits, misses
 * it.
 */
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

int
poll(struct pollfd *fds, nfds_t count, int timeout)
{
	struct timespec t = { .tv_sec = timeout / 1000,
		.tv_nsec = timeout % 1000 * 1000000L };
	if (timeout < 0)
		raise(SIGTERM);
	return (int)syscall(SYS_ppoll, fds, count, timeout < 0 ? NULL : &t,
	    NULL, 0);
}

int
ppoll(struct pollfd *fds, nfds_t count, const struct timespec *timeout,
    const sigset_t *mask)
{
	/* The kernel writes into it, and its sets are shorter than libc's. */
	struct timespec t = timeout != NULL ? *timeout : (struct timespec){ 0 };
	if (timeout == NULL)
		raise(SIGTERM);
	return (int)syscall(SYS_ppoll, fds, count, timeout != NULL ? &t : NULL,
	    mask, _NSIG / 8);
}
