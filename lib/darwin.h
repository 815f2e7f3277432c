/* SPDX-License-Identifier: MIT
 *
 * What macOS lacks of POSIX.1-2024 and of what Linux and the BSDs share,
 * included before everything else there (see the Makefile) and nowhere else.
 */
#ifndef LIB_DARWIN_H
#define LIB_DARWIN_H

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/random.h>		/* getentropy(2) */
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#ifndef st_mtim
#define st_mtim st_mtimespec
#define st_ctim st_ctimespec
#endif
#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0		/* SIGPIPE is ignored by those who send */
#endif

/* Not at once, as the real one: a child that another thread starts right then
 * may keep an end open for as long as it lives. */
static inline int
pipe2(int ends[2], int flags)
{
	if (pipe(ends) == -1)
		return -1;
	for (int i = 0; i < 2; i++) {
		if ((flags & O_CLOEXEC) != 0)
			fcntl(ends[i], F_SETFD, FD_CLOEXEC);
		if ((flags & O_NONBLOCK) != 0)
			fcntl(ends[i], F_SETFL, O_NONBLOCK);
	}
	return 0;
}

static inline void *
memrchr(const void *bytes, int c, size_t len)
{
	const unsigned char *first = bytes;
	while (len > 0)
		if (first[--len] == (unsigned char)c)
			return (void *)(size_t)(first + len);
	return NULL;
}

/* A signal that comes just before the waiting begins is seen a second later,
 * for it waits no longer than that. */
static inline int
ppoll(struct pollfd *fds, nfds_t count, const struct timespec *wait,
    const sigset_t *mask)
{
	sigset_t before;
	int ms = 1000;
	if (wait != NULL && wait->tv_sec < 1)
		ms = (int)(wait->tv_nsec / 1000000);
	sigprocmask(SIG_SETMASK, mask, &before);
	int ready = poll(fds, count, ms);
	sigprocmask(SIG_SETMASK, &before, NULL);
	return ready;
}

#endif
