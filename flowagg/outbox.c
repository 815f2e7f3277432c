/* SPDX-License-Identifier: MIT
 *
 * Output that waits or does not.
 */
#include "flowagg/outbox.h"

#include <errno.h>
#include <poll.h>

#include "lib/io.h"

enum { KEEP = 4 * 1024 * 1024 };	/* a larger buffer is not kept */

static bool
drain(struct report_sink *sink)
{
	struct outbox *o = (struct outbox *)sink;
	outbox_send(o);
	return o->error == 0;
}

void
outbox_init(struct outbox *o, int fd)
{
	*o = (struct outbox){ .fd = fd };
}

void
outbox_done(struct outbox *o)
{
	buf_done(&o->sink.buf);
}

bool
outbox_is_pending(const struct outbox *o)
{
	return o->sent < o->sink.buf.len;
}

static void
emptied(struct outbox *o)
{
	o->sent = 0;
	buf_reset(&o->sink.buf);
	if (o->sink.buf.size > KEEP && !o->waits)
		buf_done(&o->sink.buf);
}

void
outbox_send(struct outbox *o)
{
	const char *at = o->sink.buf.data + o->sent;
	size_t len = o->sink.buf.len - o->sent;
	/* Only who waits may be asked to write in the middle of a report. */
	o->sink.drain = o->waits ? drain : NULL;
	if (o->error != 0 || len == 0)
		return;
	if (o->waits) {
		if (!io_write_all(o->fd, at, len))
			o->error = errno;
		emptied(o);
		return;
	}
	long n = io_write_some(o->fd, at, len);
	if (n == -1) {
		o->error = errno;
		return;
	}
	o->sent += (size_t)n;
	if (!outbox_is_pending(o))
		emptied(o);
}

bool
outbox_is_ready(struct outbox *o)
{
	outbox_send(o);
	return !outbox_is_pending(o);
}

void
outbox_finish(struct outbox *o, int milliseconds)
{
	for (; milliseconds > 0 && outbox_is_pending(o) && o->error == 0;
	    milliseconds -= 20) {
		struct pollfd p = { .fd = o->fd, .events = POLLOUT };
		poll(&p, 1, 20);
		outbox_send(o);
	}
}
