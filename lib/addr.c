/* SPDX-License-Identifier: MIT
 *
 * Addresses: text, order, and the special-purpose ranges as one table.
 */
#include "lib/addr.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "lib/num.h"

enum kind { PRIVATE, LINK_LOCAL, LOOPBACK, MULTICAST, BROADCAST,
	DOCUMENTATION, UNSPECIFIED, RESERVED };

struct range {
	enum kind kind;
	uint8_t family;
	uint8_t bits;
	uint8_t bytes[16];
};

/* RFC 6890 and the IANA registries that it set up. */
static const struct range ranges[] = {
	{ PRIVATE, ADDR_IPV4, 8, { 10 } },
	{ PRIVATE, ADDR_IPV4, 12, { 172, 16 } },
	{ PRIVATE, ADDR_IPV4, 16, { 192, 168 } },
	{ PRIVATE, ADDR_IPV4, 10, { 100, 64 } },
	{ PRIVATE, ADDR_IPV6, 7, { 0xfc } },
	{ PRIVATE, ADDR_IPV6, 10, { 0xfe, 0xc0 } },
	{ LINK_LOCAL, ADDR_IPV4, 16, { 169, 254 } },
	{ LINK_LOCAL, ADDR_IPV6, 10, { 0xfe, 0x80 } },
	{ LOOPBACK, ADDR_IPV4, 8, { 127 } },
	{ LOOPBACK, ADDR_IPV6, 128, { [15] = 1 } },
	{ MULTICAST, ADDR_IPV4, 4, { 224 } },
	{ MULTICAST, ADDR_IPV6, 8, { 0xff } },
	{ BROADCAST, ADDR_IPV4, 32, { 255, 255, 255, 255 } },
	{ DOCUMENTATION, ADDR_IPV4, 24, { 192, 0, 2 } },
	{ DOCUMENTATION, ADDR_IPV4, 24, { 198, 51, 100 } },
	{ DOCUMENTATION, ADDR_IPV4, 24, { 203, 0, 113 } },
	{ DOCUMENTATION, ADDR_IPV6, 32, { 0x20, 0x01, 0x0d, 0xb8 } },
	{ DOCUMENTATION, ADDR_IPV6, 20, { 0x3f, 0xff } },
	{ UNSPECIFIED, ADDR_IPV4, 32, { 0 } },
	{ UNSPECIFIED, ADDR_IPV6, 128, { 0 } },
	{ RESERVED, ADDR_IPV4, 8, { 0 } },
	{ RESERVED, ADDR_IPV4, 24, { 192, 0, 0 } },
	{ RESERVED, ADDR_IPV4, 15, { 198, 18 } },
	{ RESERVED, ADDR_IPV4, 4, { 240 } },
	{ RESERVED, ADDR_IPV6, 32, { 0 } },	/* ::ffff:10.0.0.1 and such */
	{ RESERVED, ADDR_IPV6, 48, { 0, 0x64, 0xff, 0x9b, 0, 1 } },
	{ RESERVED, ADDR_IPV6, 64, { 0x01 } },
	{ RESERVED, ADDR_IPV6, 16, { 0x5f } },
};

static bool
same_bits(const uint8_t *a, const uint8_t *b, unsigned bits)
{
	unsigned whole = bits / 8, rest = bits % 8;
	if (memcmp(a, b, whole) != 0)
		return false;
	return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

static bool
is_kind(const struct addr *a, enum kind kind)
{
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (ranges[i].kind == kind && ranges[i].family == a->family &&
		    same_bits(ranges[i].bytes, a->bytes, ranges[i].bits))
			return true;
	return false;
}

bool
addr_parse(const char *text, struct addr *a)
{
	struct addr new = { 0 };
	if (inet_pton(AF_INET, text, new.bytes) == 1)
		new.family = ADDR_IPV4;
	else if (inet_pton(AF_INET6, text, new.bytes) == 1)
		new.family = ADDR_IPV6;
	else
		return false;
	*a = new;
	return true;
}

/* What inet_ntop(3) writes, without printf(3) behind it. */
static void
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
	*at = '\0';
}

void
addr_format(const struct addr *a, char text[ADDR_TEXT])
{
	if (a->family == ADDR_IPV4) {
		format_ipv4(a->bytes, text);
		return;
	}
	int af = a->family == ADDR_IPV6 ? AF_INET6 : AF_INET;
	if (inet_ntop(af, a->bytes, text, ADDR_TEXT) == NULL)
		text[0] = '\0';
}

/* The length of a mask such as 255.255.255.0; -1 when it has holes. */
static int
mask_bits(const struct addr *mask)
{
	int bits = 0;
	for (int i = 0; i < 32; i++) {
		bool set = mask->bytes[i / 8] >> (7 - i % 8) & 1;
		if (set && bits != i)
			return -1;
		bits += set;
	}
	return bits;
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
	struct addr mask;
	if (slash == NULL) {
		;
	} else if (new.addr.family == ADDR_IPV4 &&
	    strchr(slash, '.') != NULL) {
		if (!addr_parse(slash + 1, &mask) || mask_bits(&mask) < 0)
			return false;
		bits = (uint64_t)mask_bits(&mask);
	} else if (!num_unsigned(slash + 1, 0, bits, &bits)) {
		return false;
	}
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
	return is_kind(a, PRIVATE);
}

bool
addr_is_link_local(const struct addr *a)
{
	return is_kind(a, LINK_LOCAL);
}

bool
addr_is_loopback(const struct addr *a)
{
	return is_kind(a, LOOPBACK);
}

bool
addr_is_multicast(const struct addr *a)
{
	return is_kind(a, MULTICAST);
}

bool
addr_is_broadcast(const struct addr *a)
{
	return is_kind(a, BROADCAST);
}

bool
addr_is_unspecified(const struct addr *a)
{
	return is_kind(a, UNSPECIFIED);
}

bool
addr_is_global(const struct addr *a)
{
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (ranges[i].family == a->family &&
		    same_bits(ranges[i].bytes, a->bytes, ranges[i].bits))
			return false;
	return a->family != ADDR_NONE;
}
