/* SPDX-License-Identifier: MIT
 *
 * The ports of datagrams that come in fragments: only the first fragment
 * has them.  Holds the newest 65,536 first fragments; the oldest goes.
 */
#ifndef CAPD_FRAGMENTS_H
#define CAPD_FRAGMENTS_H

#include <stdint.h>

#include "lib/record.h"

enum { FRAGMENTS_MOST = 65536 };

struct fragments;

struct fragments *fragments_new(void);
void fragments_free(struct fragments *);

/* Remember the ports of this first fragment under its addresses, protocol
 * and the identification of its datagram. */
void fragments_add(struct fragments *, const struct record_packet *,
    uint32_t id);

/* Give a later fragment the ports of its first, and the flags about them,
 * when that is remembered; else leave it as it is. */
void fragments_find(const struct fragments *, struct record_packet *,
    uint32_t id);

#endif
