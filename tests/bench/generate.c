/* SPDX-License-Identifier: MIT
 *
 * Make a deterministic capture file for benchmarks, on standard output:
 * the same options give the same bytes on every machine.
 *
 *	generate [-p packets] [-f flows] [-z] [-s snaplen] [-d seconds]
 *	    [-6 percent] [-u percent] [-S seed] [-q seconds]
 *
 * -z chooses flows by Zipf's law (1/rank) instead of uniformly.  A fifth of
 * the flows is IPv6 (-6) and a fifth UDP (-u); see frames.h.  -q: then it is
 * quiet, with a packet a second.
 */
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "frames.h"

static void
put_packet(struct frames *f, uint64_t us, uint32_t snaplen)
{
	uint8_t frame[FRAME];
	uint32_t length = frames_next(f, frame);
	uint32_t kept = length < snaplen ? length : snaplen;
	uint32_t record[4] = { (uint32_t)(1700000000 + us / 1000000),
		(uint32_t)(us % 1000000), kept, length };
	fwrite(record, sizeof(record), 1, stdout);
	fwrite(frame, kept, 1, stdout);
}

int
main(int argc, char **argv)
{
	uint64_t packets = 1000000, seconds = 60, quiet = 0;
	uint32_t snaplen = 96;
	struct frames o = { .flows = 1000, .ipv6 = 20, .udp = 20, .seed = 1,
		.extra = 20 };
	for (int c; (c = getopt(argc, argv, "p:f:zs:d:6:u:S:q:")) != -1;)
		switch (c) {
		case 'p': packets = frames_number(optarg); break;
		case 'f': o.flows = frames_number(optarg); break;
		case 'z': o.zipf = 1; break;
		case 's': snaplen = (uint32_t)frames_number(optarg); break;
		case 'd': seconds = frames_number(optarg); break;
		case '6': o.ipv6 = frames_number(optarg); break;
		case 'u': o.udp = frames_number(optarg); break;
		case 'S': o.seed = frames_number(optarg); break;
		case 'q': quiet = frames_number(optarg); break;
		default: return 2;
		}
	if (o.flows == 0 || packets == 0 || snaplen > FRAME)
		errx(2, "expected flows and packets, and a snap length of "
		    "at most %d", (int)FRAME);

	static const uint32_t header[] = { 0xa1b2c3d4, 0x00040002, 0, 0, 0,
		1 };
	uint32_t start[6];
	memcpy(start, header, sizeof(start));
	start[4] = snaplen;
	static char buffer[1 << 20];
	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	fwrite(start, sizeof(start), 1, stdout);
	frames_init(&o);
	for (uint64_t i = 0; i < packets; i++)
		put_packet(&o, (uint64_t)((double)i / (double)packets *
		    (double)seconds * 1e6), snaplen);
	for (uint64_t i = 0; i < quiet; i++)
		put_packet(&o, (seconds + i) * 1000000, snaplen);
	if (fflush(stdout) == EOF)
		err(1, "standard output");
	return 0;
}
