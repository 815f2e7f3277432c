/* SPDX-License-Identifier: MIT
 *
 * A capture handle on one interface.  Opened while there is privilege; what
 * comes after opening needs none and opens nothing.
 */
#ifndef CAPD_SOURCE_LIVE_H
#define CAPD_SOURCE_LIVE_H

#include <pcap/pcap.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capd/settings.h"
#include "capd/talk.h"

enum {
	/* The kernel hands over what it has after so many ms at the latest. */
	SOURCE_TIMEOUT = 40,
	/* A packet as old as this has been handed over, ms. */
	SOURCE_HOLD = 60,
};

struct source_live {
	pcap_t *pcap;		/* null: not open */
	int fd;			/* to poll(2) */
	int linktype;		/* DLT_ value */
	bool any;		/* all interfaces */
	bool numbered;		/* each packet names its interface (SLL2) */
	uint32_t fraction;	/* ns in a unit of ts.tv_usec */
	uint64_t first;		/* ts of the first packet of a look; 0: none */
	uint64_t last;		/* ts of the packet read last */
	bool behind;		/* more may be waiting */
	uint64_t came;		/* packets that the kernel has counted */
	uint64_t dropped;	/* by the kernel, and not told yet */
	uint64_t until;		/* lost, but the kernel still has packets: ms
				 * when it has none any more; 0: not lost */
};

/* Open, set the filter, leave it non-blocking.  REASON_NONE on success,
 * else why not, with a message that names the interface; of a filter it has
 * libpcap's alone. */
enum talk_reason source_live_open(struct source_live *, const char *name,
    const struct settings *, uint32_t buffer, bool wifi,
    char text[TALK_TEXT]);

/* Can a capture file, which holds one link type, have its frames?  `*type` is
 * that DLT_ value; where it is -1 it becomes this one's.  False with a message
 * and the source closed. */
bool source_live_fits(struct source_live *, const char *name, int *type,
    char text[TALK_TEXT]);

/* Add to ->came and ->dropped what is new. */
void source_live_count(struct source_live *);

/* The error waiting on the descriptor, as an errno; 0: none. */
int source_live_error(const struct source_live *);

/* Does this filter compile for these link types?  Opens nothing.  False
 * with libpcap's message. */
bool source_live_check(const char *filter, const int32_t *linktypes,
    unsigned count, uint32_t snaplen, char text[TALK_TEXT]);

#endif
