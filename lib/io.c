/* SPDX-License-Identifier: MIT
 *
 * Writing to a pipe whose reader may be slow or gone.
 */
#include "lib/io.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

void
io_ignore_signals(void)
{
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}

bool
io_catch(int number, void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler }, old;
	if (sigaction(number, NULL, &old) == -1 || old.sa_handler == SIG_IGN)
		return false;
	return sigaction(number, &action, NULL) == 0;
}

static bool
is_closed(int fd)
{
	return fcntl(fd, F_GETFD) == -1;
}

const char *
io_closed_stream(bool reads)
{
	if (is_closed(STDERR_FILENO)) {
		int null = open("/dev/null", O_WRONLY);
		if (null != -1 && null != STDERR_FILENO) {
			dup2(null, STDERR_FILENO);
			close(null);
		}
	}
	return is_closed(STDOUT_FILENO) ? "standard output" :
	    reads && is_closed(STDIN_FILENO) ? "standard input" : NULL;
}

void
io_close_from(int lowest)
{
	/* Neither musl nor macOS has closefrom(3). */
#ifdef SYS_close_range
	if (syscall(SYS_close_range, (unsigned)lowest, ~0U, 0) == 0)
		return;
#endif
	long most = sysconf(_SC_OPEN_MAX);
	for (int fd = lowest; fd < most; fd++)
		close(fd);
}

ssize_t
io_write(int fd, const void *bytes, size_t len)
{
	ssize_t n;
	do
		n = write(fd, bytes, len);
	while (n == -1 && errno == EINTR);
	return n;
}

bool
io_write_all(int fd, const void *bytes, size_t len)
{
	const char *at = bytes;
	while (len > 0) {
		ssize_t n = io_write(fd, at, len);
		if (n == -1 && errno == EAGAIN) {
			struct pollfd p = { .fd = fd, .events = POLLOUT };
			if (poll(&p, 1, -1) == -1 && errno != EINTR)
				return false;
			continue;
		}
		if (n == -1)
			return false;
		at += n;
		len -= (size_t)n;
	}
	return true;
}

bool
io_unshare_pipe(int fd)
{
	char path[32];
	struct stat st;
	if (fstat(fd, &st) == -1 || !S_ISFIFO(st.st_mode))
		return false;
	/* Where there is no such path, or the pipe is another user's, nothing
	 * changes but the speed. */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	int own = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);
	if (own == -1)
		return false;
	bool done = dup2(own, fd) == fd;
	close(own);
	return done;
}

void
io_widen_pipe(int fd, int bytes)
{
#ifdef F_SETPIPE_SZ
	fcntl(fd, F_SETPIPE_SZ, bytes);
#else
	(void)fd;
	(void)bytes;
#endif
}

bool
io_is_file(int fd)
{
	struct stat st;
	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

bool
io_waits(int fd)
{
	int flags = fcntl(fd, F_GETFL);
	return flags == -1 || (flags & O_NONBLOCK) == 0;
}

bool
io_reader_left(int events)
{
	return (events & (POLLERR | POLLHUP | POLLNVAL)) != 0;
}

/* Is there room for PIPE_BUF bytes?  1, 0, or -1 with errno. */
static int
has_room(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	int ready;
	do
		ready = poll(&p, 1, 0);
	while (ready == -1 && errno == EINTR);
	if (ready != -1 && io_reader_left(p.revents)) {
		errno = EPIPE;
		return -1;
	}
	return ready == -1 ? -1 : (p.revents & POLLOUT) != 0;
}

long
io_write_some(int fd, const void *bytes, size_t len)
{
	const char *at = bytes;
	size_t done = 0;
	bool waits = io_waits(fd);
	while (done < len) {
		size_t piece = len - done;
		if (waits) {
			int room = has_room(fd);
			if (room == -1)
				return -1;
			if (room == 0)
				break;
			piece = piece < PIPE_BUF ? piece : PIPE_BUF;
		}
		ssize_t n = io_write(fd, at + done, piece);
		if (n == -1 && errno == EAGAIN)
			break;
		if (n == -1)
			return -1;
		done += (size_t)n;
	}
	return (long)done;
}
