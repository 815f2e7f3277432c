/* SPDX-License-Identifier: MIT
 *
 * Translations: the table, and what is read from connection tracking.
 *
 * uses: procmap/nat_table.c procmap/conntrack_linux.c procmap/socket.c
 */
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "procmap/conntrack.h"
#include "procmap/nat_table.h"
#include "tests/unit/expect.h"

static struct sock_key
key(const char *local, int lport, const char *remote, int rport)
{
	struct sock_key k = { .proto = 17 };
	struct addr a;
	addr_parse(local, &a);
	key_local(&k, &a, (uint16_t)lport);
	addr_parse(remote, &a);
	key_remote(&k, &a, (uint16_t)rport);
	return k;
}

/* Flows that differ in one port only must not crowd in a few sets. */
static void
crowd(bool by_remote)
{
	enum { SIZE = 8192, COUNT = 2048 };
	struct nat_table *t = nat_table_new(SIZE);
	struct sock_key outer, inner = key("10.0.0.9", 1, "192.0.2.1", 2);
	const struct nat_entry *e;
	int found = 0;
	for (int i = 0; i < 2 * COUNT; i++) {
		int port = i % COUNT + 1;
		outer = key("192.0.2.9", by_remote ? 1 : port, "192.0.2.1",
		    by_remote ? port : 1);
		inner.lport = (uint16_t)port;
		if (i < COUNT)
			nat_table_put(t, &outer, &inner, i + 1);
		else if ((e = nat_table_get(t, &outer)) != NULL && e->found)
			found += e->inner.lport == port;
	}
	if (found != COUNT)
		printf("only %d of %d are left\n", found, COUNT);
	expect("crowd", found == COUNT);
	nat_table_free(t);
}

static void
table(void)
{
	struct nat_table *t = nat_table_new(8);
	struct sock_key inner = key("10.0.0.9", 1, "192.0.2.1", 2);
	struct sock_key outer[12];
	for (int i = 1; i <= 9; i++) {
		outer[i] = key("192.0.2.9", i, "192.0.2.1", 2);
		nat_table_put(t, &outer[i], i == 9 ? NULL : &inner, i);
	}
	expect("the oldest makes room", nat_table_get(t, &outer[1]) == NULL);
	const struct nat_entry *e = nat_table_get(t, &outer[2]);
	expect("the others stay", e != NULL && e->found && e->time == 2);
	e = nat_table_get(t, &outer[9]);
	expect("for nothing else", e != NULL && !e->found);
	nat_table_put(t, &outer[9], &inner, 10);
	e = nat_table_get(t, &outer[9]);
	expect("in place of what was known", e != NULL && e->found &&
	    e->time == 10 && nat_table_get(t, &outer[2]) != NULL);
	outer[2].proto = 6;
	expect("another protocol", nat_table_get(t, &outer[2]) == NULL);
	nat_table_free(t);
}

/* Many times round: no chain loses what is there, or keeps what is not. */
static void
round_and_round(void)
{
	enum { SIZE = 64, COUNT = 64 * 50 };
	struct nat_table *t = nat_table_new(SIZE);
	struct sock_key inner = key("10.0.0.9", 1, "192.0.2.1", 2);
	for (int i = 1; i <= COUNT; i++) {
		struct sock_key outer = key("192.0.2.9", i, "192.0.2.1", 2);
		inner.lport = (uint16_t)i;
		nat_table_put(t, &outer, &inner, i);
	}
	int wrong = 0;
	for (int i = 1; i <= COUNT; i++) {
		struct sock_key outer = key("192.0.2.9", i, "192.0.2.1", 2);
		const struct nat_entry *e = nat_table_get(t, &outer);
		wrong += (e != NULL) != (i > COUNT - SIZE) ||
		    (e != NULL && e->inner.lport != i);
	}
	expect("round and round", wrong == 0);
	nat_table_free(t);
}

/* 10.95.1.2:57902 to 10.95.2.2:7000, masqueraded as 10.95.2.1:57902; as the
 * kernel sent it on a little-endian processor. */
static unsigned char message[] = {
	0x90, 0, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0,
	52, 0, 1, 0x80, 20, 0, 1, 0x80, 8, 0, 1, 0, 10, 95, 1, 2,
	8, 0, 2, 0, 10, 95, 2, 2, 28, 0, 2, 0x80, 5, 0, 1, 0, 17, 0, 0, 0,
	6, 0, 2, 0, 0xe2, 0x2e, 0, 0, 6, 0, 3, 0, 0x1b, 0x58, 0, 0,
	52, 0, 2, 0x80, 20, 0, 1, 0x80, 8, 0, 1, 0, 10, 95, 2, 2,
	8, 0, 2, 0, 10, 95, 2, 1, 28, 0, 2, 0x80, 5, 0, 1, 0, 17, 0, 0, 0,
	6, 0, 2, 0, 0x1b, 0x58, 0, 0, 6, 0, 3, 0, 0xe2, 0x2e, 0, 0,
	8, 0, 3, 0, 0, 0, 1, 0x9a, 8, 0, 8, 0, 0, 0, 0, 0,
	8, 0, 7, 0, 0, 0, 0, 0x1d,
};

/* Sizes and types are in the processor's own byte order. */
static void
to_our_order(unsigned char *at, size_t left)
{
	while (left >= NLA_HDRLEN) {
		uint16_t size = (uint16_t)(at[0] | at[1] << 8);
		uint16_t type = (uint16_t)(at[2] | at[3] << 8);
		if ((type & NLA_F_NESTED) != 0)
			to_our_order(at + NLA_HDRLEN, size - NLA_HDRLEN);
		memcpy(at, &size, sizeof(size));
		memcpy(at + 2, &type, sizeof(type));
		at += NLA_ALIGN(size);
		left -= NLA_ALIGN(size);
	}
}

static bool
same(const struct sock_key *a, const struct sock_key *b)
{
	return a->proto == b->proto && a->lport == b->lport &&
	    a->rport == b->rport && memcmp(a->local, b->local, 16) == 0 &&
	    memcmp(a->remote, b->remote, 16) == 0;
}

static void
messages(void)
{
	struct sock_key outer = key("10.95.2.1", 57902, "10.95.2.2", 7000);
	struct sock_key inner = key("10.95.1.2", 57902, "10.95.2.2", 7000);
	struct sock_key other = key("10.95.2.1", 57903, "10.95.2.2", 7000);
	struct conntrack_pair pairs[2];
	struct nlmsghdr head = { .nlmsg_len = sizeof(message),
		.nlmsg_type = message[5] << 8 };
	memcpy(message, &head, sizeof(head));
	to_our_order(message + 20, sizeof(message) - 20);
	size_t count = conntrack_pairs(message, sizeof(message), pairs);
	expect("one translation", count == 1 &&
	    same(&pairs[0].outer, &outer) && same(&pairs[0].inner, &inner));
	struct sock_key k = outer;
	expect("an answer", conntrack_read(message, sizeof(message), &k) &&
	    same(&k, &inner));
	k = other;
	expect("of another flow", !conntrack_read(message, sizeof(message),
	    &k) && same(&k, &other));
	for (size_t len = 0; len < sizeof(message) - 24; len++) {
		unsigned char cut[sizeof(message)];
		memcpy(cut, message, len);
		uint32_t size = (uint32_t)len;
		if (len >= sizeof(size))
			memcpy(cut, &size, sizeof(size));
		expect("cut short", conntrack_pairs(cut, len, pairs) <= 1);
		if (len < 124)
			expect("half a tuple", conntrack_pairs(cut, len,
			    pairs) == 0);
	}
}

int
main(void)
{
	crowd(false);
	crowd(true);
	table();
	round_and_round();
	messages();
	return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
