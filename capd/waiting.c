/* SPDX-License-Identifier: MIT
 *
 * Waiting, and resting.
 */
#include "capd/waiting.h"

#include <string.h>

#include "capd/clock.h"

enum {
	BLOCK = 256 * 1024,	/* as libpcap sets up the buffer */
	SLOT = 88,		/* what the kernel adds to a packet, bytes */
	BURST = 128 * 1024,	/* bytes/ms that may come all of a sudden */
	SHARE = 4,		/* a look takes 1/4 of the buffer at most */
	LEAST = 20,		/* ms: less is no rest */
};

static uint64_t
smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/* The kernel's buffer of each interface, bytes. */
static uint64_t
room(const struct capture *c)
{
	return (uint64_t)c->start->capd->buffer / c->start->settings->count;
}

/* What so many packets take of it. */
static uint64_t
size(const struct capture *c, uint64_t packets)
{
	return packets * (c->start->settings->snaplen + SLOT);
}

/* In how many ms has come what was read in this look?  Behind a quiet time it
 * may be the start of a burst, and only its own timestamps tell. */
static uint64_t
came_in(const struct waiting *w, const struct capture *c, uint64_t now)
{
	uint64_t first = UINT64_MAX, last = 0;
	for (unsigned i = 0; i < c->start->settings->count; i++) {
		const struct source_live *s = &c->sources[i];
		if (s->first != 0 && s->first < first)
			first = s->first;
		if (s->first != 0 && s->last > last)
			last = s->last;
	}
	uint64_t span = last > first ? (last - first) / CLOCK_MS : 0;
	return smaller(now - w->look_at, span) + 1;
}

/* How long to rest now that a look is over, ms; 0: not at all.  Rests divide
 * the time to the next tick, when a look is due anyway. */
static uint64_t
rest_time(const struct waiting *w, const struct capture *c, uint64_t now)
{
	uint64_t left = w->tick_due > now ? w->tick_due - now : 0;
	uint64_t bytes = size(c, c->totals.counters.packets - w->packets);
	uint64_t rate = bytes / came_in(w, c, now) + 1;	/* a ms */
	/* The kernel keeps a packet until its block is full or it is time. */
	uint64_t kept = smaller(BLOCK / rate, SOURCE_TIMEOUT);
	uint64_t rest = smaller(c->start->capd->latency - kept,
	    room(c) / SHARE / rate);
	if (bytes == 0 || c->until != UINT64_MAX || rest < LEAST)
		return 0;
	return left <= rest ? left : left / ((left + rest - 1) / rest);
}

/* Packets that the kernel has counted. */
static uint64_t
count_all(struct capture *c)
{
	uint64_t came = 0;
	for (unsigned i = 0; i < c->start->settings->count; i++) {
		if (c->sources[i].pcap != NULL)
			source_live_count(&c->sources[i]);
		came += c->sources[i].came;
	}
	return came;
}

/* Only the keeper and the reader can end a rest, or more packets than were
 * to be expected.  Before a sudden burst could fill the buffer, the kernel's
 * counters tell whether there is one, at less than half of what a look costs.
 */
static void
rest(struct waiting *w, struct capture *c)
{
	uint64_t now = clock_ms(), ms = rest_time(w, c, now), end = now + ms;
	uint64_t most = room(c), used = 0, before = 0;
	w->packets = c->totals.counters.packets;
	w->look_at = now;
	for (unsigned i = 0; i < c->start->settings->count; i++)
		c->sources[i].first = 0;
	if (ms > most / BURST)
		before = count_all(c);
	while (now < end) {
		uint64_t nap = smaller(end - now, (most - used) / BURST);
		if (nap < LEAST && now + nap < end)
			return;
		if (poll(w->fds, WAITING_SOURCES, (int)nap) != 0)
			return;
		now = clock_ms();
		if (now >= end)
			return;
		used = size(c, count_all(c) - before);
		if (used >= most / SHARE)
			return;
	}
}

void
waiting_wait(struct waiting *w, struct capture *c)
{
	unsigned count = c->start->settings->count;
	bool full = capture_is_full(c);
	w->behind = false;
	w->fds[WAITING_KEEPER] = (struct pollfd){ .fd = c->start->keeper,
		.events = POLLIN };
	w->fds[WAITING_OUTPUT] = (struct pollfd){
		.fd = c->reader_left ? -1 : c->output.fd };
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
