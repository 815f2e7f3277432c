/* SPDX-License-Identifier: MIT
 *
 * 802.11 data frames that are not encrypted, with and without a radiotap
 * header before them.  Byte order is little-endian, other than everywhere
 * else.
 */
#include <string.h>

#include "capd/layer.h"

enum { TYPE_DATA = 2 };
enum { SUBTYPE_EMPTY = 4, SUBTYPE_QOS = 8 };	/* bits of the subtype */
enum { TO_DS = 0x01, FROM_DS = 0x02, PROTECTED = 0x40, ORDER = 0x80 };
enum { AMSDU = 0x80, MESH = 0x01 };	/* in the octets of QoS control */

/* Understood, and no IP that can be got at. */
static const struct layer *
no_ip(struct walk *w)
{
	w->class = FRAME_NON_IP;
	return NULL;
}

static const struct layer *
snap(struct walk *w)		/* RFC 1042; 802.1H where RFC 1042 fails */
{
	const uint8_t *h = cursor_take(&w->c, 8);
	if (memcmp(h, "\xaa\xaa\x03\0\0\0", 6) != 0 &&
	    memcmp(h, "\xaa\xaa\x03\0\0\xf8", 6) != 0)
		return no_ip(w);
	return layer_choose(w, link_ethertypes, be16(h + 6));
}

static const struct layer layer_snap = { "snap", snap };

/* What a mesh puts before its packets.  Elsewhere its bit of QoS control has
 * other meanings, and SNAP follows, whose first byte no mesh flags can be. */
static void
mesh_control(struct cursor *c)	/* IEEE 802.11-2020, 9.2.4.5 and 9.2.4.7 */
{
	uint8_t extension = cursor_peek(c, 0);	/* so many addresses */
	if (extension <= 2)
		cursor_skip(c, 6 + 6 * (size_t)extension);
}

/* `padded`: the header is filled up to a multiple of four bytes. */
static const struct layer *
mac_header(struct walk *w, bool padded)	/* IEEE 802.11-2020, 9.2 and 9.3.2 */
{
	const uint8_t *start = w->c.at;
	const uint8_t *control = cursor_take(&w->c, 2);
	unsigned version = control[0] & 3, type = control[0] >> 2 & 3;
	unsigned subtype = control[0] >> 4, flags = control[1];
	if (w->c.cut)
		return NULL;
	if (version != 0 || type != TYPE_DATA ||
	    (subtype & SUBTYPE_EMPTY) != 0)
		return no_ip(w);

	const uint8_t *h = cursor_take(&w->c, 22);
	bool later_fragment = (h[20] & 15) != 0;
	if ((flags & TO_DS) != 0 && (flags & FROM_DS) != 0)
		cursor_skip(&w->c, 6);	/* a fourth address */
	bool amsdu = false, mesh = false;
	if ((subtype & SUBTYPE_QOS) != 0) {
		const uint8_t *qos = cursor_take(&w->c, 2);
		amsdu = (qos[0] & AMSDU) != 0;
		/* To an access point alone, that is a queue's length. */
		mesh = (qos[1] & MESH) != 0 && (flags & FROM_DS) != 0;
		if ((flags & ORDER) != 0)
			cursor_skip(&w->c, 4);	/* HT control */
	}
	if (padded)
		cursor_skip(&w->c, -(size_t)(w->c.at - start) & 3);
	if ((flags & PROTECTED) != 0 || amsdu || later_fragment)
		return no_ip(w);
	if (mesh)
		mesh_control(&w->c);
	return &layer_snap;
}

static const struct layer *
wifi(struct walk *w)		/* LINKTYPE_IEEE802_11 */
{
	return mac_header(w, false);
}

/* The flags field of a radiotap header; 0 where there is none. */
static uint8_t
radiotap_flags(struct cursor c)	/* radiotap.org, "Flags" */
{
	enum { TSFT = 1, FLAGS = 2 };
	const uint32_t extended = 0x80000000;
	const uint8_t *start = c.at;
	cursor_skip(&c, 4);
	uint32_t present = le32(cursor_take(&c, 4)), more = present;
	while ((more & extended) != 0 && !c.cut)
		more = le32(cursor_take(&c, 4));
	if ((present & FLAGS) == 0)
		return 0;
	if ((present & TSFT) != 0) {	/* eight bytes, aligned */
		cursor_skip(&c, -(size_t)(c.at - start) & 7);
		cursor_skip(&c, 8);
	}
	return *cursor_take(&c, 1);
}

static const struct layer *
radiotap(struct walk *w)	/* LINKTYPE_IEEE802_11_RADIOTAP */
{
	enum { PADDED = 0x20 };
	struct cursor inside = w->c;
	const uint8_t *h = cursor_take(&w->c, 8);
	size_t len = le16(h + 2);
	if (h[0] != 0 || len < 8)
		return NULL;		/* malformed */
	cursor_limit(&inside, inside.at, len);
	cursor_skip(&w->c, len - 8);
	if (w->c.cut)
		return NULL;
	return mac_header(w, (radiotap_flags(inside) & PADDED) != 0);
}

const struct layer layer_wifi = { "802.11", wifi };
const struct layer layer_radiotap = { "radiotap", radiotap };
