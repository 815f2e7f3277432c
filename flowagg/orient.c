/* SPDX-License-Identifier: MIT
 *
 * Direction.
 */
#include "flowagg/orient.h"

#include <stdlib.h>
#include <string.h>

#include "lib/protocol.h"
#include "lib/xalloc.h"

enum { TCP_SYN = 2, TCP_ACK = 16 };
enum { SERVICE_PORTS = 1024 };		/* RFC 6335: the system ports */
enum { ECHO_REPLY = 0, ECHO6_REPLY = 129 };	/* RFC 792, RFC 4443 */

bool
orient_add_net(struct orient *o, const struct prefix *p)
{
	if (o->net_count == ORIENT_NETS)
		return false;
	o->nets[o->net_count++] = *p;
	o->has_net4 |= p->addr.family == ADDR_IPV4;
	o->has_net6 |= p->addr.family == ADDR_IPV6;
	return true;
}

void
orient_set_source(struct orient *o, const struct record_source *s)
{
	unsigned count = 0;
	for (uint16_t i = 0; i < s->interface_count; i++)
		count += s->interfaces[i].address_count;
	o->own = xreallocarray(o->own, count, sizeof(*o->own));
	o->own_count = 0;
	for (uint16_t i = 0; i < s->interface_count; i++)
		for (uint16_t a = 0; a < s->interfaces[i].address_count; a++)
			o->own[o->own_count++] =
			    s->interfaces[i].addresses[a].addr;
	o->guess = !s->live;
}

void
orient_done(struct orient *o)
{
	free(o->own);
	*o = (struct orient){ 0 };
}

static bool
in_nets(const struct orient *o, const struct addr *a)
{
	for (unsigned i = 0; i < o->net_count; i++)
		if (prefix_contains(&o->nets[i], a))
			return true;
	return false;
}

static bool
is_own(const struct orient *o, const struct addr *a)
{
	for (unsigned i = 0; i < o->own_count; i++)
		if (addr_equal(&o->own[i], a))
			return true;
	return false;
}

static enum orient_end
by_nets(const struct orient *o, const struct addr *src,
    const struct addr *dst)
{
	bool from = in_nets(o, src), to = in_nets(o, dst);
	if (from == to)
		return END_NOT_COUNTED;
	return from ? END_SRC : END_DST;
}

/* An answer whose question was not seen, as of DNS: from a port of those that
 * are for services to one that is not.  A group asks nothing. */
static bool
is_answer(const struct record_packet *p)
{
	if (p->src_port >= SERVICE_PORTS || p->dst_port < SERVICE_PORTS)
		return false;
	struct addr dst = { .family = p->family };
	memcpy(dst.bytes, p->dst, sizeof(dst.bytes));
	return (addr_kinds(&dst) & ADDR_GROUP) == 0;
}

bool
orient_sender_opened(const struct record_packet *p)
{
	if (p->protocol == PROTOCOL_TCP && (p->tcp_flags & TCP_SYN) != 0)
		return (p->tcp_flags & TCP_ACK) == 0;
	if (p->protocol == PROTOCOL_TCP)
		return p->src_port >= p->dst_port;
	if (p->protocol == PROTOCOL_ICMP && (p->flags & RECORD_ICMP_ECHO))
		return p->src_port >> 8 != ECHO_REPLY;
	if (p->protocol == PROTOCOL_ICMPV6 && (p->flags & RECORD_ICMP_ECHO))
		return p->src_port >> 8 != ECHO6_REPLY;
	return !protocol_has_ports(p->protocol) || !is_answer(p);
}

/* What a packet of a capture file, between addresses of these kinds, tells
 * about who is the client, and so probably the host that was observed. */
static enum orient_end
by_packet(const struct record_packet *p, unsigned src, unsigned dst)
{
	bool inside = (src & ADDR_INSIDE) != 0;
	if (inside != ((dst & ADDR_INSIDE) != 0))
		return inside ? END_SRC : END_DST;
	if ((p->protocol == PROTOCOL_TCP && (p->tcp_flags & TCP_SYN) != 0) ||
	    (p->flags & RECORD_ICMP_ECHO) != 0)
		return orient_sender_opened(p) ? END_SRC : END_DST;
	if (protocol_has_ports(p->protocol) && p->src_port != p->dst_port)
		return p->src_port > p->dst_port ? END_SRC : END_DST;
	return END_NUMERIC;
}

enum orient_end
orient_packet(const struct orient *o, const struct record_packet *p,
    enum orient_scope *scope)
{
	struct addr src = { .family = p->family };
	struct addr dst = { .family = p->family };
	memcpy(src.bytes, p->src, sizeof(src.bytes));
	memcpy(dst.bytes, p->dst, sizeof(dst.bytes));
	*scope = SCOPE_CROSSING;

	unsigned src_kinds = addr_kinds(&src), dst_kinds = addr_kinds(&dst);
	if (o->no_link_local && p->family == ADDR_IPV6 &&
	    ((src_kinds | dst_kinds) & ADDR_LINK_LOCAL) != 0)
		return END_NOT_COUNTED;
	if (p->family == ADDR_IPV4 ? o->has_net4 : o->has_net6)
		return by_nets(o, &src, &dst);
	bool own_src = is_own(o, &src), own_dst = is_own(o, &dst);
	if ((own_src && own_dst) ||
	    (src_kinds & dst_kinds & ADDR_LOOPBACK) != 0) {
		*scope = SCOPE_LOCAL;
		return END_NUMERIC;
	}
	if (own_src != own_dst)
		return own_src ? END_SRC : END_DST;
	if (p->direction == DIRECTION_OUT)
		return END_SRC;
	if (p->direction == DIRECTION_IN)
		return END_DST;
	/* A group cannot send, so the sender is the end to show; when we
	 * are the host that listens, it came in. */
	if ((dst_kinds & ADDR_GROUP) != 0)
		return o->guess ? END_SRC : END_DST;
	enum orient_end end = o->guess ? by_packet(p, src_kinds, dst_kinds) :
	    END_NUMERIC;
	if (end == END_NUMERIC)
		*scope = SCOPE_TRANSIT;
	return end;
}
