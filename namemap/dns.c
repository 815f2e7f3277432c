/* SPDX-License-Identifier: MIT
 *
 * c-ares as a source of names.  It sends, matches replies to questions,
 * tries again and turns to TCP; what an answer says is read in answer.c,
 * since its times to live are wanted too.
 */
#include "namemap/dns.h"

#include <ares.h>
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

#include "lib/xalloc.h"
#include "namemap/answer.h"

enum { FIRST_WAIT = 2000, TRIES = 2 };	/* 2 s, then 4 s, each server */
enum { SOCKETS = 256 };

struct dns {
	ares_channel channel;
	bool up;
	struct server servers[SERVERS];
	size_t server_count;
	struct reply_to to;
	struct pollfd fds[SOCKETS];
	size_t fd_count;
	struct own own;
};

struct question {
	struct dns *dns;
	struct addr addr;
};

static uint64_t
wall_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_REALTIME, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void
socket_changed(void *arg, ares_socket_t fd, int reads, int writes)
{
	struct dns *d = arg;
	size_t i = 0;
	while (i < d->fd_count && d->fds[i].fd != fd)
		i++;
	if (!reads && !writes) {
		own_closed(&d->own, fd, wall_ms());
		if (i < d->fd_count)
			d->fds[i] = d->fds[--d->fd_count];
		return;
	}
	if (i == SOCKETS)	/* not watched: its questions time out */
		return;
	if (i == d->fd_count)
		d->fd_count++;
	d->fds[i] = (struct pollfd){ .fd = fd, .events = (short)
	    ((reads ? POLLIN : 0) | (writes ? POLLOUT : 0)) };
}

static int
socket_opened(ares_socket_t fd, int type, void *arg)
{
	struct dns *d = arg;
	own_opened(&d->own, fd, type, wall_ms());
	return ARES_SUCCESS;
}

static int
set_servers(struct dns *d)
{
	struct ares_addr_port_node nodes[SERVERS] = { 0 };
	for (size_t i = 0; i < d->server_count; i++) {
		const struct server *s = &d->servers[i];
		nodes[i].next = i + 1 < d->server_count ? &nodes[i + 1] : NULL;
		nodes[i].family = s->addr.family == ADDR_IPV6 ?
		    AF_INET6 : AF_INET;
		nodes[i].udp_port = nodes[i].tcp_port = s->port;
		memcpy(&nodes[i].addr, s->addr.bytes,
		    s->addr.family == ADDR_IPV6 ? 16 : 4);
	}
	return ares_set_servers_ports(d->channel, nodes);
}

static int
start(struct dns *d)
{
	struct ares_options options = {
		.timeout = FIRST_WAIT,
		.tries = TRIES,
		.sock_state_cb = socket_changed,
		.sock_state_cb_data = d,
	};
	int mask = ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES |
	    ARES_OPT_SOCK_STATE_CB;
#ifdef ARES_OPT_UDP_MAX_QUERIES	/* c-ares 1.20: a fresh port now and then */
	options.udp_max_queries = 64;
	mask |= ARES_OPT_UDP_MAX_QUERIES;
#endif
	int status = ares_init_options(&d->channel, &options, mask);
	if (status != ARES_SUCCESS)
		return status;
	ares_set_socket_callback(d->channel, socket_opened, d);
	d->up = true;
	return d->server_count > 0 ? set_servers(d) : ARES_SUCCESS;
}

static void
stop(struct dns *d)
{
	if (d->up)
		ares_destroy(d->channel);
	d->up = false;
}

struct dns *
dns_new(const struct server *servers, size_t count, struct reply_to to,
    const char **why)
{
	struct dns *d = xcalloc(1, sizeof(*d));
	d->to = to;
	d->server_count = count < SERVERS ? count : SERVERS;
	for (size_t i = 0; i < d->server_count; i++)
		d->servers[i] = servers[i];
	int status = ares_library_init(ARES_LIB_INIT_ALL);
	if (status == ARES_SUCCESS)
		status = start(d);
	if (status == ARES_SUCCESS)
		return d;
	*why = ares_strerror(status);
	dns_free(d);
	return NULL;
}

void
dns_free(struct dns *d)
{
	if (d == NULL)
		return;
	stop(d);
	ares_library_cleanup();
	free(d);
}

void
dns_reload(struct dns *d)
{
	stop(d);
	d->fd_count = 0;
	if (start(d) != ARES_SUCCESS)
		stop(d);
}

void
dns_servers(const struct dns *d, struct servers *s)
{
	struct ares_addr_port_node *nodes = NULL;
	*s = (struct servers){ 0 };
	if (!d->up)
		return;
	if (ares_get_servers_ports(d->channel, &nodes) != ARES_SUCCESS)
		s->more = true;
	for (struct ares_addr_port_node *n = nodes; n != NULL; n = n->next) {
		struct server server = { .port = (uint16_t)n->udp_port };
		bool is_v6 = n->family == AF_INET6;
		server.addr.family = is_v6 ? ADDR_IPV6 : ADDR_IPV4;
		memcpy(server.addr.bytes, &n->addr, is_v6 ? 16 : 4);
		servers_add(s, &server);
	}
	ares_free_data(nodes);
}

void
dns_withdraw(struct dns *d)
{
	if (d->up)
		ares_cancel(d->channel);
}

static void
answered(void *arg, int status, int timeouts, unsigned char *message, int len)
{
	struct question *q = arg;
	struct reply_to to = q->dns->to;
	struct reply reply = { .addr = q->addr, .kind = REPLY_SILENT };
	struct answer answer = { .ttl = 0 };
	(void)timeouts;
	free(q);
	if (status == ARES_EDESTRUCTION || status == ARES_ECANCELLED) {
		reply.kind = REPLY_WITHDRAWN;
	} else if (message != NULL && len > 0 && (status == ARES_SUCCESS ||
	    status == ARES_ENODATA || status == ARES_ENOTFOUND)) {
		static const enum reply_kind kinds[] = {
			[ANSWER_NAME] = REPLY_NAME,
			[ANSWER_NONE] = REPLY_NONE,
			[ANSWER_BAD] = REPLY_BAD,
		};
		reply.kind = kinds[answer_parse(message, (size_t)len,
		    &reply.addr, &answer)];
		reply.name = answer.name;
		reply.ttl = answer.ttl;
	} else if (status == ARES_EBADRESP || status == ARES_EFORMERR) {
		reply.kind = REPLY_BAD;
	}
	to.take(to.arg, &reply);
}

void
dns_ask(struct dns *d, const struct addr *a)
{
	char text[ANSWER_QUESTION];
	struct question *q = xmalloc(sizeof(*q));
	*q = (struct question){ d, *a };
	answer_question(a, text);
	if (d->up)
		ares_query(d->channel, text, ns_c_in, ns_t_ptr, answered, q);
	else
		answered(q, ARES_ESERVFAIL, 0, NULL, 0);
}

size_t
dns_fds(const struct dns *d, struct pollfd *fds, size_t room)
{
	size_t n = d->fd_count < room ? d->fd_count : room;
	memcpy(fds, d->fds, n * sizeof(*fds));
	return n;
}

int
dns_timeout(const struct dns *d)
{
	struct timeval left;
	if (!d->up || ares_timeout(d->channel, NULL, &left) == NULL)
		return -1;
	return (int)(left.tv_sec * 1000 + (left.tv_usec + 999) / 1000);
}

void
dns_handle(struct dns *d, const struct pollfd *fds, size_t count)
{
	if (!d->up)
		return;
	for (size_t i = 0; i < count; i++) {
		short r = fds[i].revents;
		if (r == 0)
			continue;
		bool failed = (r & (POLLERR | POLLHUP | POLLNVAL)) != 0;
		ares_process_fd(d->channel,
		    failed || (r & POLLIN) ? fds[i].fd : ARES_SOCKET_BAD,
		    r & POLLOUT ? fds[i].fd : ARES_SOCKET_BAD);
	}
	ares_process_fd(d->channel, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
}

const struct own *
dns_own(const struct dns *d)
{
	return &d->own;
}
