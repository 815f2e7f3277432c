/* SPDX-License-Identifier: MIT
 *
 * IP protocol numbers and their names (IANA "Protocol Numbers").
 */
#ifndef LIB_PROTOCOL_H
#define LIB_PROTOCOL_H

#include <stdbool.h>
#include <stdint.h>

enum protocol {
	PROTOCOL_ICMP = 1,
	PROTOCOL_TCP = 6,
	PROTOCOL_UDP = 17,
	PROTOCOL_DCCP = 33,
	PROTOCOL_ICMPV6 = 58,
	PROTOCOL_SCTP = 132,
	PROTOCOL_UDPLITE = 136,
};

enum { PROTOCOL_TEXT = 16 };

/* "TCP", "ICMPv6", "GRE"; a number without a name is itself: "253". */
void protocol_name(uint8_t number, char name[PROTOCOL_TEXT]);

/* Do its packets start with a source and a destination port? */
bool protocol_has_ports(uint8_t number);

#endif
