/* SPDX-License-Identifier: MIT
 *
 * The memory that keeper and capture child share, so that totals outlive
 * a child.  It holds numbers and interface names, never a byte of a packet.
 */
#ifndef CAPD_SHARED_H
#define CAPD_SHARED_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "capd/wire.h"
#include "lib/record.h"

/* An interface in the order of the source record. */
struct shared_interface {
	int index;		/* the system's; 0: not there, or "any" */
	bool loopback;
	bool has_mac;
	uint8_t mac[6];
	char name[SOURCE_NAME];
};

struct shared_totals {
	struct record_counters counters;	/* wire_*: as last read */
	uint64_t after_packets, after_bytes;	/* captured since that */
	uint64_t tick;		/* ts of the last one */
	bool wire_known;
	struct wire wire[SOURCE_INTERFACES];	/* as last read */
	uint64_t file_bytes;	/* whole packets in the file of -w */
};

struct shared {
	/* Written by the keeper while it has the pen. */
	uint16_t interface_count;
	struct shared_interface interfaces[SOURCE_INTERFACES];

	/* Written by the holder of the pen: one of the two is whole, at
	 * whatever instruction a child is killed. */
	_Atomic unsigned whole;
	struct shared_totals totals[2];
};

/* The counters for a tick.  The interfaces are read when the kernel still
 * holds packets back that they have counted, so that reading is compared
 * with the packets up to its time; those since are taken as they came. */
static inline struct record_counters
shared_counters(const struct shared_totals *t)
{
	struct record_counters c = t->counters;
	c.wire_packets += t->after_packets;
	c.wire_bytes += t->after_bytes;
	return c;
}

static inline const struct shared_totals *
shared_read(struct shared *s)
{
	return &s->totals[atomic_load(&s->whole) & 1];
}

static inline void
shared_write(struct shared *s, const struct shared_totals *t)
{
	unsigned next = (atomic_load(&s->whole) & 1) ^ 1;
	s->totals[next] = *t;
	atomic_store(&s->whole, next);
}

#endif
