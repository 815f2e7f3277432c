/* SPDX-License-Identifier: MIT
 *
 * Output that waits or does not.
 */
#include "flowagg/outbox.h"

#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/stop.h"

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

static void
send_some(struct outbox *o)
{
	long n = io_write_some(o->fd, o->sink.buf.data + o->sent,
	    o->sink.buf.len - o->sent);
	if (n == -1)
		o->error = errno;
	else
		o->sent += (size_t)n;
}

/* Asked to stop: one more second for a reader that takes nothing. */
static void
finish(struct outbox *o)
{
	enum { PATIENCE = 1000, STEP = 20 };	/* ms */
	int left = PATIENCE;
	while (left > 0 && outbox_is_pending(o) && o->error == 0) {
		struct pollfd p = { .fd = o->fd, .events = POLLOUT };
		if (poll(&p, 1, STEP) != 1)
			left -= STEP;
		send_some(o);
	}
}

static void
send_all(struct outbox *o)
{
	while (outbox_is_pending(o) && o->error == 0) {
		if (stop_asked()) {
			finish(o);
			if (outbox_is_pending(o) && o->error == 0)
				o->error = EPIPE;
			return;
		}
		/* Not io_write_all(): a signal must get us out of here. */
		struct pollfd p = { .fd = o->fd, .events = POLLOUT };
		ssize_t n = write(o->fd, o->sink.buf.data + o->sent,
		    o->sink.buf.len - o->sent);
		if (n == -1 && errno == EAGAIN)
			stop_poll(&p, 1);
		else if (n == -1 && errno != EINTR)
			o->error = errno;
		else if (n > 0)
			o->sent += (size_t)n;
	}
}

void
outbox_send(struct outbox *o)
{
	/* Only who waits may be asked to write in the middle of a report. */
	o->sink.drain = o->waits ? drain : NULL;
	if (o->error != 0 || !outbox_is_pending(o))
		return;
	if (o->waits)
		send_all(o);
	else
		send_some(o);
	if (o->error == 0 && !outbox_is_pending(o))
		emptied(o);
}

bool
outbox_is_ready(struct outbox *o)
{
	outbox_send(o);
	return !outbox_is_pending(o);
}
