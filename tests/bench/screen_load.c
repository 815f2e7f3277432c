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

struct end {
	int ask, answer;	/* two sockets, connected to each other */
};

/* Bytes asked of flow `i` in a step: each swings in its own time between a
 * tenth and all of its own rate. */
static unsigned
bytes_of(unsigned i, double seconds)
{
	double own = 40000 / (1 + i * 0.7);
	double swing = 0.55 + 0.45 * sin(seconds / (2 + i % 5) + i);
	return (unsigned)(own * swing * STEP_MS / 1000) + 1;
}

static struct sockaddr_in
address(unsigned host, unsigned port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(0x7f000001 + host) };
}

static int
open_end(const struct sockaddr_in *own, const struct sockaddr_in *other)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	if (fd == -1 ||
	    bind(fd, (const struct sockaddr *)own, sizeof(*own)) == -1 ||
	    connect(fd, (const struct sockaddr *)other, sizeof(*other)) == -1)
		err(EXIT_FAILURE, "socket");
	return fd;
}

static void
send_bytes(int fd, unsigned count)
{
	static char bytes[LARGEST];
	while (count > 0) {
		unsigned n = count < LARGEST ? count : LARGEST;
		if (send(fd, bytes, n, 0) == -1)
			err(EXIT_FAILURE, "send");
		count -= n;
	}
}

static void
drain(int fd)
{
	char bytes[LARGEST];
	while (recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT) > 0)
		;
}

void
screen_load(double seconds, unsigned flows)
{
	static struct end ends[FLOWS_MAX];
	if (flows > FLOWS_MAX)
		flows = FLOWS_MAX;
	for (unsigned i = 0; i < flows; i++) {
		struct sockaddr_in asks = address(0, PORT + 1 + i);
		struct sockaddr_in answers = address(i + 1, PORT);
		ends[i].ask = open_end(&asks, &answers);
		ends[i].answer = open_end(&answers, &asks);
	}
	double start = milliseconds(CLOCK_MONOTONIC), now = start;
	while (now - start < seconds * 1000) {
		for (unsigned i = 0; i < flows; i++) {
			unsigned n = bytes_of(i, (now - start) / 1000);
			send_bytes(ends[i].ask, n);
			send_bytes(ends[i].answer, n / (2 + i % 7) + 1);
			drain(ends[i].ask);
			drain(ends[i].answer);
		}
		usleep(STEP_MS * 1000);
		now = milliseconds(CLOCK_MONOTONIC);
	}
}
