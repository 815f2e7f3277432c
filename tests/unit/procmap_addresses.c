/* SPDX-License-Identifier: MIT
 *
 * The addresses of the namespaces, and which of those that are gone stay
 * known for their last flows.
 *
 * uses: procmap/addresses.c procmap/socket.c
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "procmap/addresses.h"

static int failures;

/* 192.0.2.`last`, as the kernel maps it. */
static const uint8_t *
address(uint8_t last)
{
	static uint8_t bytes[16] = { [10] = 255, [11] = 255, [12] = 192,
		[14] = 2 };
	bytes[15] = last;
	return bytes;
}

static void
expect(const char *what, bool is, bool wanted)
{
	if (is == wanted)
		return;
	failures++;
	printf("%s: %s\n", what, is ? "yes" : "no");
}

static void
seen(struct addresses *a, uint32_t netns, uint8_t last, int64_t when)
{
	addresses_add(a, netns, address(last));
	a->list[a->count - 1].seen = when;
}

static void
keep(void)
{
	struct addresses a = { 0 }, old = { 0 };
	addresses_add(&a, 0, address(1));
	addresses_add(&a, 7, address(2));
	addresses_add(&a, 7, address(3));
	seen(&old, 0, 4, 500);	/* ours, gone lately */
	seen(&old, 0, 5, 499);	/* long ago */
	seen(&old, 0, 2, 900);	/* another's now */
	seen(&old, 0, 1, 900);	/* still ours */
	seen(&old, 7, 6, 900);	/* gone from a namespace that there is */
	seen(&old, 8, 7, 500);	/* gone with its namespace */
	seen(&old, 8, 8, 499);
	addresses_keep(&a, &old, 1000, 500);
	expect("how many", a.count == 5, true);
	expect("what is there", addresses_has(&a, 0, address(1)), true);
	expect("ours is no other's", addresses_elsewhere(&a, address(1)),
	    false);
	expect("another's", addresses_has(&a, 7, address(2)), true);
	expect("another's is not ours", addresses_has(&a, 0, address(2)),
	    false);
	expect("another's, elsewhere", addresses_elsewhere(&a, address(2)),
	    true);
	expect("ours, lately", addresses_has(&a, 0, address(4)), true);
	expect("ours, long ago", addresses_has(&a, 0, address(5)), false);
	expect("gone alone", addresses_has(&a, 7, address(6)), false);
	expect("gone with all", addresses_has(&a, 8, address(7)), true);
	expect("gone with all, long ago", addresses_has(&a, 8, address(8)),
	    false);
	/* What is gone keeps its time, or it would be kept for ever. */
	for (size_t i = 0; i < a.count; i++)
		expect("when it was there", a.list[i].seen ==
		    (a.list[i].bytes[15] < 4 ? 1000 : 500), true);
	addresses_done(&a);
	addresses_done(&old);
}

/* It is nobody's address. */
static void
broadcast(void)
{
	struct addresses a = { 0 };
	addresses_add(&a, 0, address(1));
	addresses_add(&a, ADDRESSES_BROADCAST, address(255));
	addresses_add(&a, 7, address(2));
	expect("it is known", addresses_has(&a, ADDRESSES_BROADCAST,
	    address(255)), true);
	expect("it is not ours", addresses_has(&a, 0, address(255)), false);
	expect("nor elsewhere", addresses_elsewhere(&a, address(255)), false);
	expect("another's is none", addresses_has(&a, ADDRESSES_BROADCAST,
	    address(2)), false);
	addresses_done(&a);
}

static void
kinds(void)
{
	static const struct {
		uint8_t bytes[16];
		bool loopback, link_local, multicast;
	} list[] = {
		{ { [10] = 255, 255, 127, 0, 0, 1 }, true, false, false },
		{ { [10] = 255, 255, 127, 9, 9, 9 }, true, false, false },
		{ { [10] = 255, 255, 126, 0, 0, 1 }, false, false, false },
		{ { [15] = 1 }, true, false, false },
		{ { [15] = 2 }, false, false, false },
		{ { [14] = 1, 1 }, false, false, false },
		{ { 0xfe, 0x80, [15] = 1 }, false, true, false },
		{ { 0xfe, 0xbf, [15] = 1 }, false, true, false },
		{ { 0xfe, 0xc0, [15] = 1 }, false, false, false },
		{ { [10] = 255, 255, 169, 254, 0, 1 }, false, true, false },
		{ { [10] = 255, 255, 169, 253, 0, 1 }, false, false, false },
		{ { 0xff, 0x02, [15] = 1 }, false, false, true },
		{ { [10] = 255, 255, 224, 0, 0, 1 }, false, false, true },
		{ { [10] = 255, 255, 239, 255, 0, 1 }, false, false, true },
		{ { [10] = 255, 255, 240, 0, 0, 1 }, false, false, false },
		{ { [10] = 255, 255, 255, 255, 255, 255 }, false, false,
		    true },
		{ { [10] = 255, 255, 223, 0, 0, 1 }, false, false, false },
	};
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		char what[40];
		snprintf(what, sizeof(what), "address %zu", i);
		const uint8_t *b = list[i].bytes;
		expect(what, address_is_loopback(b), list[i].loopback);
		expect(what, address_is_link_local(b), list[i].link_local);
		expect(what, address_is_multicast(b), list[i].multicast);
	}
}

int
main(void)
{
	keep();
	broadcast();
	kinds();
	return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
