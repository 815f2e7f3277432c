/* SPDX-License-Identifier: MIT
 *
 * Straight from the packet socket: pcap_stats(3) also opens files in /sys,
 * which the sandbox forbids.
 */
#include "capd/drops.h"

#include <linux/if_packet.h>
#include <sys/socket.h>

uint64_t
drops_read(pcap_t *p)
{
	struct tpacket_stats_v3 s = { 0 };
	socklen_t len = sizeof(s);
	if (getsockopt(pcap_fileno(p), SOL_PACKET, PACKET_STATISTICS, &s,
	    &len) == -1)
		return 0;
	return s.tp_drops;	/* the kernel starts over after each reading */
}
