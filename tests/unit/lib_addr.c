/* SPDX-License-Identifier: MIT
 *
 * Addresses: text as inet_ntop(3) writes it and inet_pton(3) reads it, and
 * the special-purpose ranges at their first and last address and just
 * outside.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "lib/addr.h"

static int failed;

/* musl's inet_ntop(3) prefers other zeros, and writes no embedded IPv4: there
 * it is enough that the text is read as the same address. */
static bool
is_musl(void)
{
	static const uint8_t example[16] = { [12] = 1, [15] = 4 };
	char text[INET6_ADDRSTRLEN];
	inet_ntop(AF_INET6, example, text, sizeof(text));
	return strcmp(text, "::1.0.0.4") != 0;
}

static void
check_text(const uint8_t *bytes, uint8_t family)
{
	struct addr a = { .family = family };
	char text[ADDR_TEXT], wanted[INET6_ADDRSTRLEN];
	memcpy(a.bytes, bytes, family == ADDR_IPV4 ? 4 : 16);
	addr_format(&a, text);
	inet_ntop(family == ADDR_IPV4 ? AF_INET : AF_INET6, bytes, wanted,
	    sizeof(wanted));
	if (strcmp(text, wanted) == 0)
		return;
	if (family == ADDR_IPV6 && is_musl() && inet_pton(AF_INET6, text,
	    wanted) == 1 && memcmp(wanted, bytes, 16) == 0)
		return;
	failed++;
	fprintf(stderr, "'%s' instead of '%s'\n", text, wanted);
}

/* Groups that are zero in every possible way, others short and long. */
static void
every_pattern_of_zeros(void)
{
	static const uint16_t others[] = { 1, 0x2a, 0x3bc, 0xffff, 0x8000 };
	for (unsigned zeros = 0; zeros < 256; zeros++)
		for (unsigned k = 0; k < 5; k++) {
			uint8_t bytes[16] = { 0 };
			for (unsigned i = 0; i < 8; i++) {
				uint16_t g = others[(i + k) % 5];
				if ((zeros >> i & 1) != 0)
					continue;
				bytes[i * 2] = (uint8_t)(g >> 8);
				bytes[i * 2 + 1] = (uint8_t)g;
			}
			check_text(bytes, ADDR_IPV6);
		}
}

static void
random_addresses(void)
{
	uint64_t state = 1;
	for (unsigned i = 0; i < 20000; i++) {
		uint8_t bytes[16];
		for (unsigned k = 0; k < 16; k++) {
			state = state * 6364136223846793005 +
			    1442695040888963407;
			bytes[k] = (uint8_t)(state >> 56);
		}
		/* More of the ends, where embedded IPv4 is. */
		memset(bytes, 0, i % 14);
		if (i % 3 == 0)
			bytes[10] = bytes[11] = 0xff;
		check_text(bytes, ADDR_IPV6);
		check_text(bytes + 12, ADDR_IPV4);
	}
}

/* P private, L link-local, O loopback, M multicast, B broadcast,
 * U unspecified, G global, - anything else. */
static void
check_kind(const char *text, char wanted)
{
	struct addr a;
	if (!addr_parse(text, &a)) {
		failed++;
		fprintf(stderr, "%s is no address\n", text);
		return;
	}
	unsigned kinds = addr_kinds(&a);
	char kind = addr_is_private(&a) ? 'P' : addr_is_link_local(&a) ?
	    'L' : addr_is_loopback(&a) ? 'O' : (kinds & ADDR_MULTICAST) != 0 ?
	    'M' : (kinds & ADDR_BROADCAST) != 0 ? 'B' :
	    addr_is_unspecified(&a) ? 'U' : addr_is_global(&a) ? 'G' : '-';
	bool inside = strchr("PLO", wanted) != NULL;
	bool group = strchr("MB", wanted) != NULL;
	if (kind == wanted && ((kinds & ADDR_INSIDE) != 0) == inside &&
	    ((kinds & ADDR_GROUP) != 0) == group)
		return;
	failed++;
	fprintf(stderr, "%s is taken for %c, not %c\n", text, kind, wanted);
}

static void
ranges(void)
{
	static const struct {
		const char *text;
		char kind;
	} list[] = {
		{ "9.255.255.255", 'G' }, { "10.0.0.0", 'P' },
		{ "10.255.255.255", 'P' }, { "11.0.0.0", 'G' },
		{ "172.15.255.255", 'G' }, { "172.16.0.0", 'P' },
		{ "172.31.255.255", 'P' }, { "172.32.0.0", 'G' },
		{ "192.168.0.0", 'P' }, { "192.169.0.0", 'G' },
		{ "100.63.255.255", 'G' }, { "100.64.0.0", 'P' },
		{ "100.127.255.255", 'P' }, { "100.128.0.0", 'G' },
		{ "169.254.0.0", 'L' }, { "169.255.0.0", 'G' },
		{ "127.0.0.1", 'O' }, { "127.255.255.255", 'O' },
		{ "128.0.0.0", 'G' }, { "223.255.255.255", 'G' },
		{ "224.0.0.1", 'M' }, { "239.255.255.255", 'M' },
		{ "240.0.0.0", '-' }, { "255.255.255.254", '-' },
		{ "255.255.255.255", 'B' }, { "0.0.0.0", 'U' },
		{ "0.0.0.1", '-' }, { "1.0.0.0", 'G' },
		{ "192.0.2.1", '-' }, { "198.51.100.1", '-' },
		{ "203.0.113.255", '-' }, { "203.0.114.0", 'G' },
		{ "192.0.0.8", '-' }, { "192.0.1.0", 'G' },
		{ "198.17.255.255", 'G' }, { "198.18.0.0", '-' },
		{ "198.19.255.255", '-' }, { "198.20.0.0", 'G' },
		{ "::", 'U' }, { "::1", 'O' }, { "::2", '-' },
		{ "::ffff:10.0.0.1", '-' }, { "0:1::", 'G' },
		{ "fbff::", 'G' }, { "fc00::", 'P' }, { "fdff::1", 'P' },
		{ "fe00::", 'G' }, { "fe80::", 'L' }, { "febf::1", 'L' },
		{ "fec0::", 'P' }, { "feff::1", 'P' }, { "ff00::", 'M' },
		{ "ff02::fb", 'M' }, { "2001:db7::", 'G' },
		{ "2001:db8::", '-' }, { "2001:db9::", 'G' },
		{ "3fff::1", '-' }, { "3fff:1000::", 'G' },
		{ "64:ff9b::1", 'G' }, { "64:ff9b:1::", '-' },
		{ "100::1", '-' }, { "100:0:0:1::", '-' },
		{ "100:0:0:2::", 'G' }, { "2001:1:ffff::", 'G' },
		{ "2001:2::1", '-' }, { "2001:2:1::", 'G' },
		{ "5f00::1", '-' }, { "5f01::", 'G' },
		{ "2a00:1450::1", 'G' },
	};
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		check_kind(list[i].text, list[i].kind);
}

/* Every text of a few characters of these is an address or none, as
 * inet_pton(3) has it. */
static void
short_texts(void)
{
	static const char choices[] = "0.125";
	char text[16] = "";
	for (unsigned n = 0; n < 5 * 5 * 5 * 5 * 5 * 5 * 5; n++) {
		unsigned rest = n;
		for (int i = 0; i < 7; i++, rest /= 5)
			text[i] = choices[rest % 5];
		for (int more = 0; more < 2; more++) {
			struct addr a = { 0 };
			uint8_t bytes[16] = { 0 };
			strcpy(text + 7, more == 0 ? "" : ".25");
			bool good = inet_pton(AF_INET, text, bytes) == 1;
			if (addr_parse(text, &a) == good &&
			    (!good || memcmp(bytes, a.bytes, 4) == 0))
				continue;
			failed++;
			fprintf(stderr, "'%s' is read otherwise\n", text);
		}
	}
}

int
main(void)
{
	every_pattern_of_zeros();
	random_addresses();
	ranges();
	short_texts();
	return failed != 0;
}
