/* SPDX-License-Identifier: MIT
 *
 * What the decoders of the layers share.  A layer reads its header through
 * the cursor, notes facts in the record, and names its successor.
 */
#ifndef CAPD_LAYER_H
#define CAPD_LAYER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "capd/cursor.h"
#include "capd/decode.h"
#include "capd/fragments.h"
#include "lib/record.h"

/* One frame being decoded. */
struct walk {
	struct cursor c;
	struct record_packet *p;
	enum frame_class class;		/* FRAME_MALFORMED until more is known */
	const uint8_t *network;		/* where IP starts, or null */
	const uint8_t *mac;		/* ours, or null */
	struct fragments *fragments;
	bool first_fragment;		/* others follow; remember its ports */
	uint32_t fragment_id;
};

struct layer {
	const char *name;
	/* Null: the walk ends, and w->class is what the frame is. */
	const struct layer *(*decode)(struct walk *w);
};

/* The successor by a number in a header. */
struct mux {
	uint32_t number;
	const struct layer *layer;	/* null ends the table */
};

/* Null with FRAME_NON_IP when the number is in no row. */
static inline const struct layer *
layer_choose(struct walk *w, const struct mux *m, uint32_t number)
{
	for (; m->layer != NULL; m++)
		if (m->number == number)
			return m->layer;
	w->class = FRAME_NON_IP;
	return NULL;
}

/* decode_link.c: by libpcap's DLT_ value; null when it is not decoded. */
const struct layer *link_layer(int linktype, bool wifi);

/* What may stand behind an Ethernet type. */
extern const struct mux link_ethertypes[];

/* By the hardware addresses; `mac` is ours. */
static inline uint8_t
ethernet_direction(const uint8_t *mac, const uint8_t *dst, const uint8_t *src)
{
	if (memcmp(src, mac, 6) == 0)
		return DIRECTION_OUT;
	if (memcmp(dst, mac, 6) == 0 || (dst[0] & 1) != 0)
		return DIRECTION_IN;
	return DIRECTION_UNKNOWN;
}

/* decode_plain.c: the whole record of an Ethernet frame like most; false for
 * any other, whose layers are to be walked. */
bool decode_plain(const uint8_t *frame, uint32_t captured, uint32_t length,
    const uint8_t *mac, struct record_packet *);

/* decode_wifi.c */
extern const struct layer layer_wifi, layer_radiotap;

/* decode_ip.c */
extern const struct layer layer_ipv4, layer_ipv6;

/* decode_transport.c: by protocol; null when it is not looked into. */
extern const struct layer *const transport_layers[256];

#endif
