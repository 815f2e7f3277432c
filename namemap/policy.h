/* SPDX-License-Identifier: MIT
 *
 * Which addresses may be asked about, and whom we would be asking.
 */
#ifndef NAMEMAP_POLICY_H
#define NAMEMAP_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/addr.h"

enum policy_level {
	POLICY_OFF,	/* no question ever, no name */
	POLICY_GLOBAL,	/* addresses of the Internet; others only when every
			 * resolver is local */
	POLICY_FULL,	/* every address */
};

/* "off", "global", "full". */
bool policy_parse(const char *text, enum policy_level *);
const char *policy_name(enum policy_level);

/* May we ask about this address?  Never about the unspecified one. */
bool policy_allows(enum policy_level, const struct addr *,
    bool resolvers_are_local);

struct server {
	struct addr addr;
	uint16_t port;		/* 0: the usual one */
};

enum { SERVERS = 16 };

/* "192.0.2.53", "192.0.2.53:5353", "::1", "[::1]:5353". */
bool server_parse(const char *text, struct server *);

struct servers {
	struct server list[SERVERS];
	size_t count;
	bool more;		/* and others, of which nothing is known */
};

void servers_add(struct servers *, const struct server *);

/* The nameserver lines of a resolv.conf(5) file. */
void servers_read(const char *path, struct servers *);

/* Are all of them on this machine or the local network, by their addresses:
 * loopback, private, link-local?  The stubs of systemd-resolved at
 * 127.0.0.53 and .54 only pass questions on, so in their place count the
 * servers in `upstream`, the file where it lists them.  An empty list means
 * the server on this machine, resolv.conf(5). */
bool servers_are_local(const struct servers *, const char *upstream);

#endif
