/* SPDX-License-Identifier: MIT
 *
 * A load whose rates change all the time, for looking at a screen.
 */
#include "screen.h"

#include <arpa/inet.h>
#include <err.h>
#include <math.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { STEP_MS = 20, PORT = 9999, LARGEST = 1400, FLOWS_MAX = 200 };

/* Some flows are large, most are small. */
static double
weight(unsigned i)
{
	return 1 / (1 + i * 0.7);
}

/* Bytes asked of flow `i` in a step: each swings in its own time between a
 * tenth and all of its own rate, so that together they ask `rate`. */
static unsigned
bytes_of(unsigned i, unsigned flows, double rate, double seconds)
{
	double sum = 0;
	for (unsigned k = 0; k < flows; k++)
		sum += weight(k);
	double own = rate * weight(i) / sum / 0.55;
	double swing = 0.55 + 0.45 * sin(seconds / (2 + i % 5) + i);
	return (unsigned)(own * swing * STEP_MS / 1000) + 1;
}

static struct sockaddr_in
address(unsigned host, unsigned port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(0xc0000201 + host) };
}

static int
open_end(unsigned host, unsigned port, unsigned to_host, unsigned to_port)
{
	struct sockaddr_in own = address(host, port);
	struct sockaddr_in other = address(to_host, to_port);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd == -1 ||
	    bind(fd, (struct sockaddr *)&own, sizeof(own)) == -1 ||
	    connect(fd, (struct sockaddr *)&other, sizeof(other)) == -1)
		err(EXIT_FAILURE, "socket");
	return fd;
}

static void
send_bytes(int fd, unsigned count)
{
	static char bytes[LARGEST];
	while (count > 0) {
		unsigned n = count < LARGEST ? count : LARGEST;
		/* The other end may not be there yet, or any more. */
		(void)send(fd, bytes, n, 0);
		count -= n;
	}
}

void
screen_load(double seconds, unsigned flows, double rate, bool asks)
{
	int fds[FLOWS_MAX];
	if (flows > FLOWS_MAX)
		flows = FLOWS_MAX;
	for (unsigned i = 0; i < flows; i++)
		fds[i] = asks ? open_end(0, PORT + 1 + i, i + 1, PORT) :
		    open_end(i + 1, PORT, 0, PORT + 1 + i);
	double start = milliseconds(CLOCK_MONOTONIC), now = start;
	while (now - start < seconds * 1000) {
		for (unsigned i = 0; i < flows; i++) {
			char bytes[LARGEST];
			unsigned n = bytes_of(i, flows, rate,
			    (now - start) / 1000);
			send_bytes(fds[i], asks ? n : n / (2 + i % 7) + 1);
			while (recv(fds[i], bytes, sizeof(bytes),
			    MSG_DONTWAIT) > 0)
				;
		}
		usleep(STEP_MS * 1000);
		now = milliseconds(CLOCK_MONOTONIC);
	}
}
