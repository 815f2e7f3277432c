/* SPDX-License-Identifier: MIT
 *
 * Several sockets at one port, as a poll shows them, and one socket of several
 * processes.
 *
 * uses: procmap/batch.c procmap/addresses.c
 * uses: procmap/owners.c procmap/owners_find.c procmap/owners_poll.c
 * uses: procmap/processes.c procmap/socket.c
 */
#include <stdio.h>
#include <stdlib.h>

#include "procmap/batch.h"

enum { TCP = 6, UDP = 17 };

static const struct {
	const char *what;
	uint16_t lport, rport;
	uint8_t address, proto, flags;
	uint32_t inode;
	bool reuse;
} sockets[] = {
	{ "two listeners", 80, 0, 1, TCP, SOCK_LISTENS, 11, true },
	{ "connected there", 80, 5000, 1, TCP, 0, 13, false },
	{ "at another address", 80, 0, 2, TCP, SOCK_LISTENS, 14, false },
	{ "of another protocol", 80, 0, 1, UDP, 0, 15, false },
	{ "two listeners, again", 80, 0, 1, TCP, SOCK_LISTENS, 12, true },
	{ "bound, but not listening", 81, 0, 1, TCP, 0, 16, false },
	{ "that listens", 81, 0, 1, TCP, SOCK_LISTENS, 17, false },
	{ "one of two processes", 82, 0, 1, TCP, SOCK_LISTENS, 18, false },
	{ "the same of the other", 82, 0, 1, TCP, SOCK_LISTENS, 18, false },
	{ "two of UDP", 83, 0, 1, UDP, 0, 19, true },
	{ "two of UDP, again", 83, 0, 1, UDP, 0, 20, true },
	{ "not told which", 84, 0, 1, UDP, 0, 0, true },
	{ "not told which, again", 84, 0, 1, UDP, 0, 0, true },
};

enum { COUNT = sizeof(sockets) / sizeof(sockets[0]) };

int
main(void)
{
	struct batch *b = batch_new(VIA_DIAG);
	int failures = 0;
	for (size_t i = 0; i < COUNT; i++) {
		struct sighting *s = batch_socket(b);
		s->key.lport = sockets[i].lport;
		s->key.rport = sockets[i].rport;
		s->key.local[15] = sockets[i].address;
		s->key.proto = sockets[i].proto;
		s->flags = sockets[i].flags;
		s->inode = sockets[i].inode;
	}
	batch_find_reuse(b);
	for (size_t i = 0; i < COUNT; i++) {
		if (b->socks[i].reuse == sockets[i].reuse)
			continue;
		printf("%s: %s others\n", sockets[i].what,
		    b->socks[i].reuse ? "has" : "has no");
		failures++;
	}
	batch_free(b);
	return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
