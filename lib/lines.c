/* SPDX-License-Identifier: MIT
 *
 * A line reader over one growing buffer.
 */
#include "lib/lines.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum { BLOCK = 64 * 1024 };

void
lines_init(struct lines *l, int fd, size_t max)
{
	*l = (struct lines){ .fd = fd, .max = max };
}

void
lines_done(struct lines *l)
{
	buf_done(&l->buf);
}

int
lines_fill(struct lines *l)
{
	if (l->next > 0) {
		buf_drop(&l->buf, l->next);
		l->seen -= l->next;
		l->next = 0;
	}
	/* Large lines are read in large pieces: no quadratic copying. */
	size_t room = l->buf.size > l->buf.len + BLOCK ?
	    l->buf.size - l->buf.len - 1 : BLOCK;
	char *at = buf_reserve(&l->buf, room);
	ssize_t n;
	do
		n = read(l->fd, at, room);
	while (n == -1 && errno == EINTR);
	if (n == -1)
		return -1;
	if (n == 0)
		l->ended = true;
	l->buf.len += (size_t)n;
	return n > 0;
}

static char *
take(struct lines *l, size_t end, size_t *len)
{
	char *line = l->buf.data + l->next;
	*len = end - l->next;
	line[*len] = '\0';
	l->next = l->seen = end < l->buf.len ? end + 1 : end;
	l->number++;
	return line;
}

char *
lines_next(struct lines *l, size_t *len)
{
	while (l->seen < l->buf.len || (l->ended && l->next < l->buf.len)) {
		char *from = l->buf.data + l->seen;
		char *newline = memchr(from, '\n', l->buf.len - l->seen);
		if (newline == NULL && !l->ended) {
			l->seen = l->buf.len;
			if (l->skipping || l->seen - l->next > l->max) {
				l->skipping = true;
				l->next = l->seen;
			}
			return NULL;
		}
		size_t end = newline != NULL ?
		    (size_t)(newline - l->buf.data) : l->buf.len;
		bool skip = l->skipping || end - l->next > l->max;
		char *line = take(l, end, len);
		l->skipping = false;
		if (!skip)
			return line;
		l->too_long++;
	}
	if (l->ended && l->skipping) {	/* its end was that of the input */
		l->skipping = false;
		l->number++;
		l->too_long++;
	}
	return NULL;
}

const char *
lines_begun(const struct lines *l, size_t *len)
{
	*len = l->skipping ? 0 : l->buf.len - l->next;
	return *len > 0 ? l->buf.data + l->next : "";
}
