/* SPDX-License-Identifier: MIT
 *
 * Inside the table of owners: for owners.c, which fills it, and
 * owners_find.c, which looks things up.
 */
#ifndef PROCMAP_OWNERS_TABLE_H
#define PROCMAP_OWNERS_TABLE_H

#include <string.h>

#include "lib/protocol.h"
#include "procmap/owners.h"

enum { OWNERS_POLLS = 4096, OWNERS_LOSSES = 8, OWNERS_MARKS = 32768 };

/* Some of the events between these times were lost. */
struct owners_loss {
	int64_t since, until;
};

struct owners {
	struct owner *entries;
	uint32_t *chains;	/* entry + 1 */
	size_t max, mask;
	uint8_t marks[OWNERS_MARKS / 8];	/* see owners_may_have() */
	size_t used;		/* entries ever taken: below are in use */
	size_t hand;
	uint64_t refused;
	uint32_t poll;		/* number of the poll begun last */
	uint32_t complete;	/* of the last complete one */
	int64_t begun[OWNERS_POLLS];	/* when poll n % OWNERS_POLLS began */
	struct owners_losses {
		struct owners_loss list[OWNERS_LOSSES];
		unsigned count;		/* how many there were, ever */
	} lost, lost_sends;
};

static inline uint64_t
owners_load(const uint8_t *bytes)
{
	uint64_t value;
	memcpy(&value, bytes, sizeof(value));
	return value;
}

static inline uint64_t
owners_mix(uint64_t h, uint64_t value)
{
	h = (h ^ value) * 0x9e3779b97f4a7c15U;
	return h ^ (h >> 29);
}

/* Without the namespace, so that all of them are in one chain. */
static inline uint32_t *
owners_chain(const struct owners *o, const uint8_t *local, const uint8_t *remote,
    uint16_t lport, uint16_t rport, uint8_t proto)
{
	uint64_t h = owners_mix(0x51ed270b, owners_load(local));
	h = owners_mix(h, owners_load(local + 8));
	h = owners_mix(h, owners_load(remote));
	h = owners_mix(h, owners_load(remote + 8));
	h = owners_mix(h, (uint64_t)lport << 32 | (uint64_t)rport << 8 | proto);
	return &o->chains[(h ^ (h >> 32)) & o->mask];
}

static inline uint32_t *
owners_key_chain(const struct owners *o, const struct sock_key *k)
{
	return owners_chain(o, k->local, k->remote, k->lport, k->rport, k->proto);
}

/* Whether a chain may have entries: where sockets are few nearly all have
 * none, and to see that takes none of the memory that all of them take. */
static inline bool
owners_may_have(const struct owners *o, const uint32_t *chain)
{
	size_t i = (size_t)(chain - o->chains) % OWNERS_MARKS;
	return (o->marks[i / 8] >> i % 8 & 1) != 0;
}

static inline void
owners_mark(struct owners *o, const uint32_t *chain)
{
	size_t i = (size_t)(chain - o->chains) % OWNERS_MARKS;
	o->marks[i / 8] = (uint8_t)(o->marks[i / 8] | 1U << i % 8);
}

static inline bool
owners_same_tuple(const struct owner *e, const struct sock_key *k)
{
	return e->lport == k->lport && e->rport == k->rport &&
	    e->proto == k->proto && memcmp(e->local, k->local, 16) == 0 &&
	    memcmp(e->remote, k->remote, 16) == 0;
}

static inline void
owners_share(struct owner *e)
{
	e->flags |= SOCK_SHARED;
	e->shared_now = true;
}

static inline void
owners_end_at(struct owner *e, int64_t time)
{
	e->open = false;
	e->to = time;
}

/* Is it of those whom only their first send tells? */
static inline bool
owners_told_by_send(uint8_t proto, uint8_t flags)
{
	return proto != PROTOCOL_TCP ||
	    (flags & (SOCK_CLIENT | SOCK_LISTENS)) == 0;
}

/* Is it known no longer when that poll began? */
static inline bool
owners_long_ago(const struct owners *o, uint32_t poll)
{
	return o->poll - poll >= OWNERS_POLLS;
}

/* The first complete poll that could have shown it and did not; 0: there is
 * none.  One that had begun when it was told of may have been past it. */
static inline uint32_t
owners_missed(const struct owners *o, const struct owner *e)
{
	uint32_t poll = e->poll + 1;
	if ((int32_t)(o->complete - poll) < 0)
		return 0;
	if (owners_long_ago(o, poll))
		return poll;
	while (o->begun[poll % OWNERS_POLLS] < e->to)
		if (poll++ == o->complete)
			return 0;
	return poll;
}

/* The newest in a chain, from `at` on, of this socket: of raw ones each
 * process has its own, unless `any`.  Or null. */
struct owner *owners_newest(const struct owners *, uint32_t at,
    const struct sighting *, bool any);

/* In front of all that the chain has, of which `before` is the newest of this
 * key, or there is none; `bounded`: not more than OWNERS_VERSIONS of it.  Null:
 * there was no room. */
struct owner *owners_insert(struct owners *, uint32_t *at,
    const struct sighting *, struct owner *before, bool bounded);

#endif
