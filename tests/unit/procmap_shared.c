/* SPDX-License-Identifier: MIT
 *
 * Several processes at one UDP port: whose a flow is, is told as sure only
 * where it is.
 *
 * uses: procmap/match.c procmap/match_side.c procmap/match_icmp.c
 * uses: procmap/owners.c procmap/owners_find.c procmap/owners_poll.c
 * uses: procmap/processes.c
 * uses: procmap/addresses.c procmap/socket.c
 */
#include "procmap_ports.h"

enum { UDP = 17, PORT = 443 };
enum { FIRST = 101, SECOND = 102 };	/* PIDs */

static struct sighting
at_port(uint32_t pid, int64_t from, enum sock_via via, bool reuse)
{
	struct sighting s = { .process = process(pid), .from = from,
		.to = TIME_NEVER, .via = (uint8_t)via, .reuse = reuse,
		.key = { .lport = PORT, .proto = UDP } };
	memcpy(s.key.local, here, 16);
	return s;
}

static void
sends(uint32_t pid, int64_t time, bool reuse)
{
	struct sighting s = at_port(pid, time, VIA_BPF, reuse);
	owners_event(owners, &s);
}

static void
poll_shows(int64_t time, const uint32_t *pids, bool reuse)
{
	struct sighting s = at_port(0, TIME_ALWAYS, VIA_ITER, reuse);
	poll_shows_like(&s, time, pids);
}

static const uint32_t one[] = { FIRST, 0 }, other[] = { SECOND, 0 },
	both[] = { FIRST, SECOND, 0 }, turned[] = { SECOND, FIRST, 0 },
	nobody[] = { 0 };

static void
expect(const char *what, int64_t time, enum match_kind kind, uint32_t pid)
{
	struct match_flow f = { .src_port = PORT, .dst_port = 5000,
		.proto = UDP, .first = time, .last = time };
	struct match m;
	uint32_t got = owner_of(&f, &m);
	if (m.kind == kind && got == pid)
		return;
	printf("%s: %s of %u instead of %s of %u\n", what,
	    match_kind_name(m.kind), got, match_kind_name(kind), pid);
	failures++;
}

static void
events(void)
{
	begin();
	sends(FIRST, 1000000, true);
	expect("the only one", 1500000, MATCH_LOCAL, FIRST);
	sends(SECOND, 2000000, true);
	expect("who sent last may not be who sends now", 3000000,
	    MATCH_INFERRED, SECOND);
	poll_shows(4000000, both, true);
	poll_shows(5000000, turned, true);
	expect("both are there still", 5500000, MATCH_INFERRED, SECOND);
	poll_shows(6000000, other, true);
	poll_shows(7000000, other, true);
	expect("the first one has gone", 7500000, MATCH_LOCAL, SECOND);
	begin();
	sends(FIRST, 1000000, false);
	sends(SECOND, 2000000, false);
	expect("nobody else can have the port", 3000000, MATCH_LOCAL, SECOND);
	poll_shows(4000000, both, false);
	expect("one socket of both, and who used it was told", 4500000,
	    MATCH_LOCAL, SECOND);
}

static void
polls(void)
{
	begin();
	poll_shows(1000000, both, false);
	expect("two in the first poll", 1500000, MATCH_INFERRED, FIRST);
	begin();
	poll_shows(1000000, nobody, false);
	poll_shows(2000000, both, false);
	expect("two in a later poll", 2500000, MATCH_INFERRED, FIRST);
	begin();
	sends(FIRST, 1000000, false);
	expect("one alone", 1500000, MATCH_LOCAL, FIRST);
	poll_shows(2000000, both, true);
	expect("a second socket in a later poll", 2500000, MATCH_INFERRED,
	    FIRST);
	begin();
	sends(50, 1000000, false);
	poll_shows(2000000, both, false);
	expect("two instead of one before", 2500000, MATCH_INFERRED, FIRST);
	expect("the one before", 1500000, MATCH_LOCAL, 50);
	begin();
	owners_lost(owners, 1000000, 1500000);
	poll_shows(2000000, both, false);
	expect("two after events were lost", 2500000, MATCH_INFERRED, FIRST);
	begin();
	poll_shows(1000000, both, false);
	poll_shows(2000000, one, false);
	poll_shows(3000000, one, false);
	expect("one that is left of two", 3500000, MATCH_LOCAL, FIRST);
}

/* Where only polls tell, whose the port was between two that show different
 * users nobody knows. */
static void
polls_alone(void)
{
	struct sighting s = at_port(0, TIME_ALWAYS, VIA_DIAG, false);
	begin();
	poll_shows_like(&s, 1000000, one);
	poll_shows_like(&s, 2000000, one);
	expect("between two that show it", 1500000, MATCH_LOCAL, FIRST);
	poll_shows_like(&s, 3000000, other);
	expect("before the last that showed it", 1500000, MATCH_LOCAL, FIRST);
	expect("between two users", 2500000, MATCH_NONE, 0);
	expect("the next user", 3500000, MATCH_LOCAL, SECOND);
}

static uint32_t answered;
static uint8_t answer_flags;
static bool answer_reuse;
static uint32_t known;

static bool
answer(void *state, const struct sock_key *k, int64_t first, int64_t last,
    struct sighting *s, enum match_why *why)
{
	(void)state;
	(void)k;
	(void)first;
	(void)last;
	known = s->process;
	*s = (struct sighting){ .process = answered, .via = VIA_DIAG,
		.flags = answer_flags, .reuse = answer_reuse };
	if (answered == 0)
		*why = WHY_PENDING;
	return true;
}

static void
questions(void)
{
	begin();
	env.ask = answer;
	sends(FIRST, 1000000, true);
	known = 0;
	expect("what is sure is not asked", 1500000, MATCH_LOCAL, FIRST);
	if (known != 0)
		printf("it was asked\n"), failures++;
	sends(SECOND, 2000000, true);
	answered = process(FIRST);
	expect("the kernel knows the socket", 3000000, MATCH_INFERRED, FIRST);
	if (known != process(SECOND))
		printf("the last known user was not told\n"), failures++;
	answered = 0;
	expect("nobody knows who holds it yet", 3000000, MATCH_NONE, 0);
	struct sighting s = at_port(FIRST, 1000000, VIA_DIAG, false);
	begin();
	env.ask = answer;
	owners_event(owners, &s);
	answered = process(SECOND);
	answer_flags = 0;
	expect("known from before", 1000000, MATCH_LOCAL, FIRST);
	expect("the port's user of now", 1500000, MATCH_LOCAL, SECOND);
	begin();
	env.ask = answer;
	sends(FIRST, 1000000, true);
	sends(SECOND, 2000000, true);
	answer_flags = SOCK_SHARED;
	expect("one socket of several, and who used it was told", 3000000,
	    MATCH_LOCAL, SECOND);
}

/* Each has a socket of its own, and is told of when it first sends. */
static void
who_began(void)
{
	struct match_flow f = { .src_port = PORT, .dst_port = 5000,
		.proto = UDP, .first = 2000000, .last = 9000000 };
	struct match m;
	begin();
	sends(FIRST, 2000100, true);
	sends(SECOND, 2050000, true);
	if (owner_of(&f, &m) != FIRST || m.kind != MATCH_INFERRED)
		printf("who began is not the one\n"), failures++;
	env.ask = answer;
	answered = process(SECOND);
	answer_flags = 0;
	if (owner_of(&f, &m) != FIRST || m.kind != MATCH_INFERRED)
		printf("who would receive is the one\n"), failures++;
	answer_flags = SOCK_SHARED;
	if (owner_of(&f, &m) != SECOND || m.kind != MATCH_LOCAL)
		printf("who used the one socket last is not\n"), failures++;
	answer_flags = 0;
	env.ask = NULL;
	f.first = 3000000;
	if (owner_of(&f, &m) != SECOND || m.kind != MATCH_INFERRED)
		printf("nobody began then, but not the last is it\n"),
		    failures++;
	begin();
	sends(FIRST, 3000100, true);
	sends(SECOND, 3000300, true);
	f.first = 3000000;
	if (owner_of(&f, &m) != SECOND || m.kind != MATCH_INFERRED)
		printf("two began, but not the last is it\n"), failures++;
}

/* Another process has a socket at the port, too. */
static void
one_of_several(void)
{
	begin();
	env.ask = answer;
	answered = process(FIRST);
	answer_flags = 0;
	expect("the only one that the kernel knows", 1000000, MATCH_LOCAL,
	    FIRST);
	answer_reuse = true;
	expect("one of several that it knows", 1000000, MATCH_INFERRED,
	    FIRST);
	answer_flags = SOCK_LISTENS;
	expect("one of several listeners", 1000000, MATCH_INFERRED, FIRST);
	answer_reuse = false;
	expect("the only listener", 1000000, MATCH_LISTENER, FIRST);
}

int
main(void)
{
	set_up();
	events();
	polls();
	polls_alone();
	questions();
	who_began();
	one_of_several();
	return tear_down();
}
