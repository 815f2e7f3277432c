/* SPDX-License-Identifier: MIT
 *
 * Names of IP protocols.
 */
#include "lib/protocol.h"

#include <stdio.h>
#include <string.h>

static const char names[256][PROTOCOL_TEXT] = {
	[0] = "HOPOPT", [1] = "ICMP", [2] = "IGMP", [3] = "GGP",
	[4] = "IPv4", [5] = "ST", [6] = "TCP", [8] = "EGP", [9] = "IGP",
	[12] = "PUP", [17] = "UDP", [22] = "XNS-IDP", [27] = "RDP",
	[29] = "ISO-TP4", [33] = "DCCP", [36] = "XTP", [41] = "IPv6",
	[43] = "IPv6-Route", [44] = "IPv6-Frag", [46] = "RSVP",
	[47] = "GRE", [50] = "ESP", [51] = "AH", [55] = "MOBILE",
	[57] = "SKIP", [58] = "ICMPv6", [59] = "IPv6-NoNxt",
	[60] = "IPv6-Opts", [73] = "CPHB", [77] = "SUN-ND", [81] = "VMTP",
	[88] = "EIGRP", [89] = "OSPF", [94] = "IPIP", [97] = "EtherIP",
	[98] = "ENCAP", [103] = "PIM", [108] = "IPComp", [112] = "VRRP",
	[113] = "PGM", [115] = "L2TP", [124] = "ISIS", [132] = "SCTP",
	[133] = "FC", [135] = "Mobility", [136] = "UDPLite",
	[137] = "MPLS-in-IP", [138] = "manet", [139] = "HIP",
	[140] = "Shim6", [141] = "WESP", [142] = "ROHC", [143] = "Ethernet",
};

void
protocol_name(uint8_t number, char name[PROTOCOL_TEXT])
{
	if (names[number][0] != '\0')
		memcpy(name, names[number], PROTOCOL_TEXT);
	else
		snprintf(name, PROTOCOL_TEXT, "%u", (unsigned)number);
}

bool
protocol_has_ports(uint8_t number)
{
	return number == PROTOCOL_TCP || number == PROTOCOL_UDP ||
	    number == PROTOCOL_SCTP || number == PROTOCOL_DCCP ||
	    number == PROTOCOL_UDPLITE;
}
