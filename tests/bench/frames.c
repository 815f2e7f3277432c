/* SPDX-License-Identifier: MIT
 *
 * Deterministic frames.
 */
#include "frames.h"

#include <err.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

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
pick_flow(const struct frames *o, uint64_t random)
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
make_frame(const struct frames *o, uint64_t flow, uint64_t random,
    uint8_t *frame)
{
	static const uint32_t lengths[] = { 60, 60, 590, 1514 };
	uint64_t fixed = mix(flow ^ o->seed);
	int v6 = fixed % 100 < o->ipv6, udp = fixed / 100 % 100 < o->udp;
	int back = random & 1;
	uint32_t length = (o->one_length ? 60 : lengths[random >> 1 & 3]) +
	    (v6 ? o->extra : 0);
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

void
frames_init(struct frames *o)
{
	o->state = mix(o->seed) | 1;
}

uint32_t
frames_next(struct frames *o, uint8_t frame[FRAME])
{
	uint64_t flow = pick_flow(o, next(&o->state));
	return make_frame(o, flow, next(&o->state), frame);
}

uint64_t
frames_number(const char *text)
{
	char *end;
	unsigned long long value = strtoull(text, &end, 10);
	if (*text == '\0' || *end != '\0')
		errx(2, "'%s' is no number", text);
	return value;
}
