/* SPDX-License-Identifier: MIT
 *
 * Protocols have the names that IANA has for them, and their packets ports
 * or not.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/protocol.h"

int
main(void)
{
	static const struct {
		uint8_t number;
		const char *name;
		bool has_ports;
	} list[] = {
		{ 0, "HOPOPT", false }, { 1, "ICMP", false },
		{ 2, "IGMP", false }, { 3, "GGP", false },
		{ PROTOCOL_TCP, "TCP", true }, { PROTOCOL_UDP, "UDP", true },
		{ PROTOCOL_DCCP, "DCCP", true }, { 41, "IPv6", false },
		{ 47, "GRE", false }, { 50, "ESP", false },
		{ 51, "AH", false }, { PROTOCOL_ICMPV6, "ICMPv6", false },
		{ 89, "OSPF", false }, { 112, "VRRP", false },
		{ PROTOCOL_SCTP, "SCTP", true },
		{ PROTOCOL_UDPLITE, "UDPLite", true },
		{ 253, "253", false }, { 255, "255", false },
	};
	int failures = 0;
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		char name[PROTOCOL_TEXT];
		protocol_name(list[i].number, name);
		bool ports = protocol_has_ports(list[i].number);
		if (strcmp(name, list[i].name) == 0 &&
		    ports == list[i].has_ports)
			continue;
		failures++;
		printf("%u is %s, %s ports\n", list[i].number, name,
		    ports ? "with" : "without");
	}
	return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
