/* SPDX-License-Identifier: MIT
 *
 * Frames for benchmarks: flow number and a random number in, a frame out,
 * the same on every machine.  Frame lengths are a mix of 60, 590 and 1514
 * bytes; both ends of a flow send.
 */
#ifndef BENCH_FRAMES_H
#define BENCH_FRAMES_H

#include <stdint.h>

enum { FRAME = 256 };		/* bytes made; the rest of a frame is zeros */

struct frames {
	uint64_t flows, seed;
	uint64_t ipv6, udp;	/* per cent of the flows */
	int zipf;		/* flows by Zipf's law, 1/rank, not uniform */
	int one_length;		/* all frames as short as may be */
	uint32_t extra;		/* an IPv6 frame is longer by this */
	uint64_t state;
};

/* Start anew; the members above ->state are set. */
void frames_init(struct frames *);

/* The next frame; returns its length on the wire. */
uint32_t frames_next(struct frames *, uint8_t frame[FRAME]);

/* A number on the command line, or the end of the program. */
uint64_t frames_number(const char *text);

#endif
