/* SPDX-License-Identifier: MIT
 *
 * What the fuzz targets of capd's decoder share: frames, and what must hold
 * of whatever comes out of them.
 */
#ifndef TESTS_FUZZ_FRAME_H
#define TESTS_FUZZ_FRAME_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "capd/decode.h"
#include "lib/protocol.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static inline void
require(bool good)
{
	if (!good)
		abort();
}

/* A seed may be a pcap file: then its first frame is meant. */
static inline void
frame_in_seed(const uint8_t **data, size_t *len)
{
	if (*len >= 40 && memcmp(*data, "\xd4\xc3\xb2\xa1", 4) == 0) {
		*data += 40;
		*len -= 40;
	}
}

static inline void
check_record(enum frame_class class, const struct record_packet *p,
    uint32_t length)
{
	require(class <= FRAME_UNSUPPORTED);
	require(p->frame_length == length);
	require(p->network_length <= length);
	if (class != FRAME_FLOW)
		return;
	require(p->kind == RECORD_PACKET && p->tail == 0);
	require(p->family == ADDR_IPV4 || p->family == ADDR_IPV6);
	require(p->direction <= DIRECTION_OUT && p->vlan < 4096);
	require((p->flags & ~15) == 0);
	if ((p->flags & RECORD_NO_PORTS) != 0)
		require((protocol_has_ports(p->protocol) ||
		    p->protocol == PROTOCOL_ICMP ||
		    p->protocol == PROTOCOL_ICMPV6) &&
		    p->src_port == 0 && p->dst_port == 0);
	if (p->tcp_flags != 0)
		require(p->protocol == PROTOCOL_TCP);
	if ((p->flags & RECORD_ICMP_ECHO) != 0)
		require(p->protocol == PROTOCOL_ICMP ||
		    p->protocol == PROTOCOL_ICMPV6);
}

static inline struct decoder *
new_decoder(void)
{
	static const uint8_t mac[6] = { 2, 0, 0, 0, 0, 1 };
	struct decoder *d = decoder_new(true);
	decoder_set_mac(d, mac);
	return d;
}

/* One decoder for all inputs: it is large, and its fragment table fills up
 * on the way; and one to compare with. */
static inline struct decoder *
the_decoder(void)
{
	static struct decoder *d;
	if (d == NULL)
		d = new_decoder();
	return d;
}

static inline struct decoder *
the_walker(void)
{
	static struct decoder *d;
	if (d == NULL) {
		d = new_decoder();
		decoder_walk(d);
	}
	return d;
}

/* The same without decode_plain.c's shortcut. */
static inline void
check_walk(struct decoder *walker, int linktype, const uint8_t *frame,
    uint32_t captured, uint32_t length, const struct record_packet *p)
{
	struct record_packet walked = { .ts = p->ts };
	decode(walker, linktype, frame, captured, length, &walked);
	/* Ports of later fragments depend on what the tables still have. */
	require((p->flags & RECORD_FRAGMENT) != 0 ||
	    memcmp(&walked, p, sizeof(walked)) == 0);
}

/* Decode a frame that has exactly its bytes, so that the sanitizer sees a
 * read too far. */
static inline void
decode_frame(struct decoder *d, int linktype, const uint8_t *data,
    size_t len, uint32_t length)
{
	struct record_packet p = { .ts = 0 };
	uint8_t *exact = malloc(len > 0 ? len : 1);
	require(exact != NULL);
	if (len > 0)
		memcpy(exact, data, len);
	check_record(decode(d, linktype, exact, (uint32_t)len, length, &p),
	    &p, length);
	check_walk(the_walker(), linktype, exact, (uint32_t)len, length, &p);
	free(exact);
}

#endif
