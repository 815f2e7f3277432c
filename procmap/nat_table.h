/* SPDX-License-Identifier: MIT
 *
 * Translations by the tuple that packets show: a table of fixed size that one
 * process writes and others may read, in memory that a fork shares.  At its
 * bound a new entry takes the place of the oldest of eight.
 */
#ifndef PROCMAP_NAT_TABLE_H
#define PROCMAP_NAT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "procmap/socket.h"

struct nat_table;

/* Room for `count` entries, a power of two; null with errno. */
struct nat_table *nat_table_new(size_t count);
void nat_table_free(struct nat_table *);

/* Remember that `outer` stands for `inner`; null: for nothing else. */
void nat_table_put(struct nat_table *, const struct sock_key *outer,
    const struct sock_key *inner, int64_t now);

struct nat_entry {
	struct sock_key outer, inner;
	int64_t time;		/* when it was put; 0: free */
	bool found;		/* there is an inner one */
};

/* False when nothing is remembered. */
bool nat_table_get(const struct nat_table *, const struct sock_key *outer,
    struct nat_entry *);

#endif
