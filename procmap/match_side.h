/* SPDX-License-Identifier: MIT
 *
 * The matching rules for one end of a flow; match.c has the two of them.
 */
#ifndef PROCMAP_MATCH_SIDE_H
#define PROCMAP_MATCH_SIDE_H

#include "procmap/match.h"

/* What is known of one end of the flow. */
struct side {
	struct sock_key key;	/* this end is local */
	bool ours;		/* the address belongs to our namespace */
	bool translated;	/* packets show another end than who uses it */
	bool behind;		/* this one was found behind such an end */
	bool contested;		/* another's socket may have sent, too */
	bool other_listens;	/* so the kernel says; whose socket that is we
				 * do not know */
	bool sends;		/* its owner was told of when it sent */
	int64_t began;		/* when it first sent, if that is how the flow
				 * began; else TIME_NEVER */
	uint32_t process;
	uint32_t beginner;	/* of several with sockets at the port who sent
				 * first when the flow began; 0: not known */
	int64_t beginner_began;
	uint8_t flags;
	enum match_kind kind;
	enum sock_via via;
	enum match_why why;
};

struct search {
	const struct match_env *env;
	int64_t first, last;
	const uint8_t *address;	/* for has_address() */
};

/* Fill in the owner, by what is known already: rules M1, M3, M4, M8. */
void side_look(struct search *, struct side *);

/* M5: what our uplink shows under our address may be a container's; and who
 * opened a connection may have meant another address than packets show. */
void side_look_behind_nat(struct search *, struct side *);

/* Ask the system, where there is no owner yet. */
void side_ask(struct search *, struct side *);

/* Of several sockets at a port the kernel tells which one gets packets from
 * that remote; of one that several hold, events told who used it last. */
void side_choose_socket(struct search *, struct side *);

/* M6: no child of the listener was seen. */
void side_look_for_listener(struct search *, struct side *);

/* A socket without a remote: at the address, at 0.0.0.0, at [::] unless that
 * one takes no IPv4.  Packets come to the first of these, but any may send
 * (e->contested). */
const struct owner *side_find_unconnected(struct search *, struct side *,
    enum owners_scope, bool listener);

#endif
