/* SPDX-License-Identifier: MIT
 *
 * Writing records so that being killed never tears one.
 */
#include "capd/output.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "lib/io.h"

_Static_assert(PIPE_BUF % RECORD_SIZE == 0, "whole slots in a piece");
_Static_assert(PIPE_BUF >= sizeof(struct record_tick), "a tick is a piece");

void
output_init(struct output *o, int keeper, enum record_form form)
{
	*o = (struct output){ .fd = STDOUT_FILENO, .keeper = keeper,
		.waits = !io_is_file(STDOUT_FILENO) &&
			io_waits(STDOUT_FILENO) };
	record_writer_init(&o->text, -1, form);
}

void
output_names(struct output *o, const struct record_source *s)
{
	if (o->text.form == FORM_BINARY)
		return;
	record_write_source(&o->text, s);
	buf_reset(&o->text.buf);
}

/* Wait for room, for as long as there is a keeper. */
static bool
wait_for_room(const struct output *o)
{
	struct pollfd p[] = { { .fd = o->fd, .events = POLLOUT },
		{ .fd = o->keeper } };
	while (poll(p, 2, -1) == -1)
		if (errno != EINTR)
			return false;
	if (io_reader_left(p[0].revents))
		errno = EPIPE;
	else if ((p[1].revents & (POLLHUP | POLLERR)) != 0)
		errno = ECANCELED;
	else
		return true;
	return false;
}

static bool
write_all(const struct output *o, const void *bytes, size_t len)
{
	const char *at = bytes;
	while (len > 0) {
		if (o->waits && !wait_for_room(o))
			return false;
		size_t piece = o->waits && len > PIPE_BUF ? PIPE_BUF : len;
		ssize_t n = io_write(o->fd, at, piece);
		if (n == -1 && errno == EAGAIN) {
			if (!wait_for_room(o))
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

/* The lines made so far, in pieces that end with a line where they can. */
static bool
write_lines(struct output *o)
{
	const char *at = o->text.buf.data;
	size_t left = o->text.buf.len;
	while (left > 0) {
		size_t piece = left;
		if (piece > PIPE_BUF) {
			const char *end = memrchr(at, '\n', PIPE_BUF);
			piece = end != NULL ? (size_t)(end - at) + 1 :
			    PIPE_BUF;
		}
		if (!write_all(o, at, piece))
			return false;
		at += piece;
		left -= piece;
	}
	buf_reset(&o->text.buf);
	return true;
}

bool
output_packets(struct output *o, const struct record_packet *p,
    unsigned count)
{
	if (o->text.form == FORM_BINARY)
		return write_all(o, p, count * sizeof(*p));
	for (unsigned i = 0; i < count; i++)
		record_write_packet(&o->text, &p[i]);
	return write_lines(o);
}

bool
output_tick(struct output *o, const struct record_tick *t)
{
	if (o->text.form == FORM_BINARY)
		return write_all(o, t, sizeof(*t));
	record_write_tick(&o->text, t);
	return write_lines(o);
}
