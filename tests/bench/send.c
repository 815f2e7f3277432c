/* SPDX-License-Identifier: MIT
 *
 * Send frames at a steady rate on an interface, and tell how many got out:
 *
 *	send -i interface [-r packets a second] [-t seconds] [-f flows]
 *	    [-l] [-S seed]
 *
 * The frames are those of frames.h (-l: all short).  Rate 0 is as fast as
 * it goes.  Needs CAP_NET_RAW.  Prints packets, bytes and seconds.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "frames.h"

enum { BATCH = 64, LONGEST = 1514, STEP = 1000000 /* ns */ };

struct batch {
	struct mmsghdr messages[BATCH];
	struct iovec parts[BATCH];
	uint8_t frames[BATCH][LONGEST];
};

static double
now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int
open_interface(const char *name)
{
	struct sockaddr_ll a = { .sll_family = AF_PACKET,
		.sll_protocol = 0,	/* to send only */
		.sll_ifindex = (int)if_nametoindex(name) };
	int fd = socket(AF_PACKET, SOCK_RAW, 0), one = 1;
	if (a.sll_ifindex == 0)
		err(EXIT_FAILURE, "%s", name);
	if (fd == -1 || bind(fd, (struct sockaddr *)&a, sizeof(a)) == -1)
		err(EXIT_FAILURE, "packet socket");
	/* Straight to the driver: no queue that could drop. */
	if (setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &one,
	    sizeof(one)) == -1)
		err(EXIT_FAILURE, "PACKET_QDISC_BYPASS");
	return fd;
}

/* Send all of the next `count` frames; returns their bytes. */
static uint64_t
send_batch(int fd, struct batch *b, struct frames *f, unsigned count)
{
	uint64_t bytes = 0;
	for (unsigned i = 0; i < count; i++) {
		b->parts[i].iov_len = frames_next(f, b->frames[i]);
		bytes += b->parts[i].iov_len;
	}
	for (unsigned sent = 0; sent < count;) {
		int n = sendmmsg(fd, b->messages + sent, count - sent, 0);
		if (n > 0)
			sent += (unsigned)n;
		else if (errno != ENOBUFS && errno != EAGAIN && errno != EINTR)
			err(EXIT_FAILURE, "sendmmsg");
	}
	return bytes;
}

static void
run(int fd, struct frames *f, double rate, double seconds)
{
	struct batch *b = calloc(1, sizeof(*b));
	if (b == NULL)
		err(EXIT_FAILURE, "calloc");
	for (unsigned i = 0; i < BATCH; i++) {
		b->parts[i].iov_base = b->frames[i];
		b->messages[i].msg_hdr.msg_iov = &b->parts[i];
		b->messages[i].msg_hdr.msg_iovlen = 1;
	}
	double start = now(), at;
	uint64_t sent = 0, bytes = 0;
	while ((at = now() - start) < seconds) {
		uint64_t due = rate > 0 ? (uint64_t)(at * rate) : sent + BATCH;
		if (due <= sent) {
			clock_nanosleep(CLOCK_MONOTONIC, 0,
			    &(struct timespec){ .tv_nsec = STEP }, NULL);
			continue;
		}
		unsigned count = due - sent < BATCH ? (unsigned)(due - sent) :
		    BATCH;
		bytes += send_batch(fd, b, f, count);
		sent += count;
	}
	printf("%llu %llu %.3f\n", (unsigned long long)sent,
	    (unsigned long long)bytes, now() - start);
	free(b);
}

int
main(int argc, char **argv)
{
	struct frames f = { .flows = 1000, .ipv6 = 20, .udp = 20, .seed = 1 };
	const char *interface = NULL;
	double rate = 10000, seconds = 5;
	for (int c; (c = getopt(argc, argv, "i:r:t:f:lS:")) != -1;)
		switch (c) {
		case 'i': interface = optarg; break;
		case 'r': rate = (double)frames_number(optarg); break;
		case 't': seconds = (double)frames_number(optarg); break;
		case 'f': f.flows = frames_number(optarg); break;
		case 'l': f.one_length = 1; break;
		case 'S': f.seed = frames_number(optarg); break;
		default: return 2;
		}
	if (interface == NULL || f.flows == 0)
		errx(2, "expected an interface and flows");
	frames_init(&f);
	run(open_interface(interface), &f, rate, seconds);
	return 0;
}
