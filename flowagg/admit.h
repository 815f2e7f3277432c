/* SPDX-License-Identifier: MIT
 *
 * Into the tables: a conversation that is new, and the row that one counts
 * in.  Where there is no room whoever was silent longest has to go.  Part of
 * the aggregate.
 */
#ifndef FLOWAGG_ADMIT_H
#define FLOWAGG_ADMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "flowagg/aggregate.h"

/* A packet with what is worked out before its flow is touched. */
struct arrival {
	const struct record_packet *packet;
	struct flow_key key;
	uint32_t hash;
	uint32_t guess;		/* the flow's number, most likely */
	bool from_b;		/* the sender is `b` of the key */
};

/* A new conversation of this packet, seen first at `ns` of stream time, with
 * its ends told apart; 0: the packet is not to be counted. */
uint32_t admit_conversation(struct aggregate *, const struct arrival *,
    uint64_t ns);

/* The row that a conversation's packet counts in, found or new; `way`, 0 sent
 * or 1 received, is turned round where the row has its ends the other way. */
uint32_t admit_row(struct aggregate *, const struct flow *conversation,
    const struct record_packet *, uint64_t ns, unsigned *way);

#endif
