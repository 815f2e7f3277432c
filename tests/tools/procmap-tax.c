/* SPDX-License-Identifier: MIT
 *
 * What one send costs, in nanoseconds of processor time:
 *
 *   procmap-tax unix|udp|connected|tcp SENDS
 *
 * Of one byte, from a process to itself, and read again in hundreds.  With
 * procmap beside it and without, the difference is its tax.
 */
#include <arpa/inet.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { TOGETHER = 100 };

static struct sockaddr_in to;

static int
bound(int type)
{
	struct sockaddr_in a = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof(a);
	int fd = socket(AF_INET, type, 0);
	if (bind(fd, (struct sockaddr *)&a, len) == -1 ||
	    getsockname(fd, (struct sockaddr *)&to, &len) == -1)
		err(EXIT_FAILURE, "bind");
	return fd;
}

/* [0] sends to [1]. */
static void
open_pair(const char *kind, int fds[2])
{
	if (strcmp(kind, "unix") == 0) {
		if (socketpair(AF_UNIX, SOCK_DGRAM, 0, fds) == -1)
			err(EXIT_FAILURE, "socketpair");
		return;
	}
	int type = strcmp(kind, "tcp") == 0 ? SOCK_STREAM : SOCK_DGRAM;
	fds[1] = bound(type);
	fds[0] = socket(AF_INET, type, 0);
	if (type == SOCK_STREAM && listen(fds[1], 1) == -1)
		err(EXIT_FAILURE, "listen");
	if (strcmp(kind, "udp") != 0 &&
	    connect(fds[0], (struct sockaddr *)&to, sizeof(to)) == -1)
		err(EXIT_FAILURE, "connect");
	if (type == SOCK_STREAM)
		fds[1] = accept(fds[1], NULL, NULL);
}

int
main(int argc, char **argv)
{
	char bytes[TOGETHER];
	struct timespec t[2];
	long long spent = 0, sends;
	int fds[2];
	if (argc != 3 || (sends = atoll(argv[2])) < TOGETHER)
		errx(2, "usage: procmap-tax unix|udp|connected|tcp SENDS");
	open_pair(argv[1], fds);
	struct sockaddr *where = strcmp(argv[1], "udp") == 0 ?
	    (struct sockaddr *)&to : NULL;
	for (long long i = 0; i < sends / TOGETHER; i++) {
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t[0]);
		for (int j = 0; j < TOGETHER; j++)
			if (sendto(fds[0], "x", 1, 0, where,
			    where != NULL ? sizeof(to) : 0) != 1)
				err(EXIT_FAILURE, "send");
		clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t[1]);
		spent += (t[1].tv_sec - t[0].tv_sec) * 1000000000LL +
		    t[1].tv_nsec - t[0].tv_nsec;
		for (int got = 0; got < TOGETHER;) {
			ssize_t n = recv(fds[1], bytes, sizeof(bytes), 0);
			if (n <= 0)
				err(EXIT_FAILURE, "recv");
			got += (int)n;
		}
	}
	printf("%lld\n", spent / (sends / TOGETHER * TOGETHER));
	return 0;
}
