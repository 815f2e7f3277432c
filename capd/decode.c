/* SPDX-License-Identifier: MIT
 *
 * Walk the layers of a frame, from the link on, and fill in a record.
 */
#include "capd/decode.h"

#include <pcap/dlt.h>
#include <stdlib.h>
#include <string.h>

#include "capd/layer.h"
#include "lib/rarely.h"
#include "lib/xalloc.h"

const uint8_t cursor_zeros[CURSOR_MOST];

struct decoder {
	int linktype;			/* of the frame before ... */
	const struct layer *link;	/* ... and how it is decoded */
	bool plain;			/* most are as decode_plain() knows */
	bool wifi;
	bool walks;			/* ... all of them */
	const uint8_t *mac;		/* in `own`, or null */
	uint8_t own[6];
	struct fragments *fragments;
};

bool
decode_knows(int linktype, bool wifi)
{
	return link_layer(linktype, wifi) != NULL;
}

struct decoder *
decoder_new(bool wifi)
{
	struct decoder *d = xcalloc(1, sizeof(*d));
	d->linktype = -1;
	d->wifi = wifi;
	d->fragments = fragments_new();
	return d;
}

void
decoder_free(struct decoder *d)
{
	if (d == NULL)
		return;
	fragments_free(d->fragments);
	free(d);
}

void
decoder_set_mac(struct decoder *d, const uint8_t *mac)
{
	d->mac = mac != NULL ? memcpy(d->own, mac, sizeof(d->own)) : NULL;
}

void
decoder_walk(struct decoder *d)
{
	d->walks = true;
	d->linktype = -1;
}

/* Layer by layer. */
static enum frame_class RARELY
walk(struct decoder *d, const uint8_t *frame, uint32_t captured,
    uint32_t length, struct record_packet *p)
{
	*p = (struct record_packet){ .kind = RECORD_PACKET,
		.flags = captured < length ? RECORD_TRUNCATED : 0,
		.frame_length = length, .network_length = length,
		.ts = p->ts, .interface = p->interface };
	if (d->link == NULL)
		return FRAME_UNSUPPORTED;

	struct walk w = { .c = { frame, frame + captured, false }, .p = p,
		.class = FRAME_MALFORMED, .fragments = d->fragments,
		.mac = d->mac };
	const struct layer *layer = d->link;
	do
		layer = layer->decode(&w);
	while (layer != NULL && !w.c.cut);

	if (w.c.cut && w.class == FRAME_NON_IP)
		w.class = FRAME_MALFORMED;
	if (w.first_fragment)
		fragments_add(w.fragments, p, w.fragment_id);
	const uint8_t *network = w.network != NULL ? w.network : w.c.at;
	uint32_t header = (uint32_t)(network - frame);
	p->network_length = header < length ? length - header : 0;
	return w.class;
}

enum frame_class
decode(struct decoder *d, int linktype, const uint8_t *frame,
    uint32_t captured, uint32_t length, struct record_packet *p)
{
	if (linktype != d->linktype) {
		d->linktype = linktype;
		d->link = link_layer(linktype, d->wifi);
		d->plain = linktype == DLT_EN10MB && !d->walks;
	}
	if (d->plain && decode_plain(frame, captured, length, d->mac, p))
		return FRAME_FLOW;
	return walk(d, frame, captured, length, p);
}

void
decode_count(struct record_counters *n, enum frame_class class,
    uint64_t bytes)
{
	switch (class) {
	case FRAME_FLOW:
		break;
	case FRAME_NON_IP:
		n->non_ip_packets++;
		n->non_ip_bytes += bytes;
		break;
	case FRAME_MALFORMED:
		n->malformed++;
		n->malformed_bytes += bytes;
		break;
	case FRAME_UNSUPPORTED:
		n->unsupported++;
		n->unsupported_bytes += bytes;
		break;
	}
}
