/* SPDX-License-Identifier: MIT
 *
 * Transport headers: the ports, TCP's flags, what kind of ICMP.
 */
#include "capd/layer.h"
#include "lib/protocol.h"

/* Both ports, when all four octets are there. */
static void
take_ports(struct walk *w)
{
	const uint8_t *h = cursor_take(&w->c, 4);
	if (w->c.cut)
		return;
	w->p->src_port = be16(h);
	w->p->dst_port = be16(h + 2);
	w->p->flags &= (uint8_t)~RECORD_NO_PORTS;
}

static const struct layer *
ports(struct walk *w)		/* RFC 768, 3828, 4340, 9260 */
{
	take_ports(w);
	return NULL;
}

static const struct layer *
tcp(struct walk *w)		/* RFC 9293 section 3.1 */
{
	take_ports(w);
	w->p->tcp_flags = cursor_take(&w->c, 10)[9];
	return NULL;
}

static const struct layer *
icmp(struct walk *w)		/* RFC 792, RFC 4443 */
{
	struct record_packet *p = w->p;
	bool v6 = p->protocol == PROTOCOL_ICMPV6;
	const uint8_t *h = cursor_take(&w->c, 2);
	if (w->c.cut)
		return NULL;
	p->src_port = be16(h);
	p->flags &= (uint8_t)~RECORD_NO_PORTS;
	bool echo = v6 ? h[0] == 128 || h[0] == 129 : h[0] == 8 || h[0] == 0;
	if (!echo)
		return NULL;
	h = cursor_take(&w->c, 4);	/* checksum, identifier */
	if (w->c.cut)
		return NULL;
	p->dst_port = be16(h + 2);
	p->flags |= RECORD_ICMP_ECHO;
	return NULL;
}

static const struct layer layer_ports = { "ports", ports };
static const struct layer layer_tcp = { "tcp", tcp };
static const struct layer layer_icmp = { "icmp", icmp };

const struct layer *const transport_layers[256] = {
	[PROTOCOL_ICMP] = &layer_icmp,
	[PROTOCOL_TCP] = &layer_tcp,
	[PROTOCOL_UDP] = &layer_ports,
	[PROTOCOL_DCCP] = &layer_ports,
	[PROTOCOL_ICMPV6] = &layer_icmp,
	[PROTOCOL_SCTP] = &layer_ports,
	[PROTOCOL_UDPLITE] = &layer_ports,
};
