/* SPDX-License-Identifier: MIT
 *
 * Addresses of other network namespaces, read through any process in each.
 */
#ifndef PROCMAP_NETNS_H
#define PROCMAP_NETNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "procmap/addresses.h"

enum { NETNS_MAX = 1024 };	/* more are left out: flows to unconnected
				 * sockets in them have no owner */

struct netns_list {
	struct netns_member {
		uint32_t netns, pid;
		uint64_t start;
	} *list;
	size_t count;
};

/* A process, started then, is in that namespace.  The oldest one is kept: it
 * is the least likely to be gone when its files are read. */
void netns_note(struct netns_list *, uint32_t netns, uint32_t pid,
    uint64_t start);

/* Read /proc/PID/net/fib_trie and if_inet6 of one process of each.  False where
 * processes are hidden from us (hidepid, proc(5)). */
bool netns_addresses(const struct netns_list *, const char *proc_root,
    struct addresses *);
void netns_done(struct netns_list *);

#endif
