/* SPDX-License-Identifier: MIT
 *
 * The table of first fragments: found by all of its key, the newest 65,536
 * of them, each as it was last, for a minute.
 *
 * uses: capd/fragments.c
 */
#include <stdio.h>
#include <stdlib.h>

#include "capd/fragments.h"

static int failures;
static struct record_packet now;	/* where and when it is */

static struct record_packet
datagram(uint8_t host, uint8_t protocol)
{
	return (struct record_packet){ .ts = now.ts, .vlan = now.vlan,
		.interface = now.interface, .family = ADDR_IPV4,
		.protocol = protocol, .src = { 10, 0, 0, host },
		.dst = { 10, 0, 0, 99 } };
}

static void
add(struct fragments *f, uint8_t host, uint8_t protocol, uint32_t id,
    uint16_t port)
{
	struct record_packet p = datagram(host, protocol);
	p.src_port = port;
	p.dst_port = 53;
	fragments_add(f, &p, id);
}

static void
expect(const struct fragments *f, const char *what, uint8_t host,
    uint8_t protocol, uint32_t id, uint16_t port)
{
	struct record_packet p = datagram(host, protocol);
	p.flags = RECORD_FRAGMENT | RECORD_NO_PORTS;
	fragments_find(f, &p, id);
	bool known = (p.flags & RECORD_NO_PORTS) == 0;
	if (p.src_port == port && known == (port != 0) &&
	    (p.flags & RECORD_FRAGMENT) != 0)
		return;
	printf("fragments: %s: port %u, flags %u\n", what, p.src_port,
	    p.flags);
	failures++;
}

/* A minute is what RFC 8200 gives a datagram to come together. */
static void
age(void)
{
	enum { MS = 1000000 };
	struct fragments *f = fragments_new();
	now.ts = UINT64_C(100000) * MS;
	add(f, 1, 17, 7, 1000);
	now.ts = UINT64_C(160000) * MS;
	expect(f, "a minute old", 1, 17, 7, 1000);
	now.ts = UINT64_C(160001) * MS;
	expect(f, "more than a minute old", 1, 17, 7, 0);
	now.ts = UINT64_C(40000) * MS;
	expect(f, "a minute ago", 1, 17, 7, 1000);
	now.ts = UINT64_C(39999) * MS;
	expect(f, "time stepped back", 1, 17, 7, 0);
	now.ts = UINT64_C(200000) * MS;
	add(f, 1, 17, 7, 1002);
	expect(f, "the id is used anew", 1, 17, 7, 1002);
	fragments_free(f);
	now.ts = 0;
}

static void
place(void)
{
	struct fragments *f = fragments_new();
	now.vlan = 5;
	add(f, 1, 17, 7, 1000);
	now.vlan = 6;
	expect(f, "another VLAN", 1, 17, 7, 0);
	add(f, 1, 17, 7, 1001);
	now.interface = 2;
	expect(f, "another interface", 1, 17, 7, 0);
	now.interface = 0;
	expect(f, "this VLAN", 1, 17, 7, 1001);
	now.vlan = 5;
	expect(f, "that VLAN", 1, 17, 7, 1000);
	fragments_free(f);
	now.vlan = 0;
}

/* Of IPv6 the first fragment tells the protocol of all. */
static void
ipv6(void)
{
	struct fragments *f = fragments_new();
	struct record_packet first = { .family = ADDR_IPV6, .protocol = 17,
		.src_port = 1000 }, later = { .family = ADDR_IPV6,
		.protocol = 60, .flags = RECORD_FRAGMENT };
	fragments_find(f, &later, 7);
	if (later.protocol != 60 || later.src_port != 0)
		printf("fragments: no first\n"), failures++;
	fragments_add(f, &first, 7);
	fragments_find(f, &later, 7);
	if (later.protocol != 17 || later.src_port != 1000)
		printf("fragments: protocol %u\n", later.protocol), failures++;
	fragments_free(f);
}

/* What is seen again is among the newest. */
static void
refreshed(void)
{
	struct fragments *f = fragments_new();
	for (uint32_t i = 0; i < FRAGMENTS_MOST; i++)
		add(f, 3, 17, i, 2000);
	add(f, 3, 17, 0, 2001);
	add(f, 3, 17, FRAGMENTS_MOST - 1, 2002);
	add(f, 4, 17, 1, 3000);
	expect(f, "the oldest, refreshed", 3, 17, 0, 2001);
	expect(f, "the oldest then", 3, 17, 1, 0);
	expect(f, "the newest, refreshed", 3, 17, FRAGMENTS_MOST - 1, 2002);
	for (uint32_t i = 2; i < FRAGMENTS_MOST - 1; i++)
		expect(f, "not refreshed", 3, 17, i, 2000);
	/* All others go before it. */
	for (uint32_t i = 0; i < FRAGMENTS_MOST - 3; i++)
		add(f, 5, 17, i, 4000);
	expect(f, "refreshed, still in", 3, 17, 0, 2001);
	fragments_free(f);
}

int
main(void)
{
	struct fragments *f = fragments_new();
	add(f, 1, 17, 7, 1000);
	expect(f, "the datagram", 1, 17, 7, 1000);
	expect(f, "another id", 1, 17, 8, 0);
	expect(f, "another host", 2, 17, 7, 0);
	expect(f, "another protocol", 1, 6, 7, 0);
	add(f, 1, 17, 7, 1001);
	expect(f, "used again", 1, 17, 7, 1001);

	/* 1 is in; with 65,535 more it is the oldest of a full table. */
	for (uint32_t i = 1; i < FRAGMENTS_MOST; i++)
		add(f, 3, 17, i, 2000);
	expect(f, "the oldest, just so", 1, 17, 7, 1001);
	add(f, 4, 17, 1, 3000);
	expect(f, "the oldest is gone", 1, 17, 7, 0);
	expect(f, "the newest is in", 4, 17, 1, 3000);
	for (uint32_t i = 1; i < FRAGMENTS_MOST; i++)
		expect(f, "all others", 3, 17, i, 2000);
	/* Many times round, nothing gets lost in the chains. */
	for (uint32_t i = 0; i < 5 * FRAGMENTS_MOST; i++)
		add(f, 5, 17, i * 2654435761u, (uint16_t)(i | 1));
	for (uint32_t i = 4 * FRAGMENTS_MOST; i < 5 * FRAGMENTS_MOST; i++)
		expect(f, "round again", 5, 17, i * 2654435761u,
		    (uint16_t)(i | 1));
	expect(f, "a round before", 5, 17, 0, 0);
	fragments_free(f);
	age();
	place();
	ipv6();
	refreshed();
	return failures > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
