/* SPDX-License-Identifier: MIT
 *
 * Link layers: Ethernet with VLAN tags and PPPoE, Linux cooked captures,
 * loopback, PPP, and none at all.
 */
#include <pcap/dlt.h>
#include <string.h>

#include "capd/layer.h"

/* Values of ARPHRD_ whose frames are no Ethernet-typed payload. */
enum { ARPHRD_FRAME_RELAY = 770, ARPHRD_RADIOTAP = 803,
	ARPHRD_KERNEL_NETLINK = 824 };

/* The packet type of a cooked capture: <linux/if_packet.h>. */
static uint8_t
cooked_direction(unsigned type)
{
	switch (type) {
	case 0:		/* to us */
	case 1:		/* broadcast */
	case 2:		/* multicast */
		return DIRECTION_IN;
	case 4:		/* from us */
		return DIRECTION_OUT;
	default:	/* 3: between others */
		return DIRECTION_UNKNOWN;
	}
}

static const struct layer *
ethernet(struct walk *w)	/* IEEE 802.3, RFC 894 */
{
	const uint8_t *h = cursor_take(&w->c, 14);
	if (w->mac != NULL)
		w->p->direction = ethernet_direction(w->mac, h, h + 6);
	return layer_choose(w, link_ethertypes, be16(h + 12));
}

static const struct layer *
vlan(struct walk *w)		/* IEEE 802.1Q, 802.1ad */
{
	const uint8_t *h = cursor_take(&w->c, 4);
	if (w->p->vlan == 0)
		w->p->vlan = be16(h) & 0xfff;
	return layer_choose(w, link_ethertypes, be16(h + 2));
}

static const struct layer *
cooked(struct walk *w)		/* LINKTYPE_LINUX_SLL */
{
	const uint8_t *h = cursor_take(&w->c, 16);
	unsigned hardware = be16(h + 2);
	w->p->direction = cooked_direction(be16(h));
	if (hardware == ARPHRD_FRAME_RELAY || hardware == ARPHRD_RADIOTAP ||
	    hardware == ARPHRD_KERNEL_NETLINK)
		return layer_choose(w, link_ethertypes, 0);
	return layer_choose(w, link_ethertypes, be16(h + 14));
}

static const struct layer *
cooked2(struct walk *w)		/* LINKTYPE_LINUX_SLL2 */
{
	const uint8_t *h = cursor_take(&w->c, 20);
	unsigned hardware = be16(h + 8);
	w->p->direction = cooked_direction(h[10]);
	if (hardware == ARPHRD_FRAME_RELAY || hardware == ARPHRD_RADIOTAP ||
	    hardware == ARPHRD_KERNEL_NETLINK)
		return layer_choose(w, link_ethertypes, 0);
	return layer_choose(w, link_ethertypes, be16(h));
}

/* A BSD address family of four bytes.  NULL has it in the byte order of the
 * machine that captured, LOOP in network order; nothing is lost by trying
 * both, since the families are small numbers. */
unsigned
decode_loopback(const uint8_t *h)
{
	uint32_t family = be32(h);
	switch (family <= 0xffff ? family : le32(h)) {
	case 2:			/* everywhere */
		return 4;
	case 10:		/* Linux */
	case 23:		/* Windows */
	case 24:		/* NetBSD, OpenBSD */
	case 28:		/* FreeBSD */
	case 30:		/* macOS */
		return 6;
	default:
		return 0;
	}
}

static const struct layer *
loopback(struct walk *w)	/* LINKTYPE_NULL, LINKTYPE_LOOP */
{
	static const struct mux versions[] = {
		{ 4, &layer_ipv4 },
		{ 6, &layer_ipv6 },
		{ 0, NULL },
	};
	const uint8_t *h = cursor_take(&w->c, 4);
	return layer_choose(w, versions, decode_loopback(h));
}

static const struct layer *
raw(struct walk *w)		/* LINKTYPE_RAW */
{
	switch (cursor_peek(&w->c, 0) >> 4) {
	case 4:
		return &layer_ipv4;
	case 6:
		return &layer_ipv6;
	default:
		return NULL;	/* malformed */
	}
}

/* The protocol field of PPP: one octet when it is odd, else two. */
static const struct layer *
ppp_protocol(struct walk *w)	/* RFC 1661 section 2 */
{
	static const struct mux protocols[] = {
		{ 0x0021, &layer_ipv4 },
		{ 0x0057, &layer_ipv6 },
		{ 0, NULL },
	};
	uint32_t protocol = *cursor_take(&w->c, 1);
	if ((protocol & 1) == 0)
		protocol = protocol << 8 | *cursor_take(&w->c, 1);
	return layer_choose(w, protocols, protocol);
}

static const struct layer *
ppp(struct walk *w)		/* LINKTYPE_PPP, RFC 1662 section 3.1 */
{
	if (cursor_peek(&w->c, 0) == 0xff &&
	    (cursor_left(&w->c) < 2 || cursor_peek(&w->c, 1) == 0x03))
		cursor_skip(&w->c, 2);
	return ppp_protocol(w);
}

static const struct layer *
ppp_hdlc(struct walk *w)	/* LINKTYPE_PPP_HDLC */
{
	uint8_t first = cursor_peek(&w->c, 0);
	if (first == 0x0f || first == 0x8f) {	/* Cisco HDLC */
		w->class = FRAME_UNSUPPORTED;
		return NULL;
	}
	return ppp(w);
}

static const struct layer *
pppoe(struct walk *w)		/* RFC 2516 section 4, LINKTYPE_PPP_ETHER */
{
	const uint8_t *h = cursor_take(&w->c, 6);
	if (h[1] != 0)		/* not of a session */
		return layer_choose(w, link_ethertypes, 0);
	return ppp_protocol(w);
}

static const struct layer layer_ethernet = { "ethernet", ethernet };
static const struct layer layer_vlan = { "vlan", vlan };
static const struct layer layer_cooked = { "cooked", cooked };
static const struct layer layer_cooked2 = { "cooked2", cooked2 };
static const struct layer layer_loopback = { "loopback", loopback };
static const struct layer layer_raw = { "raw", raw };
static const struct layer layer_ppp = { "ppp", ppp };
static const struct layer layer_ppp_hdlc = { "ppp-hdlc", ppp_hdlc };
static const struct layer layer_pppoe = { "pppoe", pppoe };

const struct mux link_ethertypes[] = {
	{ 0x0800, &layer_ipv4 },
	{ 0x86dd, &layer_ipv6 },
	{ 0x8100, &layer_vlan },	/* 802.1Q */
	{ 0x88a8, &layer_vlan },	/* 802.1ad */
	{ 0x9100, &layer_vlan },	/* stacked, before there was 802.1ad */
	{ 0x8864, &layer_pppoe },
	{ 0, NULL },
};

const struct layer *
link_layer(int linktype, bool wifi)
{
	static const struct mux types[] = {
		{ DLT_EN10MB, &layer_ethernet },
		{ DLT_LINUX_SLL, &layer_cooked },
		{ DLT_LINUX_SLL2, &layer_cooked2 },
		{ DLT_NULL, &layer_loopback },
		{ DLT_LOOP, &layer_loopback },
		{ DLT_RAW, &layer_raw },
		{ 12, &layer_raw },	/* DLT_RAW, on most systems */
		{ 101, &layer_raw },	/* LINKTYPE_RAW */
		{ DLT_IPV4, &layer_ipv4 },
		{ DLT_IPV6, &layer_ipv6 },
		{ DLT_PPP, &layer_ppp },
		{ DLT_PPP_SERIAL, &layer_ppp_hdlc },
		{ DLT_PPP_ETHER, &layer_pppoe },
		{ 0, NULL },
	};
	static const struct mux wifi_types[] = {
		{ DLT_IEEE802_11, &layer_wifi },
		{ DLT_IEEE802_11_RADIO, &layer_radiotap },
		{ 0, NULL },
	};
	for (const struct mux *m = types; m->layer != NULL; m++)
		if (m->number == (uint32_t)linktype)
			return m->layer;
	for (const struct mux *m = wifi_types; wifi && m->layer != NULL; m++)
		if (m->number == (uint32_t)linktype)
			return m->layer;
	return NULL;
}
