/* SPDX-License-Identifier: MIT
 *
 * What is known about each address: its name and how long that holds, or
 * that there is none and when to ask again.  Holds a bounded number of
 * addresses; the one not shown for longest goes first, and when all of them
 * are in the snapshot at hand, no further one is taken.
 *
 * Times are milliseconds of a clock that the caller chooses.
 */
#ifndef NAMEMAP_CACHE_H
#define NAMEMAP_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/addr.h"

enum cache_state {
	CACHE_NEW,		/* never asked */
	CACHE_PENDING,		/* asked, no answer yet */
	CACHE_KNOWN,		/* has a name */
	CACHE_FAILED,		/* no name, or no answer */
};

struct cache_entry {
	struct addr addr;
	uint8_t state;		/* enum cache_state */
	uint8_t failures;	/* unanswered questions in a row */
	bool hosts_checked;	/* was the hosts file looked at? */
	bool from_hosts;	/* the name is the hosts file's */
	uint8_t name_len;
	uint32_t round;		/* the last snapshot that showed it */
	char *name;		/* owned; null: none.  While an old name is
				 * asked for again it stays */
	uint64_t due;		/* ask again from then on */
	uint64_t stale;		/* drop an unconfirmed name from then on */
	uint64_t weight;	/* bytes per second through this address */
	struct cache_entry *chain, *newer, *older;
};

struct cache;

struct cache *cache_new(size_t max);
void cache_free(struct cache *);
size_t cache_count(const struct cache *);

/* The entry of an address, null when there is none. */
struct cache_entry *cache_find(const struct cache *, const struct addr *);

/* The same, made when missing, and noted as shown in snapshot `round`, which
 * keeps it in place until another round touches others.  Null when the
 * cache is full of this round's. */
struct cache_entry *cache_touch(struct cache *, const struct addr *,
    uint32_t round);

/* Is it time to ask? */
bool cache_is_due(const struct cache_entry *, uint64_t now);

/* A question went out; it was withdrawn, as if never asked. */
void cache_asked(struct cache_entry *);
void cache_withdrawn(struct cache_entry *);

/* A name (copied) good for `ttl` seconds, within 5 s and a day. */
void cache_named(struct cache_entry *, const char *name, uint32_t ttl,
    uint64_t now);

/* The hosts file has this name for it, or (null) has it no longer. */
void cache_set_hosts(struct cache_entry *, const char *name);

/* There is no name, for `ttl` seconds (0: not said, 5 minutes), within 30 s
 * and an hour. */
void cache_denied(struct cache_entry *, uint32_t ttl, uint64_t now);

/* No answer: again after 15 s, doubling up to 16 minutes.  An old name
 * stays for an hour. */
void cache_unanswered(struct cache_entry *, uint64_t now);

/* It is due, and nobody may be asked: an old name stays for an hour, too. */
void cache_withheld(struct cache_entry *, uint64_t now);

/* Forget every name and failure; entries stay where they are. */
void cache_flush(struct cache *);

/* Other servers: whatever nobody answered may be asked again at once. */
void cache_retry(struct cache *);

/* Have the hosts file looked at again for every entry. */
void cache_recheck_hosts(struct cache *);

#endif
