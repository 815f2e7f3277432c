/* SPDX-License-Identifier: MIT
 *
 * Reading without blocking: a FIFO without a writer is an empty file.
 */
#include "namemap/textfile.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/lines.h"

/* Some bytes more; false at the end, or what is taken for it. */
static bool
fill(struct lines *l, int64_t until)
{
	int got;
	while ((got = lines_fill(l)) == -1 && errno == EAGAIN) {
		struct pollfd ready = { .fd = l->fd, .events = POLLIN };
		int64_t left = until - (int64_t)clock_ms();
		if (left <= 0 || poll(&ready, 1, (int)left) != 1)
			return false;
	}
	return got == 1;
}

void
textfile_read(const char *path, int patience,
    void (*take)(void *state, char *line), void *state)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
	int64_t until = (int64_t)clock_ms() + patience;
	size_t total = 0, len;
	struct lines l;
	char *line;
	if (fd == -1)
		return;
	lines_init(&l, fd, TEXTFILE_LINE);
	for (bool more = true; more && total < TEXTFILE_MAX;) {
		size_t before = l.buf.len - l.next;
		more = fill(&l, until);
		total += l.buf.len - before;
		if (!more)	/* a last line without its newline */
			l.ended = true;
		while ((line = lines_next(&l, &len)) != NULL)
			take(state, line);
	}
	lines_done(&l);
	close(fd);
}
