/* SPDX-License-Identifier: MIT
 *
 * Packets of before a capture child's time are another one's, or nobody's;
 * once these are over, a clock that is set back makes none so.
 *
 * uses: capd/batch.c capd/decode.c capd/decode_ip.c capd/decode_link.c
 * uses: capd/decode_plain.c capd/decode_transport.c capd/decode_wifi.c
 * uses: capd/drops_linux.c capd/filter_loops.c capd/fragments.c
 * uses: capd/output.c capd/pcapwrite.c capd/source_live.c
 * uses: capd/wire_linux.c capd/capture.c
 */
#include <err.h>
#include <fcntl.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>

#include "capd/capture.h"
#include "capd/clock.h"

enum { HOUR = 3600 };

static uint64_t packet_ts;

/* In place of libpcap's: one packet of that time, IPv4 and no more. */
int
pcap_dispatch(pcap_t *p, int most, pcap_handler take, u_char *user)
{
	static const u_char bytes[20] = { 0x45, [3] = 20, [9] = 50 };
	struct pcap_pkthdr h = { .caplen = sizeof(bytes),
		.len = sizeof(bytes) };
	(void)p;
	(void)most;
	h.ts.tv_sec = (time_t)(packet_ts / CLOCK_S);
	h.ts.tv_usec = (suseconds_t)(packet_ts % CLOCK_S);
	take(user, &h, bytes);
	return 1;
}

/* Read a packet of this time, and have a tick at that one. */
static const struct record_counters *
turn(struct capture *c, uint64_t ts, uint64_t wall)
{
	static int handle;
	char text[TALK_TEXT];
	packet_ts = ts;
	c->sources[0].pcap = (void *)&handle;
	capture_read(c, 0, text);
	c->sources[0].pcap = NULL;	/* the kernel is not asked */
	if (!capture_tick(c, wall))
		err(EXIT_FAILURE, "/dev/null");
	return &c->totals.counters;
}

static int
check(const char *what, const struct record_counters *n, uint64_t packets,
    uint64_t wire)
{
	if (n->packets == packets && n->wire_packets == wire)
		return 0;
	printf("capd_capture: %s: %llu packets, %llu of the interface\n", what,
	    (unsigned long long)n->packets,
	    (unsigned long long)n->wire_packets);
	return 1;
}

int
main(void)
{
	static struct capd capd = { .latency = 50 };
	static struct settings settings = { .count = 1 };
	static struct shared shared = { .interface_count = 1 };
	static struct child_start start = { .capd = &capd,
		.settings = &settings, .shared = &shared };
	static struct capture c = { .start = &start, .until = UINT64_MAX,
		.left = UINT64_MAX, .netlink = -1, .file = { .fd = -1 } };
	const uint64_t from = 1000000 * CLOCK_S;
	int failures = 0;
	output_init(&c.output, -1, FORM_BINARY);
	c.output.fd = open("/dev/null", O_WRONLY);
	c.decoder = decoder_new(false);
	c.sources[0].linktype = DLT_RAW;
	c.sources[0].fraction = 1;
	/* The one before ended with a tick of the time when this begins. */
	c.from = c.totals.tick = from;
	c.totals.wire[0] = (struct wire){ .index = 1, .at = UINT64_MAX,
		.since = from + 2 };

	failures += check("before its time", turn(&c, from - 1, from), 0, 0);
	failures += check("before the interface was read",
	    turn(&c, from + 1, from + 50 * CLOCK_MS), 1, 1);
	failures += check("so soon there may still be older ones",
	    turn(&c, from - 1, from + 70 * CLOCK_MS), 1, 1);
	failures += check("the clock was set back",
	    turn(&c, from - HOUR * CLOCK_S, from - HOUR * CLOCK_S), 2, 1);
	decoder_free(c.decoder);
	return failures != 0;
}
