/* SPDX-License-Identifier: MIT
 *
 * Straight from the packet socket: pcap_stats(3) also opens files in /sys,
 * which the sandbox forbids.
 */
#include "capd/drops.h"

#include <linux/if_packet.h>
#include <net/if_arp.h>
#include <sys/socket.h>

struct drops
drops_read(pcap_t *p)
{
	struct tpacket_stats_v3 s = { 0 };
	socklen_t len = sizeof(s);
	if (getsockopt(pcap_fileno(p), SOL_PACKET, PACKET_STATISTICS, &s,
	    &len) == -1)
		return (struct drops){ 0 };
	/* The kernel starts over after each reading. */
	return (struct drops){ s.tp_packets, s.tp_drops };
}

/* "any" is of no type, and may not lose what others send. */
void
drops_count_once(pcap_t *p)
{
	struct sockaddr_ll who = { 0 };
	socklen_t len = sizeof(who);
	int fd = pcap_fileno(p), yes = 1;
	if (getsockname(fd, (struct sockaddr *)&who, &len) == 0 &&
	    who.sll_hatype == ARPHRD_LOOPBACK)
		setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes,
		    sizeof(yes));	/* an old kernel cannot */
}
