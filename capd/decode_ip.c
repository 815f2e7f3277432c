/* SPDX-License-Identifier: MIT
 *
 * IPv4, and IPv6 with its extension headers.  Only the outermost IP header
 * counts.  What lies behind the length that the header claims is padding of
 * the link, never ports.
 */
#include <string.h>

#include "capd/layer.h"

/* How a packet is a fragment: RFC 791 section 2.3, RFC 8200 section 4.5. */
struct fragment {
	bool later;		/* not the first: no ports in it */
	bool more;
	uint32_t id;
};

/* The header is read; what comes next? */
static const struct layer *
payload(struct walk *w, uint8_t protocol)
{
	const struct layer *layer = transport_layers[protocol];
	w->class = FRAME_FLOW;
	w->p->protocol = protocol;
	if (layer != NULL)
		w->p->flags |= RECORD_NO_PORTS;	/* until they are read */
	return layer;
}

static const struct layer *
fragment(struct walk *w, uint8_t protocol, const struct fragment *f)
{
	const struct layer *layer = payload(w, protocol);
	if (f->later) {
		w->p->flags |= RECORD_FRAGMENT;
		fragments_find(w->fragments, w->p, f->id);
		return NULL;
	}
	/* What comes behind headers of IPv6 is told only here. */
	if (f->more && (layer != NULL || w->p->family == ADDR_IPV6)) {
		w->first_fragment = true;
		w->fragment_id = f->id;
	}
	return layer;
}

static const struct layer *
ipv4(struct walk *w)		/* RFC 791 */
{
	struct record_packet *p = w->p;
	const uint8_t *start = w->c.at;
	w->network = start;
	const uint8_t *h = cursor_take(&w->c, 20);
	size_t header = (h[0] & 15) * (size_t)4, total = be16(h + 2);
	if (h[0] >> 4 != 4 || header < 20 || (total != 0 && total < header))
		return NULL;

	p->family = ADDR_IPV4;
	memcpy(p->src, h + 12, 4);
	memcpy(p->dst, h + 16, 4);
	if (total != 0)		/* 0: segmentation left to the card */
		cursor_limit(&w->c, start, total);
	if (header > 20)
		cursor_skip(&w->c, header - 20);
	unsigned bits = be16(h + 6);
	if ((bits & 0x3fff) == 0)
		return payload(w, h[9]);
	struct fragment f = { .later = (bits & 0x1fff) != 0,
		.more = (bits & 0x2000) != 0, .id = be16(h + 4) };
	return fragment(w, h[9], &f);
}

enum { HOP_BY_HOP = 0, ROUTING = 43, FRAGMENT = 44, AUTHENTICATION = 51,
	NO_NEXT = 59, DESTINATION = 60 };

static bool
is_extension(uint8_t next)
{
	return next == HOP_BY_HOP || next == ROUTING || next == FRAGMENT ||
	    next == AUTHENTICATION || next == DESTINATION;
}

/* The length that a jumbo payload option gives; 0: there is none. */
static size_t
jumbo_length(struct cursor options)	/* RFC 2675 section 2 */
{
	enum { PAD1 = 0, JUMBO = 0xc2 };
	while (cursor_left(&options) > 0) {
		if (cursor_peek(&options, 0) == PAD1) {
			cursor_skip(&options, 1);
			continue;
		}
		const uint8_t *h = cursor_take(&options, 2);
		if (h[0] == JUMBO && h[1] == 4)
			return be32(cursor_take(&options, 4));
		cursor_skip(&options, h[1]);
	}
	return 0;
}

/* Step over one extension header; false when it cannot be read. */
static bool
extension(struct walk *w, uint8_t *next, struct fragment *f, size_t *jumbo)
{
	uint8_t kind = *next;
	const uint8_t *h = cursor_take(&w->c, 8);
	if (w->c.cut)
		return false;
	*next = h[0];
	if (kind == FRAGMENT) {		/* RFC 8200 section 4.5 */
		unsigned bits = be16(h + 2);
		*f = (struct fragment){ .later = (bits & 0xfff8) != 0,
			.more = (bits & 1) != 0, .id = be32(h + 4) };
		return true;
	}
	/* RFC 4302 section 2.2, RFC 8200 section 4.2 */
	size_t len = kind == AUTHENTICATION ? (h[1] + (size_t)2) * 4 :
	    (h[1] + (size_t)1) * 8;
	if (kind == HOP_BY_HOP && *jumbo == 0) {
		struct cursor options = { h + 2, w->c.end, false };
		cursor_limit(&options, h, len);
		*jumbo = jumbo_length(options);
	}
	cursor_skip(&w->c, len - 8);
	return true;
}

static const struct layer *
ipv6(struct walk *w)		/* RFC 8200 */
{
	struct record_packet *p = w->p;
	const uint8_t *start = w->c.at;
	w->network = start;
	const uint8_t *h = cursor_take(&w->c, 40);
	if (h[0] >> 4 != 6)
		return NULL;

	p->family = ADDR_IPV6;
	memcpy(p->src, h + 8, 16);
	memcpy(p->dst, h + 24, 16);
	size_t len = be16(h + 4), jumbo = 0;
	uint8_t next = h[6];
	bool limited = len != 0 || next == NO_NEXT;
	if (limited)
		cursor_limit(&w->c, start, 40 + len);
	if (!is_extension(next))
		return payload(w, next);
	struct fragment f = { false, false, 0 };
	while (is_extension(next) && !f.later) {
		if (!extension(w, &next, &f, &jumbo))
			return NULL;
		if (!limited && jumbo != 0) {
			cursor_limit(&w->c, start, 40 + jumbo);
			limited = true;
		}
	}
	return fragment(w, next, &f);
}

const struct layer layer_ipv4 = { "ipv4", ipv4 };
const struct layer layer_ipv6 = { "ipv6", ipv6 };
