/* SPDX-License-Identifier: MIT
 *
 * The ports of datagrams that come in fragments: only the first fragment
 * has them, and of IPv6 it alone tells the protocol.  Holds the newest 65,536
 * first fragments, each for a minute of packet time; the oldest goes.
 */
#ifndef CAPD_FRAGMENTS_H
#define CAPD_FRAGMENTS_H

#include <stdint.h>

#include "lib/record.h"

enum { FRAGMENTS_MOST = 65536 };

struct fragments;

struct fragments *fragments_new(void);
void fragments_free(struct fragments *);

/* Remember the ports of this first fragment under its interface, VLAN,
 * addresses, protocol (of IPv4) and the identification of its datagram. */
void fragments_add(struct fragments *, const struct record_packet *,
    uint32_t id);

/* Give a later fragment the protocol and ports of its first, and the flags
 * about them, when that is remembered; else leave it as it is. */
void fragments_find(const struct fragments *, struct record_packet *,
    uint32_t id);

#endif
