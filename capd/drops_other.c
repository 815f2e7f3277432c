/* SPDX-License-Identifier: MIT
 *
 * Drops as pcap_stats(3) tells them: since the handle was opened.
 */
#include "capd/drops.h"

uint64_t
drops_read(pcap_t *p)
{
	/* What was seen before, by handle. */
	static struct { pcap_t *pcap; unsigned dropped; } seen[64];
	struct pcap_stat now;
	if (pcap_stats(p, &now) == -1)
		return 0;
	for (int i = 0; i < 64; i++)
		if (seen[i].pcap == NULL || seen[i].pcap == p) {
			unsigned more = now.ps_drop - seen[i].dropped;
			seen[i].pcap = p;
			seen[i].dropped = now.ps_drop;
			return more;
		}
	return 0;
}
