/* SPDX-License-Identifier: MIT
 *
 * Translations by the tuple that packets show: a table of fixed size, of which
 * only what was used takes memory.  At its bound a new entry takes the place
 * of the one that came first.
 */
#ifndef PROCMAP_NAT_TABLE_H
#define PROCMAP_NAT_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "procmap/socket.h"

struct nat_table;

/* Room for `count` entries, a power of two. */
struct nat_table *nat_table_new(size_t count);
void nat_table_free(struct nat_table *);

/* Remember that `outer` stands for `inner`; null: for nothing else. */
void nat_table_put(struct nat_table *, const struct sock_key *outer,
    const struct sock_key *inner, int64_t now);

enum { NAT_MISSES = 2 };

struct nat_entry {
	struct sock_key outer, inner;
	int64_t time;		/* when it was put; 0: free */
	bool found;		/* there is an inner one */
	uint8_t misses;		/* how often there was none before, in a row;
				 * NAT_MISSES at most */
};

/* Null when nothing is remembered; until the next put. */
const struct nat_entry *nat_table_get(const struct nat_table *,
    const struct sock_key *outer);

#endif
