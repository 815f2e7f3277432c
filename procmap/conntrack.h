/* SPDX-License-Identifier: MIT
 *
 * One question to connection tracking over netlink.  Linux only.
 */
#ifndef PROCMAP_CONNTRACK_H
#define PROCMAP_CONNTRACK_H

#include <stdbool.h>
#include <stddef.h>

#include "procmap/socket.h"

/* A descriptor; -1 with errno. */
int conntrack_open(void);

/* The flow whose packets arrive at key->local from key->remote: put its
 * end on the other side of the translation in *key.  False: no such flow,
 * or it is not translated. */
bool conntrack_ask(int fd, struct sock_key *key);

/* The pure part: the same from an answer's bytes. */
bool conntrack_read(const void *message, size_t len, struct sock_key *key);

#endif
