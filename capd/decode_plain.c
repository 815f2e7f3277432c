/* SPDX-License-Identifier: MIT
 *
 * What nearly all frames are, read in one go: TCP or UDP with its ports, in
 * IPv4 without options or in IPv6 without extension headers, in Ethernet
 * without tags.  A shortcut only: walking the layers gives the same record,
 * as tests compare, at more than twice the instructions.
 */
#include <stddef.h>
#include <string.h>

#include "capd/layer.h"
#include "lib/protocol.h"

enum { ETHERNET = 14, IPV4 = 20, IPV6 = 40 };

/* The first `end` bytes of the frame are IP headers and what these say is
 * behind them. */
static bool
transport(const uint8_t *frame, size_t at, size_t end, uint8_t protocol,
    struct record_packet *p)
{
	const uint8_t *h = frame + at;
	if (protocol == PROTOCOL_TCP && end >= at + 14)
		p->tcp_flags = h[13];
	else if (protocol != PROTOCOL_UDP || end < at + 4)
		return false;
	p->src_port = be16(h);
	p->dst_port = be16(h + 2);
	p->protocol = protocol;
	return true;
}

static bool
ipv4(const uint8_t *frame, size_t captured, struct record_packet *p)
{
	const uint8_t *h = frame + ETHERNET;
	if (captured < ETHERNET + IPV4 || h[0] != 0x45 ||
	    (be16(h + 6) & 0x3fff) != 0)
		return false;
	size_t end = ETHERNET + (size_t)be16(h + 2);
	p->family = ADDR_IPV4;
	memcpy(p->src, h + 12, 4);
	memcpy(p->dst, h + 16, 4);
	return transport(frame, ETHERNET + IPV4,
	    end < captured ? end : captured, h[9], p);
}

static bool
ipv6(const uint8_t *frame, size_t captured, struct record_packet *p)
{
	const uint8_t *h = frame + ETHERNET;
	if (captured < ETHERNET + IPV6 || h[0] >> 4 != 6)
		return false;
	size_t end = ETHERNET + IPV6 + (size_t)be16(h + 4);
	p->family = ADDR_IPV6;
	memcpy(p->src, h + 8, 16);
	memcpy(p->dst, h + 24, 16);
	return transport(frame, ETHERNET + IPV6,
	    end < captured ? end : captured, h[6], p);
}

bool
decode_plain(const uint8_t *frame, uint32_t captured, uint32_t length,
    const uint8_t *mac, struct record_packet *p)
{
	if (captured < ETHERNET || captured > length)
		return false;
	/* All but ts and interface, which stay without being read. */
	memset(p, 0, offsetof(struct record_packet, ts));
	memset((uint8_t *)p + offsetof(struct record_packet, src), 0,
	    offsetof(struct record_packet, interface) -
	    offsetof(struct record_packet, src));
	p->kind = RECORD_PACKET;
	p->flags = captured < length ? RECORD_TRUNCATED : 0;
	p->frame_length = length;
	p->network_length = length - ETHERNET;
	if (mac != NULL)
		p->direction = ethernet_direction(mac, frame, frame + 6);
	unsigned type = be16(frame + 12);
	return type == 0x0800 ? ipv4(frame, captured, p) :
	    type == 0x86dd && ipv6(frame, captured, p);
}
