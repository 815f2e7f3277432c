/* SPDX-License-Identifier: MIT
 *
 * IPv4 and IPv6 addresses and prefixes.  An address is 16 bytes in network
 * order and a family; an IPv4 address uses the first 4, the rest are 0.
 */
#ifndef LIB_ADDR_H
#define LIB_ADDR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum addr_family { ADDR_NONE = 0, ADDR_IPV4 = 4, ADDR_IPV6 = 6 };

enum { ADDR_TEXT = 46 };	/* room for an address as text, with NUL */
enum { PREFIX_TEXT = 50 };	/* and for a prefix */

struct addr {
	uint8_t family;		/* enum addr_family */
	uint8_t bytes[16];
};

struct prefix {
	struct addr addr;	/* as written: host bits may be set */
	uint8_t bits;		/* 0 to 32 or 128 */
};

/* As inet_pton(3) reads it; false, with nothing changed, when it is none. */
bool addr_parse(const char *text, struct addr *);

/* As inet_ntop(3) writes it (RFC 5952), "" for ADDR_NONE; returns the length
 * of the text. */
size_t addr_format(const struct addr *, char text[ADDR_TEXT]);

/* "192.0.2.0/24", "192.0.2.0/255.255.255.0", "fd00::/8", "fd00::/ff00::";
 * without a slash a single address.  False, with nothing changed, when it is none. */
bool prefix_parse(const char *text, struct prefix *);
void prefix_format(const struct prefix *, char text[PREFIX_TEXT]);
bool prefix_contains(const struct prefix *, const struct addr *);

/* Same family and bytes?  And an order: IPv4 first, then by bytes. */
bool addr_equal(const struct addr *, const struct addr *);
int addr_compare(const struct addr *, const struct addr *);

/* What kinds of address it is (IANA special-purpose registries, RFC 6890),
 * as a set; none: it can be reached across the Internet. */
enum addr_kind {
	ADDR_PRIVATE = 1,	/* RFC 1918, 6598, 4193 */
	ADDR_LINK_LOCAL = 2,	/* 169.254/16, fe80::/10 */
	ADDR_LOOPBACK = 4,	/* 127/8, ::1 */
	ADDR_MULTICAST = 8,	/* 224/4, ff00::/8 */
	ADDR_BROADCAST = 16,	/* 255.255.255.255 */
	ADDR_DOCUMENTATION = 32,
	ADDR_UNSPECIFIED = 64,	/* 0.0.0.0, :: */
	ADDR_RESERVED = 128,
	/* Of this side; nobody's own. */
	ADDR_INSIDE = ADDR_PRIVATE | ADDR_LINK_LOCAL | ADDR_LOOPBACK,
	ADDR_GROUP = ADDR_MULTICAST | ADDR_BROADCAST,
};
unsigned addr_kinds(const struct addr *);

/* One of these kinds; global: of no kind at all. */
bool addr_is_private(const struct addr *);
bool addr_is_link_local(const struct addr *);
bool addr_is_loopback(const struct addr *);
bool addr_is_unspecified(const struct addr *);
bool addr_is_global(const struct addr *);

#endif
