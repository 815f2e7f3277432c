/* SPDX-License-Identifier: MIT
 *
 * Make a deterministic capture file for benchmarks, on standard output:
 * the same options give the same bytes on every machine.
 *
 *	generate [-p packets] [-f flows] [-z] [-s snaplen] [-d seconds]
 *	    [-6 percent] [-u percent] [-S seed]
 *
 * -z chooses flows by Zipf's law (1/rank) instead of uniformly.  Frame
 * lengths are a mix of 60, 590 and 1514 bytes; a fifth of the flows is IPv6
 * (-6) and a fifth UDP (-u).  Both ends of a flow send.
 */
#include <err.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FRAME = 256 };

struct options {
	uint64_t packets, flows, seconds, ipv6, udp, seed;
	uint32_t snaplen;
	int zipf;
};

/* xorshift64*: Vigna, "An experimental exploration of Marsaglia's
 * xorshift generators", 2016. */
static uint64_t
next(uint64_t *state)
{
	uint64_t x = *state;
	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	*state = x;
	return x * 0x2545f4914f6cdd1d;
}

/* A well mixed number for a flow's fixed properties (splitmix64). */
static uint64_t
mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
	return x ^ (x >> 31);
}

static void
be16(uint8_t *at, unsigned value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void
be32(uint8_t *at, uint32_t value)
{
	be16(at, value >> 16);
	be16(at + 2, value & 0xffff);
}

static uint64_t
pick_flow(const struct options *o, uint64_t random)
{
	if (!o->zipf)
		return random % o->flows;
	/* The inverse of the harmonic distribution, closely enough. */
	double u = (double)(random >> 11) / 9007199254740992.0;
	uint64_t rank = (uint64_t)(pow((double)o->flows + 1, u) - 1);
	return rank < o->flows ? rank : o->flows - 1;
}

/* Fill in a frame of this flow; returns the length on the wire. */
static uint32_t
make_frame(const struct options *o, uint64_t flow, uint64_t random,
    uint8_t *frame)
{
	static const uint32_t lengths[] = { 60, 60, 590, 1514 };
	uint64_t fixed = mix(flow ^ o->seed);
	int v6 = fixed % 100 < o->ipv6, udp = fixed / 100 % 100 < o->udp;
	int back = random & 1;
	uint32_t length = lengths[random >> 1 & 3] + (v6 ? 20 : 0);
	uint16_t port = (uint16_t)(32768 + (fixed >> 20) % 28000);
	uint16_t service = udp ? 53 : 443;
	memset(frame, 0, FRAME);
	memcpy(frame, back ? "\2\0\0\0\0\1\2\0\0\0\0\2" :
	    "\2\0\0\0\0\2\2\0\0\0\0\1", 12);
	be16(frame + 12, v6 ? 0x86dd : 0x0800);
	uint8_t *ip = frame + 14, *next_header = ip + (v6 ? 40 : 20);
	if (v6) {
		uint8_t *ours = ip + (back ? 24 : 8);
		uint8_t *theirs = ip + (back ? 8 : 24);
		ip[0] = 0x60;
		be16(ip + 4, length - 54);
		ip[6] = udp ? 17 : 6;
		memcpy(ours, "\xfd\0\0\0\0\0\0\0\0\0\0\0", 12);
		be32(ours + 12, (uint32_t)(flow & 0xffff) + 1);
		memcpy(theirs, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0", 12);
		be32(theirs + 12, (uint32_t)flow + 1);
	} else {
		ip[0] = 0x45;
		be16(ip + 2, length - 14);
		ip[8] = 64;
		ip[9] = udp ? 17 : 6;
		be32(ip + (back ? 16 : 12), 0x0a000001 +
		    (uint32_t)(flow & 0xff));
		be32(ip + (back ? 12 : 16), 0x14000000 + (uint32_t)flow);
	}
	be16(next_header, back ? service : port);
	be16(next_header + 2, back ? port : service);
	if (udp) {
		be16(next_header + 4, length - (v6 ? 54 : 34));
	} else {
		next_header[12] = 0x50;
		next_header[13] = 0x10;
	}
	return length;
}

static uint64_t
number(const char *text)
{
	char *end;
	unsigned long long value = strtoull(text, &end, 10);
	if (*text == '\0' || *end != '\0')
		errx(2, "'%s' is no number", text);
	return value;
}

int
main(int argc, char **argv)
{
	struct options o = { .packets = 1000000, .flows = 1000,
		.seconds = 60, .ipv6 = 20, .udp = 20, .seed = 1,
		.snaplen = 96 };
	for (int c; (c = getopt(argc, argv, "p:f:zs:d:6:u:S:")) != -1;)
		switch (c) {
		case 'p': o.packets = number(optarg); break;
		case 'f': o.flows = number(optarg); break;
		case 'z': o.zipf = 1; break;
		case 's': o.snaplen = (uint32_t)number(optarg); break;
		case 'd': o.seconds = number(optarg); break;
		case '6': o.ipv6 = number(optarg); break;
		case 'u': o.udp = number(optarg); break;
		case 'S': o.seed = number(optarg); break;
		default: return 2;
		}
	if (o.flows == 0 || o.packets == 0 || o.snaplen > FRAME)
		errx(2, "expected flows and packets, and a snap length of "
		    "at most %d", (int)FRAME);

	static const uint32_t header[] = { 0xa1b2c3d4, 0x00040002, 0, 0, 0,
		1 };
	uint32_t start[6];
	memcpy(start, header, sizeof(start));
	start[4] = o.snaplen;
	static char buffer[1 << 20];
	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	fwrite(start, sizeof(start), 1, stdout);
	uint64_t state = mix(o.seed) | 1;
	for (uint64_t i = 0; i < o.packets; i++) {
		uint8_t frame[FRAME];
		uint64_t us = (uint64_t)((double)i / (double)o.packets *
		    (double)o.seconds * 1e6);
		uint64_t flow = pick_flow(&o, next(&state));
		uint32_t length = make_frame(&o, flow, next(&state), frame);
		uint32_t kept = length < o.snaplen ? length : o.snaplen;
		uint32_t record[4] = { (uint32_t)(1700000000 + us / 1000000),
			(uint32_t)(us % 1000000), kept, length };
		fwrite(record, sizeof(record), 1, stdout);
		fwrite(frame, kept, 1, stdout);
	}
	if (fflush(stdout) == EOF)
		err(1, "standard output");
	return 0;
}
