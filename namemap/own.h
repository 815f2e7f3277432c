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

/* So many are remembered, the oldest forgotten.  A question may have one to
 * itself, and its flow is listed for a minute and more. */
enum { OWN_SOCKETS = 16384 };

struct own_socket {
	int fd;			/* -1 once closed */
	uint8_t proto;		/* IP protocol number */
	uint16_t port, server_port;
	struct addr addr;
	struct addr server;	/* family 0: not known (TCP connecting) */
	uint64_t opened, closed;	/* ms since 1970; 0: still open */
	uint64_t before;	/* number of the one before with this port */
};

struct own {
	struct own_socket sockets[OWN_SOCKETS];
	uint64_t newest;	/* its number, from 1; modulo OWN_SOCKETS it is
				 * its place */
	uint64_t newest_at[65536];	/* with this port: mostly 0, which
				 * tells nearly all flows at one glance */
};

/* A connected socket of SOCK_DGRAM or SOCK_STREAM was opened, is closed. */
void own_opened(struct own *, int fd, int type, uint64_t now);
void own_closed(struct own *, int fd, uint64_t now);

/* Is it the flow of one of them?  Both ends must agree, and it must have
 * started while the socket was open: others get the port later. */
bool own_has(const struct own *, const struct snapshot_flow *);

#endif
