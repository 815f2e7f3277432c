/* SPDX-License-Identifier: MIT
 *
 * The table of first fragments: found by all of its key, the newest 65,536
 * of them, each as it was last.
 *
 * uses: capd/fragments.c
 */
#include <stdio.h>
#include <stdlib.h>

#include "capd/fragments.h"

static int failures;

static struct record_packet
datagram(uint8_t host, uint8_t protocol)
{
	return (struct record_packet){ .family = ADDR_IPV4,
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
	return failures > 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}
