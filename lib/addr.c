/* SPDX-License-Identifier: MIT
 *
 * Addresses: text, order, and the special-purpose ranges as one table.
 */
#include "lib/addr.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "lib/num.h"

/* The special-purpose ranges: RFC 6890 and the IANA registries that it set
 * up.  Each as the first 32 bits of an IPv4 address, 64 of an IPv6 one, how
 * many of them count, and what such addresses are. */
#define RANGES4(range)							\
	range(0x0a000000, 8, ADDR_PRIVATE) /* 10/8 */			\
	range(0xac100000, 12, ADDR_PRIVATE) /* 172.16/12 */		\
	range(0xc0a80000, 16, ADDR_PRIVATE) /* 192.168/16 */		\
	range(0x64400000, 10, ADDR_PRIVATE) /* 100.64/10 */		\
	range(0xa9fe0000, 16, ADDR_LINK_LOCAL) /* 169.254/16 */		\
	range(0x7f000000, 8, ADDR_LOOPBACK) /* 127/8 */			\
	range(0xe0000000, 4, ADDR_MULTICAST) /* 224/4 */		\
	range(0xffffffff, 32, ADDR_BROADCAST)				\
	range(0xc0000200, 24, ADDR_DOCUMENTATION) /* 192.0.2/24 */	\
	range(0xc6336400, 24, ADDR_DOCUMENTATION) /* 198.51.100/24 */	\
	range(0xcb007100, 24, ADDR_DOCUMENTATION) /* 203.0.113/24 */	\
	range(0x00000000, 32, ADDR_UNSPECIFIED)				\
	range(0x00000000, 8, ADDR_RESERVED) /* 0/8 */			\
	range(0xc0000000, 24, ADDR_RESERVED) /* 192.0.0/24 */		\
	range(0xc6120000, 15, ADDR_RESERVED) /* 198.18/15 */		\
	range(0xf0000000, 4, ADDR_RESERVED) /* 240/4 */

/* ::1 and :: are longer than 64 bits; they are in ::/32 as well. */
#define RANGES6(range)							\
	range(0xfc00000000000000, 7, ADDR_PRIVATE) /* fc00::/7 */	\
	range(0xfec0000000000000, 10, ADDR_PRIVATE) /* fec0::/10 */	\
	range(0xfe80000000000000, 10, ADDR_LINK_LOCAL) /* fe80::/10 */	\
	range(0xff00000000000000, 8, ADDR_MULTICAST) /* ff00::/8 */	\
	range(0x20010db800000000, 32, ADDR_DOCUMENTATION) /* 2001:db8::/32 */ \
	range(0x3fff000000000000, 20, ADDR_DOCUMENTATION) /* 3fff::/20 */	\
	range(0x0000000000000000, 32, ADDR_RESERVED) /* mapped and such */	\
	range(0x0064ff9b00010000, 48, ADDR_RESERVED) /* 64:ff9b:1::/48 */	\
	range(0x0100000000000000, 64, ADDR_RESERVED) /* 100::/64 */	\
	range(0x0100000000000001, 64, ADDR_RESERVED) /* 100:0:0:1::/64 */ \
	range(0x2001000200000000, 48, ADDR_RESERVED) /* 2001:2::/48 */	\
	range(0x5f00000000000000, 16, ADDR_RESERVED) /* 5f00::/16 */

/* Columns of their own, which compilers turn into a few comparisons of many
 * ranges at once. */
#define NET(net, bits, kind) net,
#define MASK4(net, bits, kind) UINT32_MAX << (32 - (bits)),
#define MASK6(net, bits, kind) UINT64_MAX << (64 - (bits)),
#define KIND(net, bits, kind) kind,

static const uint32_t nets4[] = { RANGES4(NET) };
static const uint32_t masks4[] = { RANGES4(MASK4) };
static const uint32_t range_kinds4[] = { RANGES4(KIND) };
static const uint64_t nets6[] = { RANGES6(NET) };
static const uint64_t masks6[] = { RANGES6(MASK6) };
static const uint32_t range_kinds6[] = { RANGES6(KIND) };

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Four bytes of an address as a number. */
static uint32_t
word_at(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
	    (uint32_t)bytes[2] << 8 | bytes[3];
}

static uint64_t
two_words_at(const uint8_t *bytes)
{
	return (uint64_t)word_at(bytes) << 32 | word_at(bytes + 4);
}

static unsigned
kinds4(uint32_t x)
{
	unsigned kinds = 0;
	for (size_t i = 0; i < COUNT(nets4); i++)
		kinds |= (x & masks4[i]) == nets4[i] ? range_kinds4[i] : 0;
	return kinds;
}

static unsigned
kinds6(uint64_t high, uint64_t low)
{
	unsigned kinds = high != 0 ? 0 : low == 0 ? ADDR_UNSPECIFIED :
	    low == 1 ? ADDR_LOOPBACK : 0;
	for (size_t i = 0; i < COUNT(nets6); i++)
		kinds |= (high & masks6[i]) == nets6[i] ? range_kinds6[i] : 0;
	return kinds;
}

unsigned
addr_kinds(const struct addr *a)
{
	if (a->family == ADDR_IPV4)
		return kinds4(word_at(a->bytes));
	if (a->family == ADDR_IPV6)
		return kinds6(two_words_at(a->bytes),
		    two_words_at(a->bytes + 8));
	return 0;
}

static bool
same_bits(const uint8_t *a, const uint8_t *b, unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;
	if (memcmp(a, b, whole) != 0)
		return false;
	return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

/* As inet_pton(3), at a third of the cost: snapshots are full of these. */
static bool
parse_ipv4(const char *at, uint8_t bytes[4])
{
	for (int i = 0; i < 4; i++) {
		unsigned n = 0, digit;
		const char *from = at;
		while ((digit = (unsigned char)*at - (unsigned)'0') <= 9 &&
		    at - from < 3) {
			n = n * 10 + digit;
			at++;
		}
		if (at == from || n > 255 || (*from == '0' && at - from > 1) ||
		    *at != (i < 3 ? '.' : '\0'))
			return false;
		bytes[i] = (uint8_t)n;
		at++;
	}
	return true;
}

bool
addr_parse(const char *text, struct addr *a)
{
	struct addr new = { 0 };
	if (parse_ipv4(text, new.bytes))
		new.family = ADDR_IPV4;
	else if (inet_pton(AF_INET6, text, new.bytes) == 1)
		new.family = ADDR_IPV6;
	else
		return false;
	*a = new;
	return true;
}

/*
 * Text as inet_ntop(3) writes it, without printf(3) behind it.
 */

static char *
format_ipv4(const uint8_t bytes[4], char *at)
{
	for (int i = 0; i < 4; i++) {
		unsigned n = bytes[i];
		if (i > 0)
			*at++ = '.';
		if (n >= 100)
			*at++ = (char)('0' + n / 100);
		if (n >= 10)
			*at++ = (char)('0' + n / 10 % 10);
		*at++ = (char)('0' + n % 10);
	}
	return at;
}

static char *
format_group(unsigned group, char *at)
{
	static const char digits[] = "0123456789abcdef";
	if (group >= 0x1000)
		*at++ = digits[group >> 12];
	if (group >= 0x100)
		*at++ = digits[group >> 8 & 15];
	if (group >= 0x10)
		*at++ = digits[group >> 4 & 15];
	*at++ = digits[group & 15];
	return at;
}

/* The first of the longest runs of zero groups, of two or more; its length,
 * 0 when there is none. */
static unsigned
longest_zeros(const uint16_t groups[8], unsigned *first)
{
	unsigned longest = 1;
	for (unsigned i = 0; i < 8; i++) {
		unsigned n = 0;
		while (i + n < 8 && groups[i + n] == 0)
			n++;
		if (n > longest) {
			longest = n;
			*first = i;
		}
		i += n;
	}
	return longest > 1 ? longest : 0;
}

/* RFC 5952; IPv4 addresses that are embedded behind 80 or 96 zero bits are
 * written as such. */
static char *
format_ipv6(const uint8_t bytes[16], char *at)
{
	uint16_t groups[8];
	unsigned first = 8;
	for (unsigned i = 0; i < 8; i++)
		groups[i] = (uint16_t)(bytes[i * 2] << 8 | bytes[i * 2 + 1]);
	unsigned zeros = longest_zeros(groups, &first);
	bool ipv4 = first == 0 && (zeros == 6 ||
	    (zeros == 5 && groups[5] == 0xffff));
	for (unsigned i = 0; i < 8; i++) {
		if (i == first) {
			*at++ = ':';
			i += zeros - 1;
			if (i == 7)
				*at++ = ':';
			continue;
		}
		if (i > 0)
			*at++ = ':';
		if (i == 6 && ipv4)
			return format_ipv4(bytes + 12, at);
		at = format_group(groups[i], at);
	}
	return at;
}

size_t
addr_format(const struct addr *a, char text[ADDR_TEXT])
{
	char *end = a->family == ADDR_IPV4 ? format_ipv4(a->bytes, text) :
	    a->family == ADDR_IPV6 ? format_ipv6(a->bytes, text) : text;
	*end = '\0';
	return (size_t)(end - text);
}

/* The length of a mask such as 255.255.255.0 or ff00::; false when it has
 * holes or is of another family. */
static bool
mask_bits(const char *text, uint8_t family, uint64_t *bits)
{
	struct addr mask;
	uint64_t count = 0;
	if (!addr_parse(text, &mask) || mask.family != family)
		return false;
	for (uint64_t i = 0; i < *bits; i++) {
		bool set = mask.bytes[i / 8] >> (7 - i % 8) & 1;
		if (set && count != i)
			return false;
		count += set;
	}
	*bits = count;
	return true;
}

bool
prefix_parse(const char *text, struct prefix *p)
{
	char host[ADDR_TEXT];
	const char *slash = strchr(text, '/');
	size_t len = slash != NULL ? (size_t)(slash - text) : strlen(text);
	if (len >= sizeof(host))
		return false;
	memcpy(host, text, len);
	host[len] = '\0';

	struct prefix new;
	if (!addr_parse(host, &new.addr))
		return false;
	uint64_t bits = new.addr.family == ADDR_IPV4 ? 32 : 128;
	if (slash != NULL && !num_unsigned(slash + 1, 0, bits, &bits) &&
	    !mask_bits(slash + 1, new.addr.family, &bits))
		return false;
	new.bits = (uint8_t)bits;
	*p = new;
	return true;
}

void
prefix_format(const struct prefix *p, char text[PREFIX_TEXT])
{
	char host[ADDR_TEXT];
	addr_format(&p->addr, host);
	snprintf(text, PREFIX_TEXT, "%s/%u", host, (unsigned)p->bits);
}

bool
prefix_contains(const struct prefix *p, const struct addr *a)
{
	return p->addr.family == a->family &&
	    same_bits(p->addr.bytes, a->bytes, p->bits);
}

bool
addr_equal(const struct addr *a, const struct addr *b)
{
	return a->family == b->family &&
	    memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

int
addr_compare(const struct addr *a, const struct addr *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}

bool
addr_is_private(const struct addr *a)
{
	return (addr_kinds(a) & ADDR_PRIVATE) != 0;
}

bool
addr_is_link_local(const struct addr *a)
{
	return (addr_kinds(a) & ADDR_LINK_LOCAL) != 0;
}

bool
addr_is_loopback(const struct addr *a)
{
	return (addr_kinds(a) & ADDR_LOOPBACK) != 0;
}

bool
addr_is_unspecified(const struct addr *a)
{
	return (addr_kinds(a) & ADDR_UNSPECIFIED) != 0;
}

bool
addr_is_global(const struct addr *a)
{
	return a->family != ADDR_NONE && addr_kinds(a) == 0;
}
