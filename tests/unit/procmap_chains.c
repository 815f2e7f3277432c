/* SPDX-License-Identifier: MIT
 *
 * Sockets whose keys are in one hash chain, and which of them makes room at
 * the bound.
 *
 * uses: procmap/owners.c procmap/owners_find.c procmap/owners_poll.c
 * uses: procmap/socket.c
 */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "procmap/owners_table.h"

enum { UDP = 17, TCP = 6, S = 1000000 };
enum { BEFORE = 1, NEXT, ANOTHER };	/* processes */

static int failures;

static void
seen(struct owners *o, const struct sock_key *k, uint32_t process,
    int64_t from, int64_t to)
{
	struct sighting s = { .key = *k, .process = process, .from = from,
		.to = to, .via = VIA_BPF };
	owners_event(o, &s);
}

static uint32_t
owner(const struct owners *o, const struct sock_key *k, int64_t first,
    int64_t last)
{
	const struct owner *e = owners_find(o, k, first, last, SCOPE_NETNS,
	    NULL, NULL, NULL);
	return e != NULL ? e->process : 0;
}

static const struct sock_key port = { .local = { 1 }, .lport = 4000,
	.proto = UDP };

/* The number in a key that makes it another one of the same chain. */
static void
choose(const struct owners *o, struct sock_key *k, uint8_t number[2])
{
	for (unsigned n = 1; n < 65536; n++) {
		number[0] = (uint8_t)n;
		number[1] = (uint8_t)(n >> 8);
		if (memcmp(k, &port, sizeof(port)) != 0 &&
		    owners_key_chain(o, k) == owners_key_chain(o, &port))
			return;
	}
	printf("there is no other key in the chain\n");
	exit(EXIT_FAILURE);
}

/* Between two users of a port there is one of another socket in its chain. */
static void
collides(const char *what, size_t offset, uint8_t proto)
{
	struct owners *o = owners_new(16);
	struct sock_key other = port;
	other.proto = proto;
	choose(o, &other, (uint8_t *)&other + offset);
	seen(o, &port, BEFORE, 5 * S + 100, TIME_NEVER);
	seen(o, &other, ANOTHER, 5 * S + 500000, TIME_NEVER);
	seen(o, &port, NEXT, 6 * S + 100, TIME_NEVER);
	uint32_t got = owner(o, &port, 5 * S, 6 * S);
	if (got != BEFORE) {
		printf("%s: of %u instead of %u\n", what, got, BEFORE);
		failures++;
	}
	owners_free(o);
}

/* Of those that have ended the first one makes room, for one that may have been
 * there since ever, too. */
static void
full(int64_t from)
{
	static const int64_t ends[] = { 5 * S, 3 * S, 4 * S, 6 * S };
	struct owners *o = owners_new(4);
	struct sock_key k = port;
	for (int i = 0; i < 4; i++) {
		k.lport = (uint16_t)(80 + i);
		seen(o, &k, BEFORE, 2 * S, ends[i]);
	}
	seen(o, &port, NEXT, from, TIME_NEVER);
	for (int i = 0; i < 4; i++) {
		k.lport = (uint16_t)(80 + i);
		if ((owner(o, &k, 2 * S, 2 * S) == 0) == (i == 1))
			continue;
		printf("from %lld on: which ended at %lld is %s\n",
		    (long long)from, (long long)ends[i],
		    i == 1 ? "there" : "gone");
		failures++;
	}
	owners_free(o);
}

int
main(void)
{
	collides("another port", offsetof(struct sock_key, lport), UDP);
	collides("another remote port", offsetof(struct sock_key, rport), UDP);
	collides("another address", offsetof(struct sock_key, local), UDP);
	collides("another remote address", offsetof(struct sock_key, remote),
	    UDP);
	collides("another namespace", offsetof(struct sock_key, netns), UDP);
	collides("another protocol", offsetof(struct sock_key, lport), TCP);
	full(9 * S);
	full(TIME_ALWAYS);
	return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
