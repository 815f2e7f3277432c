/* SPDX-License-Identifier: MIT
 *
 * From a flow to its owner: the rules, in order of certainty.  Works on
 * the tables alone; live questions go through two functions of the caller,
 * so the rules can be tested without a kernel.
 */
#ifndef PROCMAP_MATCH_H
#define PROCMAP_MATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "procmap/addresses.h"
#include "procmap/nat.h"
#include "procmap/owners.h"
#include "procmap/processes.h"

enum match_kind { MATCH_EXACT, MATCH_LOCAL, MATCH_LISTENER, MATCH_INFERRED,
	MATCH_NONE, MATCH_KINDS };

/* Why there is no owner. */
enum match_why {
	WHY_REPLAY,		/* recorded traffic, no recorded table */
	WHY_REMOTE,		/* captured on another host */
	WHY_OFF,		/* lookups are switched off */
	WHY_PROTOCOL,		/* no sockets of this protocol are known */
	WHY_FORWARDED,		/* neither end is on this machine */
	WHY_MULTICAST,		/* received by a group: no single owner */
	WHY_UNSEEN,		/* ours, but no such socket was seen */
	WHY_UNREADABLE,		/* a socket, whose holder we may not see */
	WHY_AMBIGUOUS,		/* several could be it */
	WHY_PENDING,		/* being looked up */
	WHY_COUNT, WHY_NONE = WHY_COUNT
};

const char *match_kind_name(enum match_kind);
const char *match_why_name(enum match_why);

/* A flow, in the clock of the owners table. */
struct match_flow {
	uint8_t src[16], dst[16];
	uint16_t src_port, dst_port;
	bool echo;		/* ICMP echo, of this identifier */
	uint16_t icmp_id;
	enum { ANSWERS_UNKNOWN, ANSWERS_SRC, ANSWERS_DST } answers; /* which
				 * end only answers echoes: the kernel does */
	uint8_t proto;
	int64_t first, last;
};

struct match {
	enum match_kind kind;
	enum sock_via via;
	enum match_why why;	/* with MATCH_NONE */
	uint32_t process;	/* id; 0: none */
	uint32_t peer;		/* the other end's, when it is ours too */
};

struct match_env {
	struct owners *owners;
	struct addresses *addresses;
	struct processes *processes;	/* for their PIDs; may be null */
	uint32_t netns;		/* where the traffic was captured */
	bool src_is_local;	/* of a recording: take the flow's word */
	int64_t unsure_from;	/* of owners since then not all are known:
				 * such flows are WHY_PENDING; 0: they are */

	/* Ask the system for the socket that has key->local as its end, and
	 * may have been open during the flow, from `first` to `last`.  True
	 * when there is one: *s has its process (0: not known, and *why says
	 * why), its own key, flags and via.  May be null. */
	bool (*ask)(void *, const struct sock_key *, int64_t first,
	    int64_t last, struct sighting *s, enum match_why *why);
	/* The tuple behind network address translation. */
	enum nat_answer (*nat)(struct nat *, struct sock_key *);
	/* The same, of what a socket of ours fits. */
	enum nat_answer (*nat_check)(struct nat *, struct sock_key *,
	    int64_t first);
	struct nat *nat_state;
	void *state;		/* for ask */
};

/* Find the owner of a flow, and the process at its other end. */
void match_flow(const struct match_env *, const struct match_flow *,
    struct match *);

#endif
