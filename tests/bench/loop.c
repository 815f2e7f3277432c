/* SPDX-License-Identifier: MIT
 *
 * The yardstick: read a capture file with libpcap and do nothing.
 */
#include <pcap/pcap.h>
#include <stdio.h>

static void
nothing(u_char *user, const struct pcap_pkthdr *header, const u_char *bytes)
{
	(void)header;
	(void)bytes;
	++*(unsigned long *)(void *)user;
}

int
main(int argc, char **argv)
{
	char error[PCAP_ERRBUF_SIZE];
	unsigned long packets = 0;
	pcap_t *p = argc == 2 ? pcap_open_offline(argv[1], error) : NULL;
	if (p == NULL)
		return 1;
	pcap_dispatch(p, -1, nothing, (u_char *)(void *)&packets);
	printf("%lu\n", packets);
	return 0;
}
