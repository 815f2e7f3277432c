/* SPDX-License-Identifier: MIT
 *
 * c-ares says which sockets it has; here they are noted, and whose they are.
 */
#include "namemap/channel.h"

#include <stdint.h>
#include <string.h>
#include <sys/time.h>

#include "lib/clock.h"

enum { FIRST_WAIT = 2000, TRIES = 2 };	/* 2 s, then 4 s, each server */

static uint64_t
wall_ms(void)
{
	return clock_ns(CLOCK_REALTIME) / 1000000;
}

/* The place of a socket; ->count: it has none. */
static size_t
place_of(const struct channels *all, int fd)
{
	size_t i = 0;
	while (i < all->count && all->fds[i].fd != fd)
		i++;
	return i;
}

static void
socket_changed(void *arg, ares_socket_t fd, int reads, int writes)
{
	struct channel *c = arg;
	struct channels *all = c->all;
	size_t i = place_of(all, fd);
	if (!reads && !writes) {
		own_closed(&all->own, fd, wall_ms());
		if (i < all->count) {
			all->fds[i] = all->fds[--all->count];
			all->of[i] = all->of[all->count];
		}
		return;
	}
	if (i == CHANNEL_SOCKETS)	/* not watched: questions time out */
		return;
	if (i == all->count)
		all->count++;
	all->of[i] = c;
	all->fds[i] = (struct pollfd){ .fd = fd, .events = (short)
	    ((reads ? POLLIN : 0) | (writes ? POLLOUT : 0)) };
}

static int
socket_opened(ares_socket_t fd, int type, void *arg)
{
	struct channel *c = arg;
	own_opened(&c->all->own, fd, type, wall_ms());
	return ARES_SUCCESS;
}

int
channel_start(struct channel *c, struct channels *all, int flags)
{
	struct ares_options options = {
		.flags = flags,
		.timeout = FIRST_WAIT,
		.tries = TRIES,
		.sock_state_cb = socket_changed,
		.sock_state_cb_data = c,
	};
	int mask = ARES_OPT_FLAGS | ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
	    ARES_OPT_SOCK_STATE_CB;
#ifdef ARES_OPT_UDP_MAX_QUERIES	/* c-ares 1.20: a fresh port now and then */
	options.udp_max_queries = 64;
	mask |= ARES_OPT_UDP_MAX_QUERIES;
#endif
#ifdef ARES_OPT_QUERY_CACHE	/* 1.31 remembers answers; that is cache.c's */
	options.qcache_max_ttl = 0;
	mask |= ARES_OPT_QUERY_CACHE;
#endif
#if ARES_VERSION >= 0x011600	/* 1.22: so it is where no flags are given */
	options.flags |= ARES_FLAG_EDNS;
#endif
	c->all = all;
	int status = ares_init_options(&c->ares, &options, mask);
	if (status != ARES_SUCCESS)
		return status;
	ares_set_socket_callback(c->ares, socket_opened, c);
	c->up = true;
	return ARES_SUCCESS;
}

void
channel_timeout(const struct channel *c, int *ms)
{
	struct timeval left;
	if (!c->up || ares_timeout(c->ares, NULL, &left) == NULL)
		return;
	int mine = (int)(left.tv_sec * 1000 + (left.tv_usec + 999) / 1000);
	if (*ms == -1 || mine < *ms)
		*ms = mine;
}

void
channel_go_on(struct channel *c)
{
	if (c->up)
		ares_process_fd(c->ares, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

size_t
channels_fds(const struct channels *all, struct pollfd *fds, size_t room)
{
	size_t n = all->count < room ? all->count : room;
	memcpy(fds, all->fds, n * sizeof(*fds));
	return n;
}

void
channels_handle(struct channels *all, const struct pollfd *fds, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		short r = fds[i].revents;
		size_t at = place_of(all, fds[i].fd);
		/* What was handled before may have closed it. */
		if (r == 0 || at == all->count)
			continue;
		bool failed = (r & (POLLERR | POLLHUP | POLLNVAL)) != 0;
		ares_process_fd(all->of[at]->ares,
		    failed || (r & POLLIN) ? fds[i].fd : ARES_SOCKET_BAD,
		    r & POLLOUT ? fds[i].fd : ARES_SOCKET_BAD);
	}
}
