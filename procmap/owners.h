/* SPDX-License-Identifier: MIT
 *
 * Which process owned which socket when: versions of owners by socket key,
 * newest first, so that a port used again by another process names the
 * right one for each flow.
 *
 * Two kinds of sources feed it.  Events say "from now on this process";
 * polls say "at this moment these processes hold these sockets", and a
 * socket that a complete poll does not show has ended before it.
 *
 * A key has at most OWNERS_VERSIONS, the newest ones, except in a recording.
 * The table is bounded.  At the bound a new entry takes the place of the
 * one that came first, if that ended at least 10 s ago, or else of the one
 * among the next few that ended first.  If none of 512 has ended, the new one
 * is not taken in, and counted in owners_refused().
 */
#ifndef PROCMAP_OWNERS_H
#define PROCMAP_OWNERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "procmap/socket.h"

struct owner {
	int64_t from, to;	/* microseconds; while it is open, `to` is
				 * when an event last told of it */
	uint8_t local[16], remote[16];
	uint16_t lport, rport;
	uint32_t netns;
	uint32_t process;	/* id in struct processes */
	uint32_t next;		/* entry + 1 in the hash chain */
	uint32_t poll;		/* the last one that was over when it was told
				 * of, or that confirmed it */
	uint8_t proto, flags;
	uint8_t via : 4;
	uint8_t shown : 1;	/* by that poll, not told of since it */
	uint8_t open : 1;	/* not known to have ended, but by polls */
	uint8_t reuse : 1;	/* other sockets may have its port, too */
	uint8_t shared_now : 1;	/* SOCK_SHARED is news of the last poll, or
				 * of an event since */
	uint8_t versions : 7;	/* of this key with this one, at most */
};

/* One observation. */
struct sighting {
	struct sock_key key;
	int64_t from, to;
	uint32_t process;
	uint32_t inode;		/* polls; 0: not known */
	uint32_t cgroup;	/* low half of its cgroup's id; 0: not known */
	uint32_t pid;		/* of the holder; 0: none found */
	uint32_t uid;
	uint8_t via, flags;
	bool reuse;		/* other sockets may have its port, too */
};

enum { OWNERS_VERSIONS = 64 };

struct owners;

struct owners *owners_new(size_t max);
void owners_free(struct owners *);

/* An event: the process owns the socket from s->from on; what is known
 * of that key before ends there. */
void owners_event(struct owners *, const struct sighting *);
void owners_events(struct owners *, const struct sighting *, size_t count);

/* Events of this time were lost.  From then on, nobody who was told of before
 * is known to be the owner still, except at the moment at which a poll shows
 * it, until a poll that began afterwards shows it. */
void owners_lost(struct owners *, int64_t since, int64_t until);

/* The same for events of who sends only; who connects or listens was told.  A
 * later `until` makes the time longer. */
void owners_lost_sends(struct owners *, int64_t since, int64_t until);

/* May an event of a socket with these SOCK_ flags have been lost in that
 * time? */
bool owners_untold(const struct owners *, uint8_t proto, uint8_t flags,
    int64_t since, int64_t until);

/* A recording: the process owned the socket from s->from to s->to. */
void owners_record(struct owners *, const struct sighting *);

/* A poll: begin, confirm all, add all, end; each in as many calls as it
 * takes, with events and questions between.  Holders of one socket may be
 * many.  `begin` is when the poll started; of what an event said later
 * nothing changes. */
void owners_poll_begin(struct owners *, int64_t begin);
void owners_poll_confirm(struct owners *, const struct sighting *,
    size_t count);
void owners_poll_add(struct owners *, const struct sighting *, size_t count);
void owners_poll_end(struct owners *, bool complete);

/* How to look. */
enum owners_scope { SCOPE_NETNS, SCOPE_OTHERS };

/* The newest version for this key that overlaps [first, last], and may have
 * been told of OWNERS_SLACK later (send events come after the packet).  With
 * SCOPE_NETNS in key->netns; with SCOPE_OTHERS in exactly one network
 * namespace that is not key->netns and, when `allowed` is given, for
 * which it returns true.  *ambiguous is set when there are several, or when
 * two processes used a port so close together that the times of the flow
 * fit both, or when the port was used so often since that whose it was then
 * is forgotten. */
enum { OWNERS_SLACK = 5000 };
const struct owner *owners_find(const struct owners *,
    const struct sock_key *, int64_t first, int64_t last, enum owners_scope,
    bool (*allowed)(void *, uint32_t netns), void *state, bool *ambiguous);

/* Was it told of when the flow began, so that the flow's first packet may be
 * what it was told of for? */
bool owners_began(const struct owner *, int64_t first);

/* Of this version of a key and the older ones the one that was told of when the
 * flow began; null where that is none, or several processes'. */
const struct owner *owners_beginner(const struct owners *,
    const struct owner *, int64_t first);

/* Raw sockets are kept for each process apart, since every packet comes to all
 * of them: call `take` for each that may have been open in that time, the
 * newest first. */
void owners_each_raw(const struct owners *, const struct sock_key *,
    int64_t first, int64_t last, enum owners_scope,
    void (*take)(void *, const struct owner *), void *state);

/* When we heard of it last: by an event, or by the begin of a poll that showed
 * it. */
int64_t owners_known(const struct owners *, const struct owner *);

/* When did it end, as far as polls tell; TIME_NEVER: it lives. */
int64_t owners_end(const struct owners *, const struct owner *);

/* Entries in use, and entries that found no room since the start. */
size_t owners_count(const struct owners *);
uint64_t owners_refused(const struct owners *);

#endif
