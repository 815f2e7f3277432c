/* SPDX-License-Identifier: MIT
 *
 * The matching rules for ICMP echoes; match_side.c has the others.
 */
#ifndef PROCMAP_MATCH_ICMP_H
#define PROCMAP_MATCH_ICMP_H

#include "procmap/match_side.h"

bool match_is_icmp(uint8_t proto);

/* Rule M8: the socket that this end's echoes came from; null: none is known,
 * or several may be it (e->why). */
const struct owner *icmp_find(struct search *, struct side *,
    enum owners_scope);

#endif
