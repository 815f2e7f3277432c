/* SPDX-License-Identifier: MIT
 *
 * What the kernel counted: packets that it took for us, and those that it
 * dropped because capd was too slow.
 */
#ifndef CAPD_DROPS_H
#define CAPD_DROPS_H

#include <pcap/pcap.h>
#include <stdint.h>

struct drops {
	uint64_t came;		/* packets, those dropped included */
	uint64_t dropped;
};

/* Since the last call for this handle. */
struct drops drops_read(pcap_t *);

/* A loopback interface shows each packet as sent and as received, and
 * libpcap leaves the former out: have the kernel do it before, so that one
 * that is dropped counts once.  Other interfaces stay as they are. */
void drops_count_once(pcap_t *);

#endif
