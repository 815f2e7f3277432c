/* SPDX-License-Identifier: MIT
 *
 * Waiting, and resting.
 */
#include "capd/waiting.h"

#include <string.h>

#include "capd/clock.h"

enum {
	REST = 40,		/* ms; a packet may wait for 50 */
	BLOCK = 256 * 1024,	/* as libpcap sets up the buffer */
	SLOT = 128,		/* what the kernel adds to a packet, bytes */
	SHARE = 4,		/* rest while a look takes 1/4 of the buffer */
};

/* A look is over: was it at more than a block for each time-out, yet at so
 * little that far more would fit? */
static bool
is_busy(const struct waiting *w, const struct capture *c, uint64_t now)
{
	const struct child_start *s = c->start;
	uint64_t room = (uint64_t)s->capd->buffer / s->settings->count;
	uint64_t bytes = (c->totals.counters.packets - w->packets) *
	    (s->settings->snaplen + SLOT);
	return bytes * SOURCE_TIMEOUT > BLOCK * (now - w->look_at) &&
	    bytes < room / SHARE;
}

/* Only the keeper and the reader can end a rest. */
static void
rest(struct waiting *w, const struct capture *c)
{
	uint64_t now = clock_ms();
	w->busy = c->until == UINT64_MAX && is_busy(w, c, now);
	w->packets = c->totals.counters.packets;
	w->look_at = now;
	if (w->busy)
		poll(w->fds, WAITING_SOURCES, REST);
}

void
waiting_wait(struct waiting *w, const struct capture *c)
{
	unsigned count = c->start->settings->count;
	bool full = capture_is_full(c);
	w->behind = false;
	w->fds[WAITING_KEEPER] = (struct pollfd){ .fd = c->start->keeper,
		.events = POLLIN };
	w->fds[WAITING_OUTPUT] = (struct pollfd){ .fd = c->output.fd };
	for (unsigned i = 0; i < count; i++) {
		const struct source_live *s = &c->sources[i];
		bool open = s->pcap != NULL && !full;
		w->fds[WAITING_SOURCES + i] = (struct pollfd){
			.fd = open ? s->fd : -1, .events = POLLIN };
		w->behind = w->behind || (open && s->behind);
	}
	if (!w->behind)
		rest(w, c);
	uint64_t now = w->since = clock_ms();
	int timeout = w->behind || w->tick_due <= now ? 0 :
	    (int)(w->tick_due - now);
	if (c->until != UINT64_MAX && timeout > 1)
		timeout = 1;	/* soon over */
	if (poll(w->fds, WAITING_SOURCES + count, timeout) == -1)
		memset(w->fds, 0, sizeof(w->fds));
}

bool
waiting_is_tick(const struct waiting *w, const struct capture *c)
{
	bool more = c->totals.counters.packets != w->packets;
	return clock_ms() + (more ? REST / 2 : 0) >= w->tick_due;
}
