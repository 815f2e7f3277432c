/* SPDX-License-Identifier: MIT
 *
 * What the captures of tests/fixtures cannot show of the decoder: our own
 * hardware address, stacks of headers without end, the cursor's rules.
 *
 * uses: capd/decode.c capd/decode_link.c capd/decode_ip.c capd/fragments.c
 * uses: capd/decode_transport.c capd/decode_wifi.c
 */
#include <pcap/dlt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capd/cursor.h"
#include "capd/decode.h"

static int failures;

static void
expect(const char *what, unsigned got, unsigned want)
{
	if (got == want)
		return;
	printf("decode: %s: %u, not %u\n", what, got, want);
	failures++;
}

static void
cursor(void)
{
	static const uint8_t bytes[] = { 1, 2, 3, 4, 5 };
	struct cursor c = { bytes, bytes + 5, false };
	expect("two bytes", be16(cursor_take(&c, 2)), 0x0102);
	expect("a look ahead", cursor_peek(&c, 2), 5);
	expect("a look too far", cursor_peek(&c, 3), 0);
	expect("is no cut", c.cut, false);
	cursor_limit(&c, bytes, 4);
	expect("a limit", (unsigned)cursor_left(&c), 2);
	expect("four are too many", be32(cursor_take(&c, 4)), 0);
	expect("that is a cut", c.cut, true);
	expect("nothing is left", (unsigned)cursor_left(&c), 0);
	expect("still zeros", *cursor_take(&c, 1), 0);
}

static unsigned
direction(struct decoder *d, const char *dst, const char *src)
{
	struct record_packet p;
	uint8_t frame[34] = { [12] = 8, [14] = 0x45, [17] = 20, [23] = 253 };
	memcpy(frame, dst, 6);
	memcpy(frame + 6, src, 6);
	decode(d, DLT_EN10MB, frame, sizeof(frame), sizeof(frame), &p);
	return p.direction;
}

static void
our_address(void)
{
	struct decoder *d = decoder_new(false);
	const char *ours = "\2\0\0\0\0\1", *other = "\2\0\0\0\0\2";
	expect("not known", direction(d, other, ours), DIRECTION_UNKNOWN);
	decoder_set_mac(d, (const uint8_t *)ours);
	expect("from us", direction(d, other, ours), DIRECTION_OUT);
	expect("to us", direction(d, ours, other), DIRECTION_IN);
	expect("between others", direction(d, other, other),
	    DIRECTION_UNKNOWN);
	expect("broadcast", direction(d, "\377\377\377\377\377\377", other),
	    DIRECTION_IN);
	expect("our broadcast", direction(d, "\377\377\377\377\377\377",
	    ours), DIRECTION_OUT);
	expect("multicast", direction(d, "\1\0\x5e\0\0\1", other),
	    DIRECTION_IN);
	decoder_set_mac(d, NULL);
	expect("forgotten", direction(d, other, ours), DIRECTION_UNKNOWN);
	decoder_free(d);
}

/* A quarter of a megabyte of tags, and of extension headers. */
static void
endless_stacks(void)
{
	enum { SIZE = 262144 };
	struct record_packet p;
	struct decoder *d = decoder_new(false);
	uint8_t *frame = malloc(SIZE);
	if (frame == NULL)
		exit(EXIT_FAILURE);
	for (size_t i = 0; i + 4 <= SIZE; i += 4)
		memcpy(frame + i, "\x81\0\0\1", 4);
	expect("tags", decode(d, DLT_EN10MB, frame, SIZE, SIZE, &p),
	    FRAME_MALFORMED);
	memset(frame, 0, SIZE);
	frame[0] = 0x60;	/* payload length 0: no limit */
	expect("extension headers", decode(d, DLT_IPV6, frame, SIZE, SIZE,
	    &p), FRAME_MALFORMED);
	expect("length", p.network_length, SIZE);
	free(frame);
	decoder_free(d);
}

static void
known_types(void)
{
	expect("Ethernet", decode_knows(DLT_EN10MB, false), true);
	expect("802.11", decode_knows(DLT_IEEE802_11, false), false);
	expect("802.11 when asked", decode_knows(DLT_IEEE802_11, true), true);
	expect("USB", decode_knows(DLT_USB_LINUX, true), false);
	expect("none", decode_knows(-1, true), false);
}

/* Captured more than the wire had: files say such things. */
static void
more_than_there_was(void)
{
	static const uint8_t frame[32] = { 0x45, [3] = 28, [9] = 17,
		[21] = 5, [23] = 6 };
	struct record_packet p;
	struct decoder *d = decoder_new(false);
	expect("class", decode(d, DLT_IPV4, frame, sizeof(frame), 10, &p),
	    FRAME_FLOW);
	expect("length", p.frame_length, 10);
	expect("port", p.dst_port, 6);
	expect("flags", p.flags, 0);
	decoder_free(d);
}

int
main(void)
{
	cursor();
	our_address();
	endless_stacks();
	known_types();
	more_than_there_was();
	return failures > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
