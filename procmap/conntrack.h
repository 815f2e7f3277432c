/* SPDX-License-Identifier: MIT
 *
 * Connection tracking over netlink: one question, or all news.  Linux only.
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

/* A descriptor that can tell of each new flow that is translated, and let it:
 * only this last needs privilege, and may be done by another process that has
 * the descriptor.  -1 with errno. */
int conntrack_watch(void);
bool conntrack_join(int fd);

/* A translation: what packets show, and what stands behind it. */
struct conntrack_pair {
	struct sock_key outer, inner;
};

/* Some of what was told since the last call: how many.  *rest: whether there
 * may be more; or that the kernel had no room for some, and there is more. */
enum { CONNTRACK_NEWS = 64 };
enum conntrack_rest { CONNTRACK_NO_MORE, CONNTRACK_MORE, CONNTRACK_LOST };
size_t conntrack_news(int fd, struct conntrack_pair pairs[CONNTRACK_NEWS],
    enum conntrack_rest *rest);

/* The pure part of it: both directions' translations in a message, up to
 * two. */
size_t conntrack_pairs(const void *message, size_t len,
    struct conntrack_pair pairs[2]);

/* The pure part of asking: the same from an answer's bytes. */
bool conntrack_read(const void *message, size_t len, struct sock_key *key);

#endif
