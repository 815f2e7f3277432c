/* SPDX-License-Identifier: MIT
 *
 * The fast path: packet records into flows.  Part of the aggregate.
 */
#ifndef FLOWAGG_PACKETS_H
#define FLOWAGG_PACKETS_H

#include <stddef.h>

#include "flowagg/aggregate.h"

enum { PACKETS_BATCH = 1024 };

/* Count a run of packet records; after at most PACKETS_BATCH the journal may
 * give some of its work away. */
void packets_count(struct aggregate *, const union record *, size_t n);

#endif
