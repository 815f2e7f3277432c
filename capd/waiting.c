/* SPDX-License-Identifier: MIT
 *
 * Waiting, and resting.
 */
#include "capd/waiting.h"

#include <string.h>

#include "capd/clock.h"

enum {
	BLOCK = 256 * 1024,	/* as libpcap sets up the buffer */
	SLOT = 128,		/* what the kernel adds to a packet, bytes */
	BURST = 160 * 1024,	/* bytes/ms that may come all of a sudden */
	SHARE = 4,		/* a look takes 1/4 of the buffer at most */
	LEAST = 20,		/* ms: less is no rest */
};

static uint64_t
smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* How long to rest now that a look is over, ms; 0: not at all.  Rests divide
 * the time to the next tick, when a look is due anyway. */
static uint64_t
rest_time(const struct waiting *w, const struct capture *c, uint64_t now)
{
	uint64_t left = w->tick_due > now ? w->tick_due - now : 0;
	const struct child_start *s = c->start;
	uint64_t room = (uint64_t)s->capd->buffer / s->settings->count;
	uint64_t bytes = (c->totals.counters.packets - w->packets) *
	    (s->settings->snaplen + SLOT);
	uint64_t rate = bytes / (now - w->look_at + 1) + 1;	/* a ms */
	/* The kernel keeps a packet until its block is full or it is time. */
	uint64_t kept = smaller(BLOCK / rate, SOURCE_TIMEOUT);
	uint64_t rest = smaller(s->capd->latency - kept,
	    smaller(room / SHARE / rate, room / BURST));
	if (bytes == 0 || c->until != UINT64_MAX || rest < LEAST)
		return 0;
	return left <= rest ? left : left / ((left + rest - 1) / rest);
}

/* Only the keeper and the reader can end a rest. */
static void
rest(struct waiting *w, const struct capture *c)
{
	uint64_t now = clock_ms(), ms = rest_time(w, c, now);
	w->packets = c->totals.counters.packets;
	w->look_at = now;
	if (ms > 0)
		poll(w->fds, WAITING_SOURCES, (int)ms);
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
