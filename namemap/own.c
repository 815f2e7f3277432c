/* SPDX-License-Identifier: MIT
 *
 * A ring of sockets.
 */
#include "namemap/own.h"

#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/protocol.h"

enum { SLACK = 2000 };		/* ms between our clock and a packet's */

static void
end_of(const struct sockaddr_storage *ss, struct addr *a, uint16_t *port)
{
	*a = (struct addr){ 0 };
	*port = 0;
	if (ss->ss_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)ss;
		a->family = ADDR_IPV4;
		memcpy(a->bytes, &in->sin_addr, 4);
		*port = ntohs(in->sin_port);
	} else if (ss->ss_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const void *)ss;
		a->family = ADDR_IPV6;
		memcpy(a->bytes, &in6->sin6_addr, 16);
		*port = ntohs(in6->sin6_port);
	}
}

/* One that is open is not forgotten: it becomes the newest again. */
static void
add(struct own *own, struct own_socket s)
{
	bool is_open = true;
	while (is_open) {
		uint64_t number = ++own->newest;
		struct own_socket *place =
		    &own->sockets[number % OWN_SOCKETS];
		struct own_socket old = *place;
		s.before = own->newest_at[s.port];
		own->newest_at[s.port] = number;
		*place = s;
		is_open = old.opened != 0 && old.closed == 0;
		s = old;
	}
}

void
own_opened(struct own *own, int fd, int type, uint64_t now)
{
	struct own_socket s = { .fd = fd, .opened = now,
		.proto = type == SOCK_STREAM ? PROTOCOL_TCP : PROTOCOL_UDP };
	struct sockaddr_storage ss = { 0 };
	socklen_t len = sizeof(ss);
	if (getsockname(fd, (struct sockaddr *)&ss, &len) == -1)
		return;
	end_of(&ss, &s.addr, &s.port);
	ss = (struct sockaddr_storage){ 0 };
	len = sizeof(ss);
	if (getpeername(fd, (struct sockaddr *)&ss, &len) == 0)
		end_of(&ss, &s.server, &s.server_port);
	add(own, s);
}

void
own_closed(struct own *own, int fd, uint64_t now)
{
	for (uint64_t i = 0; i < OWN_SOCKETS; i++) {
		struct own_socket *s =
		    &own->sockets[(own->newest - i) % OWN_SOCKETS];
		if (s->opened != 0 && s->closed == 0 && s->fd == fd) {
			s->closed = now;
			s->fd = -1;
			return;
		}
	}
}

static bool
is_between(const struct own_socket *s, const struct snapshot_flow *f)
{
	if (f->first_seen == 0)
		return true;
	return f->first_seen + SLACK >= s->opened &&
	    (s->closed == 0 || f->first_seen <= s->closed + SLACK);
}

static bool
is_end(const struct own_socket *s, const struct addr *here, uint16_t port,
    const struct addr *there, uint16_t there_port)
{
	return s->port == port && addr_equal(&s->addr, here) &&
	    (s->server.family == ADDR_NONE ||
	    (s->server_port == there_port && addr_equal(&s->server, there)));
}

/* Is it that of a socket with this port? */
static bool
has_at(const struct own *own, uint16_t port, const struct snapshot_flow *f)
{
	const struct own_socket *s;
	for (uint64_t number = own->newest_at[port];
	    number != 0 && own->newest - number < OWN_SOCKETS;
	    number = s->before) {
		s = &own->sockets[number % OWN_SOCKETS];
		if (s->proto == f->proto &&
		    (is_end(s, &f->src, f->src_port, &f->dst, f->dst_port) ||
		    is_end(s, &f->dst, f->dst_port, &f->src, f->src_port)) &&
		    is_between(s, f))
			return true;
	}
	return false;
}

bool
own_has(const struct own *own, const struct snapshot_flow *f)
{
	if (f->src_port == 0 ||
	    (f->proto != PROTOCOL_UDP && f->proto != PROTOCOL_TCP))
		return false;
	return has_at(own, f->src_port, f) || has_at(own, f->dst_port, f);
}
