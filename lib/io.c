/* SPDX-License-Identifier: MIT
 *
 * Writing to a pipe whose reader may be slow or gone.
 */
#include "lib/io.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

void
io_ignore_sigpipe(void)
{
	signal(SIGPIPE, SIG_IGN);
}

bool
io_write_all(int fd, const void *bytes, size_t len)
{
	const char *at = bytes;
	while (len > 0) {
		ssize_t n = write(fd, at, len);
		if (n == -1 && errno == EAGAIN) {
			struct pollfd p = { .fd = fd, .events = POLLOUT };
			if (poll(&p, 1, -1) == -1 && errno != EINTR)
				return false;
			continue;
		}
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

long
io_write_some(int fd, const void *bytes, size_t len)
{
	const char *at = bytes;
	size_t done = 0;
	while (done < len) {
		struct pollfd p = { .fd = fd, .events = POLLOUT };
		int ready = poll(&p, 1, 0);
		if (ready == -1 && errno == EINTR)
			continue;
		if (ready == -1)
			return -1;
		if ((p.revents & (POLLERR | POLLHUP)) != 0) {
			errno = EPIPE;
			return -1;
		}
		if ((p.revents & POLLOUT) == 0)
			break;
		size_t piece = len - done < PIPE_BUF ? len - done : PIPE_BUF;
		ssize_t n = write(fd, at + done, piece);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1 && errno == EAGAIN)
			break;
		if (n == -1)
			return -1;
		done += (size_t)n;
	}
	return (long)done;
}

bool
io_reader_left(int fd)
{
	struct pollfd p = { .fd = fd, .events = 0 };
	return poll(&p, 1, 0) == 1 && (p.revents & POLLERR) != 0;
}
