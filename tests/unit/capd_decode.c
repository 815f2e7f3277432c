/* SPDX-License-Identifier: MIT
 *
 * What the captures of tests/fixtures cannot show of the decoder: our own
 * hardware address, stacks of headers without end, every value of a field,
 * the cursor's rules.
 *
 * uses: capd/decode.c capd/decode_link.c capd/decode_ip.c capd/fragments.c
 * uses: capd/decode_plain.c capd/decode_transport.c capd/decode_wifi.c
 */
#include <pcap/dlt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capd/cursor.h"
#include "capd/decode.h"
#include "tests/unit/expect.h"

static void
cursor(void)
{
	static const uint8_t bytes[] = { 1, 2, 3, 4, 5 };
	struct cursor c = { bytes, bytes + 5, false };
	equal("two bytes", be16(cursor_take(&c, 2)), 0x0102);
	equal("a look ahead", cursor_peek(&c, 2), 5);
	equal("a look too far", cursor_peek(&c, 3), 0);
	equal("is no cut", c.cut, false);
	cursor_limit(&c, bytes, 4);
	equal("a limit", (unsigned)cursor_left(&c), 2);
	equal("four are too many", be32(cursor_take(&c, 4)), 0);
	equal("that is a cut", c.cut, true);
	equal("nothing is left", (unsigned)cursor_left(&c), 0);
	equal("still zeros", *cursor_take(&c, 1), 0);
}

static unsigned
direction(struct decoder *d, const char *dst, const char *src)
{
	struct record_packet p = { .ts = 0 };
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
	equal("not known", direction(d, other, ours), DIRECTION_UNKNOWN);
	decoder_set_mac(d, (const uint8_t *)ours);
	equal("from us", direction(d, other, ours), DIRECTION_OUT);
	equal("to us", direction(d, ours, other), DIRECTION_IN);
	equal("between others", direction(d, other, other),
	    DIRECTION_UNKNOWN);
	equal("broadcast", direction(d, "\377\377\377\377\377\377", other),
	    DIRECTION_IN);
	equal("our broadcast", direction(d, "\377\377\377\377\377\377",
	    ours), DIRECTION_OUT);
	equal("multicast", direction(d, "\1\0\x5e\0\0\1", other),
	    DIRECTION_IN);
	decoder_set_mac(d, NULL);
	equal("forgotten", direction(d, other, ours), DIRECTION_UNKNOWN);
	decoder_free(d);
}

/* A quarter of a megabyte of tags, and of extension headers. */
static void
endless_stacks(void)
{
	enum { SIZE = 262144 };
	struct record_packet p = { .ts = 0 };
	struct decoder *d = decoder_new(false);
	uint8_t *frame = malloc(SIZE);
	if (frame == NULL)
		exit(EXIT_FAILURE);
	for (size_t i = 0; i + 4 <= SIZE; i += 4)
		memcpy(frame + i, "\x81\0\0\1", 4);
	equal("tags", decode(d, DLT_EN10MB, frame, SIZE, SIZE, &p),
	    FRAME_MALFORMED);
	memset(frame, 0, SIZE);
	frame[0] = 0x60;	/* payload length 0: no limit */
	equal("extension headers", decode(d, DLT_IPV6, frame, SIZE, SIZE,
	    &p), FRAME_MALFORMED);
	equal("length", p.network_length, SIZE);
	free(frame);
	decoder_free(d);
}

/* The address families of all systems, in both byte orders. */
static void
loopback_families(void)
{
	for (unsigned family = 0; family < 256; family++) {
		uint8_t big[4] = { [3] = (uint8_t)family };
		uint8_t little[4] = { (uint8_t)family };
		unsigned version = family == 2 ? 4 : family == 10 ||
		    family == 23 || family == 24 || family == 28 ||
		    family == 30 ? 6 : 0;
		equal("family", decode_loopback(big), version);
		equal("family", decode_loopback(little), version);
	}
}

/* What some devices have where others have an EtherType is none. */
static void
cooked_hardware(void)
{
	static const struct { unsigned type; enum frame_class class; } cases[] = {
		{ 1, FRAME_FLOW }, { 65534, FRAME_FLOW }, { 770, FRAME_NON_IP },
		{ 803, FRAME_NON_IP }, { 824, FRAME_NON_IP },
	};
	struct decoder *d = decoder_new(false);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint8_t first[36] = { [14] = 8, [16] = 0x45, [19] = 20,
			[25] = 253 };
		uint8_t second[40] = { [0] = 8, [20] = 0x45, [23] = 20,
			[29] = 253 };
		struct record_packet p = { .ts = 0 };
		first[2] = second[8] = (uint8_t)(cases[i].type >> 8);
		first[3] = second[9] = (uint8_t)cases[i].type;
		equal("cooked", decode(d, DLT_LINUX_SLL, first, sizeof(first),
		    sizeof(first), &p), cases[i].class);
		equal("cooked, second version", decode(d, DLT_LINUX_SLL2,
		    second, sizeof(second), sizeof(second), &p),
		    cases[i].class);
	}
	decoder_free(d);
}

static void
known_types(void)
{
	equal("Ethernet", decode_knows(DLT_EN10MB, false), true);
	equal("802.11", decode_knows(DLT_IEEE802_11, false), false);
	equal("802.11 when asked", decode_knows(DLT_IEEE802_11, true), true);
	equal("USB", decode_knows(DLT_USB_LINUX, true), false);
	equal("none", decode_knows(-1, true), false);
}

/* Captured more than the wire had: files say such things. */
static void
more_than_there_was(void)
{
	static const uint8_t frame[32] = { 0x45, [3] = 28, [9] = 17,
		[21] = 5, [23] = 6 };
	struct record_packet p = { .ts = 0 };
	struct decoder *d = decoder_new(false);
	equal("class", decode(d, DLT_IPV4, frame, sizeof(frame), 10, &p),
	    FRAME_FLOW);
	equal("length", p.frame_length, 10);
	equal("port", p.dst_port, 6);
	equal("flags", p.flags, 0);
	decoder_free(d);
}

/* What the bits beside the identification make of a packet with ports. */
static void
fragment_offsets(void)
{
	struct decoder *d = decoder_new(false);
	for (unsigned bit = 0; bit < 16; bit++) {
		uint8_t v4[28] = { 0x45, [3] = 28, [9] = 17, [21] = 5, [23] = 6 };
		uint8_t v6[56] = { 0x60, [5] = 16, [6] = 44, [40] = 17,
			[49] = 5, [51] = 6 };
		struct record_packet p = { .ts = 0 }, q = p;
		v4[6] = v6[42] = (uint8_t)(1 << bit >> 8);
		v4[7] = v6[43] = (uint8_t)(1 << bit);
		v4[5] = v6[47] = (uint8_t)bit;	/* of another datagram */
		decode(d, DLT_IPV4, v4, sizeof(v4), sizeof(v4), &p);
		decode(d, DLT_IPV6, v6, sizeof(v6), sizeof(v6), &q);
		/* RFC 791 section 3.1, RFC 8200 section 4.5 */
		bool later4 = bit < 13, later6 = bit >= 3;
		equal("IPv4, flags", p.flags, later4 ?
		    RECORD_FRAGMENT | RECORD_NO_PORTS : 0);
		equal("IPv4, port", p.dst_port, later4 ? 0 : 6);
		equal("IPv6, flags", q.flags, later6 ?
		    RECORD_FRAGMENT | RECORD_NO_PORTS : 0);
		equal("IPv6, port", q.dst_port, later6 ? 0 : 6);
	}
	decoder_free(d);
}

/* Both ways, and nothing else, have an identifier. */
static void
echoes(void)
{
	struct decoder *d = decoder_new(false);
	for (unsigned type = 0; type < 256; type++) {
		uint8_t v4[28] = { 0x45, [3] = 28, [9] = 1, [25] = 7 };
		uint8_t v6[48] = { 0x60, [5] = 8, [6] = 58, [45] = 7 };
		struct record_packet p = { .ts = 0 }, q = p;
		v4[20] = v6[40] = (uint8_t)type;
		decode(d, DLT_IPV4, v4, sizeof(v4), sizeof(v4), &p);
		decode(d, DLT_IPV6, v6, sizeof(v6), sizeof(v6), &q);
		bool echo4 = type == 0 || type == 8;
		bool echo6 = type == 128 || type == 129;
		equal("ICMP, type", p.src_port, type * 256);
		equal("ICMP, identifier", p.dst_port, echo4 ? 7 : 0);
		equal("ICMP, flags", p.flags, echo4 ? RECORD_ICMP_ECHO : 0);
		equal("ICMPv6, type", q.src_port, type * 256);
		equal("ICMPv6, identifier", q.dst_port, echo6 ? 7 : 0);
		equal("ICMPv6, flags", q.flags, echo6 ? RECORD_ICMP_ECHO : 0);
	}
	decoder_free(d);
}

static uint32_t
random_below(uint32_t n)
{
	static uint64_t state = 3;
	state = state * 6364136223846793005 + 1442695040888963407;
	return (uint32_t)((state >> 33) % n);
}

/* Plain frames, some with a few bytes changed, cut anywhere: the shortcut
 * says what the layers say. */
static void
the_same_by_shortcut(void)
{
	enum { ROUNDS = 400000, ROOM = 80 };
	static const uint8_t kinds[][ROOM] = {
		{ [0] = 2, [5] = 1, [12] = 8, [14] = 0x45, [17] = 60,
		    [23] = 6, [26] = 10, [30] = 20, [35] = 80, [47] = 18 },
		{ [6] = 2, [11] = 1, [12] = 8, [14] = 0x45, [17] = 33,
		    [23] = 17, [26] = 10, [30] = 20, [34] = 9, [37] = 53 },
		{ [12] = 0x86, 0xdd, 0x60, [19] = 20, [20] = 6, [22] = 0xfd,
		    [38] = 0xfe, [54] = 1, [57] = 2, [67] = 2 },
		{ [12] = 0x86, 0xdd, 0x60, [19] = 12, [20] = 17, [22] = 0xfd,
		    [38] = 0xfe, [54] = 1, [57] = 2 },
	};
	struct decoder *d = decoder_new(false), *walker = decoder_new(false);
	unsigned plain = 0;
	decoder_walk(walker);
	decoder_set_mac(d, (const uint8_t *)"\2\0\0\0\0\1");
	decoder_set_mac(walker, (const uint8_t *)"\2\0\0\0\0\1");
	for (unsigned i = 0; i < ROUNDS; i++) {
		struct record_packet p = { .ts = i, .interface = 5 }, q = p;
		uint8_t frame[ROOM];
		memcpy(frame, kinds[random_below(4)], ROOM);
		for (uint32_t n = random_below(4); n > 0; n--)
			frame[random_below(n > 1 ? ROOM : 24)] =
			    (uint8_t)random_below(256);
		uint32_t captured = random_below(2) == 0 ? ROOM :
		    random_below(ROOM + 1);
		uint32_t length = captured + random_below(3) - 1;
		enum frame_class class = decode(d, DLT_EN10MB, frame,
		    captured, length, &p);
		equal("class", class, decode(walker, DLT_EN10MB, frame,
		    captured, length, &q));
		equal("record", memcmp(&p, &q, sizeof(p)) != 0, 0);
		plain += class == FRAME_FLOW && p.src_port != 0;
	}
	equal("enough of them are flows", plain > ROUNDS / 8, 1);
	decoder_free(d);
	decoder_free(walker);
}

int
main(void)
{
	cursor();
	our_address();
	endless_stacks();
	known_types();
	loopback_families();
	cooked_hardware();
	more_than_there_was();
	fragment_offsets();
	echoes();
	the_same_by_shortcut();
	return failures > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
