/* SPDX-License-Identifier: MIT
 *
 * Flows of real sockets on loopback are told from others', also when more
 * sockets have come and gone than are remembered.
 *
 * uses: namemap/own.c
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "namemap/own.h"

static int failures;

#define CHECK(claim) do { \
	if (!(claim)) { \
		printf("namemap_own: line %d: not %s\n", __LINE__, #claim); \
		failures++; \
	} \
} while (0)

/* A UDP socket connected to 127.0.0.1 port 9; nothing is sent. */
static int
open_socket(struct snapshot_flow *f)
{
	struct sockaddr_in in = { .sin_family = AF_INET,
		.sin_port = htons(9) };
	socklen_t len = sizeof(in);
	int fd = socket(AF_INET, SOCK_DGRAM, 0);
	in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd == -1 || connect(fd, (struct sockaddr *)&in, len) == -1 ||
	    getsockname(fd, (struct sockaddr *)&in, &len) == -1)
		abort();
	*f = (struct snapshot_flow){ .proto = 17, .dst_port = 9,
		.src_port = ntohs(in.sin_port), .first_seen = 10000 };
	addr_parse("127.0.0.1", &f->src);
	addr_parse("127.0.0.1", &f->dst);
	return fd;
}

static void
swap(struct snapshot_flow *f)
{
	struct snapshot_flow old = *f;
	f->src = old.dst;
	f->dst = old.src;
	f->src_port = old.dst_port;
	f->dst_port = old.src_port;
}

int
main(void)
{
	struct own *own = calloc(1, sizeof(*own));
	struct snapshot_flow f, other;
	if (own == NULL)
		abort();
	int fd = open_socket(&f);
	CHECK(!own_has(own, &f));
	own_opened(own, fd, SOCK_DGRAM, 10000);
	CHECK(own_has(own, &f));
	swap(&f);
	CHECK(own_has(own, &f));

	other = f;
	other.proto = 6;
	CHECK(!own_has(own, &other));
	other = f;
	other.src_port++;
	CHECK(!own_has(own, &other));
	other = f;
	addr_parse("127.0.0.2", &other.src);
	CHECK(!own_has(own, &other));
	other = f;
	other.first_seen = 7000;	/* long before it was opened */
	CHECK(!own_has(own, &other));
	other.first_seen = 99000;	/* still open then */
	CHECK(own_has(own, &other));
	own_closed(own, fd, 20000);
	CHECK(!own_has(own, &other));	/* somebody else's by now */
	CHECK(own_has(own, &f));

	/* The port stays taken, so none of these has it. */
	for (int i = 0; i < 3 * OWN_SOCKETS; i++) {
		int more = open_socket(&other);
		own_opened(own, more, SOCK_DGRAM, 10000);
		CHECK(own_has(own, &other));
		own_closed(own, more, 20000);
		close(more);
	}
	CHECK(!own_has(own, &f));	/* forgotten */
	close(fd);

	/* One that is open stays, however many come and go. */
	fd = open_socket(&f);
	own_opened(own, fd, SOCK_DGRAM, 10000);
	for (int i = 0; i < OWN_SOCKETS + 9; i++) {
		int more = open_socket(&other);
		own_opened(own, more, SOCK_DGRAM, 10000);
		own_closed(own, more, 20000);
		close(more);
	}
	CHECK(own_has(own, &f));
	own_closed(own, fd, 20000);
	CHECK(own_has(own, &f));
	f.first_seen = 99000;
	CHECK(!own_has(own, &f));
	close(fd);
	free(own);
	return failures != 0;
}
