/* SPDX-License-Identifier: MIT
 *
 * Decides what to ask, when, and in which order: what a snapshot shows and
 * is not known, the busiest addresses first, within a number of questions
 * per second and under way.
 *
 * A snapshot is a round: _begin, _touch for each address, _end.  What takes
 * time, asking and looking at files, is _ask()'s, between snapshots.
 */
#ifndef NAMEMAP_LOOKUPS_H
#define NAMEMAP_LOOKUPS_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/addr.h"
#include "lib/snapshot.h"
#include "namemap/cache.h"
#include "namemap/policy.h"

enum lookups_source { LOOKUPS_DNS, LOOKUPS_NSS };

struct lookups_config {
	enum lookups_source source;
	enum policy_level level;
	struct server servers[SERVERS];	/* none: the system's */
	size_t server_count;
	uint32_t rate;			/* questions per second */
	uint32_t in_flight;		/* questions under way */
	size_t cache;			/* addresses remembered */
	const char *hosts;		/* the hosts file */
};

struct lookups_counts {
	size_t known, pending, failed, withheld;	/* of this round */
	uint64_t queries, answers, unanswered, rejected; /* since the start */
};

struct lookups;

/* Null when the source cannot start; *why says why. */
struct lookups *lookups_new(const struct lookups_config *, const char **why);
void lookups_free(struct lookups *);

/* A round.  The entry, null when names are off or the cache is full, stays
 * in place until the next round; its name is null while unknown. */
void lookups_begin(struct lookups *, uint64_t now);
const struct cache_entry *lookups_touch(struct lookups *,
    const struct addr *, uint64_t weight, uint64_t now);
void lookups_end(struct lookups *);

/* Ask what may be asked now, some at a time: lookups_timeout() is 0 when
 * there is more.  Also sees changes of the files it knows. */
void lookups_ask(struct lookups *, uint64_t now);

/* Is everything that may be asked for this round answered? */
bool lookups_are_settled(const struct lookups *);

void lookups_count(const struct lookups *, struct lookups_counts *);

/* Is this the flow of our own questions? */
bool lookups_own(const struct lookups *, const struct snapshot_flow *);

/* A lower level also drops the questions under way.  With both, what is
 * still to be asked for the round at hand is asked anew; off ends it. */
enum policy_level lookups_level(const struct lookups *);
void lookups_set_level(struct lookups *, enum policy_level);
void lookups_flush(struct lookups *);

/* As dns.h has them; the timeout is until _handle() or _ask() is due. */
size_t lookups_fds(const struct lookups *, struct pollfd *, size_t room);
int lookups_timeout(const struct lookups *, uint64_t now);
void lookups_handle(struct lookups *, const struct pollfd *, size_t count,
    uint64_t now);

#endif
