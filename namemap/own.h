/* SPDX-License-Identifier: MIT
 *
 * The sockets that carry our own questions, and which flows are theirs.
 */
#ifndef NAMEMAP_OWN_H
#define NAMEMAP_OWN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/snapshot.h"

enum { OWN_SOCKETS = 1024 };	/* so many are remembered, oldest forgotten */

struct own_socket {
	int fd;			/* -1 once closed */
	uint8_t proto;		/* IP protocol number */
	uint16_t port, server_port;
	struct addr addr;
	struct addr server;	/* family 0: not known (TCP connecting) */
	uint64_t opened, closed;	/* ms since 1970; 0: still open */
};

struct own {
	struct own_socket sockets[OWN_SOCKETS];
	size_t next;		/* the place of the next one */
	uint16_t ports[65536];	/* sockets with this port: mostly 0, which
				 * tells nearly all flows at one glance */
};

/* A connected socket of SOCK_DGRAM or SOCK_STREAM was opened, is closed. */
void own_opened(struct own *, int fd, int type, uint64_t now);
void own_closed(struct own *, int fd, uint64_t now);

/* Is it the flow of one of them?  Both ends must agree, and it must have
 * started while the socket was open: others get the port later. */
bool own_has(const struct own *, const struct snapshot_flow *);

#endif
