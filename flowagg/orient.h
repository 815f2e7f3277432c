/* SPDX-License-Identifier: MIT
 *
 * Which end of a packet is ours, by the rules of flowagg(1), Directions: the
 * user's networks, our own addresses (both ends may be), the link layer,
 * and for a capture file without such knowledge what the packet itself
 * tells.  Our addresses come before the link layer because they are certain:
 * a bridge or a second interface may show our own packet as coming in.
 */
#ifndef FLOWAGG_ORIENT_H
#define FLOWAGG_ORIENT_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/addr.h"
#include "lib/record.h"

enum { ORIENT_NETS = 16 };

enum orient_end { END_SRC, END_DST, END_NUMERIC, END_NOT_COUNTED };

/* Why, as far as it shows in the snapshot. */
enum orient_scope { SCOPE_CROSSING, SCOPE_LOCAL, SCOPE_TRANSIT };

struct orient {
	struct prefix nets[ORIENT_NETS];	/* -F and -G */
	unsigned net_count;
	bool has_net4, has_net6;
	bool no_link_local;	/* IPv6 link-local does not count */
	struct addr *own;	/* our addresses; owned */
	unsigned own_count;
	bool guess;		/* a file: fall back on what packets tell */
};

/* A network of -F or -G; false when there are too many. */
bool orient_add_net(struct orient *, const struct prefix *);

/* Take our addresses from a source record, instead of those known so far. */
void orient_set_source(struct orient *, const struct record_source *);
void orient_done(struct orient *);

/* The local end of this packet's flow.  END_NUMERIC: both or neither are
 * ours, the numerically lower end is shown first.  END_NOT_COUNTED: it does
 * not cross the border of the user's networks, or is IPv6 link-local where
 * that does not count. */
enum orient_end orient_packet(const struct orient *,
    const struct record_packet *, enum orient_scope *);

/* Did the sender of this packet open the conversation, as far as this packet
 * alone can tell?  A SYN or an echo tells.  Where TCP ran already, the higher
 * port did; else the sender, unless it answers from a service's port. */
bool orient_sender_opened(const struct record_packet *);

#endif
