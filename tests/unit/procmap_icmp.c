/* SPDX-License-Identifier: MIT
 *
 * Whose an ICMP echo is: of several raw sockets at a time, of one after the
 * other, and where nobody can tell.
 *
 * uses: procmap/match.c procmap/match_side.c procmap/match_icmp.c
 * uses: procmap/owners.c procmap/owners_find.c procmap/owners_poll.c
 * uses: procmap/processes.c
 * uses: procmap/addresses.c procmap/socket.c
 */
#include "procmap_ports.h"

enum { ICMP = 1, S = 1000000 };
enum { FIRST = 101, SECOND = 102 };	/* PIDs */
enum { STRANGE = 7 };	/* an identifier that is nobody's PID */

static const uint8_t any[16] = { [10] = 0xff, [11] = 0xff };

static struct sighting
raw(uint32_t pid, int64_t from)
{
	struct sighting s = { .process = process(pid), .from = from,
		.to = TIME_NEVER, .via = VIA_BPF, .flags = SOCK_RAWICMP,
		.key = { .proto = ICMP } };
	memcpy(s.key.local, any, 16);
	return s;
}

static void
sends(uint32_t pid, int64_t time)
{
	struct sighting s = raw(pid, time);
	owners_event(owners, &s);
}

static void
poll(int64_t time, const uint32_t *pids)
{
	struct sighting s = raw(0, TIME_ALWAYS);
	s.via = VIA_ITER;
	poll_shows_like(&s, time, pids);
}

static const uint32_t nobody[] = { 0 }, one[] = { FIRST, 0 },
	both[] = { FIRST, SECOND, 0 };

/* The owner is this one; 0: none, because several could be it, or that was
 * not seen. */
static void
expect(const char *what, uint16_t id, int64_t first, int64_t last,
    uint32_t pid, enum match_why why)
{
	struct match_flow f = { .echo = true, .icmp_id = id, .proto = ICMP,
		.first = first, .last = last };
	struct match m;
	uint32_t got = owner_of(&f, &m);
	if (got == pid && m.why == why &&
	    m.kind == (pid != 0 ? MATCH_LOCAL : MATCH_NONE))
		return;
	printf("%s: %s of %u (%s) instead of %u (%s)\n", what,
	    match_kind_name(m.kind), got, match_why_name(m.why), pid,
	    match_why_name(why));
	failures++;
}

/* A ping is no sooner over than the next one begins. */
static void
one_after_the_other(void)
{
	begin();
	sends(FIRST, 1 * S + 300);
	sends(SECOND, 2 * S + 2400);
	expect("the one before", STRANGE, 1 * S, 2 * S, FIRST, WHY_NONE);
	expect("the next one", STRANGE, 2 * S + 2000, 3 * S, SECOND, WHY_NONE);
	poll(4 * S, nobody);
	expect("the one before, known to have ended", STRANGE, 1 * S, 2 * S,
	    FIRST, WHY_NONE);
	expect("a later one", STRANGE, 5 * S, 6 * S, 0, WHY_UNSEEN);
	begin();
	sends(FIRST, 1 * S);
	sends(SECOND, 3 * S + 13000);
	expect("before the next one began", SECOND, 3 * S, 3 * S + 10000,
	    0, WHY_AMBIGUOUS);
}

/* A raw socket is bound to the address or to none, connected or not. */
static void
bound_or_not(void)
{
	for (int form = 0; form < 4; form++) {
		struct sighting s = raw(FIRST, 1 * S);
		begin();
		if (form < 2)
			memcpy(s.key.local, here, 16);
		if (form % 2 == 0)
			memcpy(s.key.remote, there, 16);
		owners_event(owners, &s);
		expect(form < 2 ? "bound" : "not bound", FIRST, 2 * S, 3 * S,
		    FIRST, WHY_NONE);
	}
}

/* A daemon has a socket for each of its pings. */
static void
several_of_one(void)
{
	begin();
	sends(FIRST, 1 * S);
	sends(FIRST, 2 * S);
	expect("whichever of them", FIRST, 1 * S + S / 2, 4 * S, FIRST,
	    WHY_NONE);
	sends(SECOND, 5 * S);
	sends(FIRST, 6 * S + 300);
	expect("its newest", STRANGE, 6 * S, 7 * S, FIRST, WHY_NONE);
}

/* What a ping socket has for a port a raw one has, too: 0, where it has not
 * been used yet. */
static void
without_identifier(void)
{
	struct sighting idle = raw(SECOND, TIME_ALWAYS);
	begin();
	sends(FIRST, 1 * S);
	idle.via = VIA_ITER;
	idle.flags = 0;
	owners_poll_begin(owners, 2 * S);
	owners_poll_add(owners, &idle, 1);
	expect("who has not sent", SECOND, 3 * S, 4 * S, 0, WHY_AMBIGUOUS);
	begin();
	sends(FIRST, 1 * S);
	sends(SECOND, 2 * S);
	expect("identifier 0", 0, 3 * S, 4 * S, 0, WHY_AMBIGUOUS);
}

/* All of them run for long. */
static void
at_a_time(void)
{
	begin();
	sends(FIRST, 1 * S + 300);
	sends(SECOND, 2 * S + 400);
	for (int polls = 0; polls < 2; polls++) {
		expect("the first to begin", STRANGE, 1 * S, 9 * S, FIRST,
		    WHY_NONE);
		expect("the second to begin", STRANGE, 2 * S, 9 * S, SECOND,
		    WHY_NONE);
		expect("another one of either", STRANGE, 3 * S, 9 * S, 0,
		    WHY_AMBIGUOUS);
		expect("its PID tells", FIRST, 3 * S, 9 * S, FIRST, WHY_NONE);
		expect("its PID, the bytes turned round", SECOND << 8, 3 * S,
		    9 * S, SECOND, WHY_NONE);
		poll(4 * S, both);
	}
	poll(10 * S, one);
	expect("the one that is left may not be it", STRANGE, 11 * S, 12 * S, 0,
	    WHY_AMBIGUOUS);
	expect("one that has ended is not it", SECOND, 11 * S, 12 * S, 0,
	    WHY_AMBIGUOUS);
}

static void
begin_together(void)
{
	begin();
	sends(FIRST, 1 * S + 300);
	sends(SECOND, 1 * S + 400);
	expect("of one millisecond", STRANGE, 1 * S, 9 * S, 0, WHY_AMBIGUOUS);
	expect("of one millisecond, its PID tells", SECOND, 1 * S, 9 * S,
	    SECOND, WHY_NONE);
}

static void
polls_alone(void)
{
	begin();
	poll(1 * S, one);
	expect("its PID", FIRST, 1 * S + 1, 1 * S + 2, FIRST, WHY_NONE);
	expect("who only has a socket", STRANGE, 1 * S + 1, 1 * S + 2, 0,
	    WHY_AMBIGUOUS);
	poll(2 * S, both);
	expect("its PID among two", FIRST, 2 * S + 1, 2 * S + 2, FIRST,
	    WHY_NONE);
	poll(3 * S, nobody);
	expect("nobody is left", FIRST, 3 * S + 1, 3 * S + 2, 0, WHY_UNSEEN);
}

/* Thousands of them, and one that goes on all the time. */
static void
many(void)
{
	begin();
	sends(FIRST, 1 * S);
	for (uint32_t i = 0; i < 5000; i++) {
		sends(1000 + i, (10 + i) * (int64_t)S);
		if (i % 50 == 49)
			poll((10 + i) * (int64_t)S + S / 2, one);
		if (i == 70)
			expect("who goes on among them", FIRST,
			    80 * (int64_t)S, 81 * (int64_t)S, FIRST, WHY_NONE);
	}
	expect("who goes on", FIRST, 5008 * (int64_t)S, 5010 * (int64_t)S,
	    FIRST, WHY_NONE);
	expect("the last one", STRANGE, 5009 * (int64_t)S,
	    5009 * (int64_t)S + 10, 5999, WHY_NONE);
	if (owners_count(owners) > OWNERS_VERSIONS) {
		printf("%zu raw sockets kept\n", owners_count(owners));
		failures++;
	}
}

/* Who asks itself is answered by the kernel: that is nobody's end. */
static void
to_itself(void)
{
	struct match_flow f = { .echo = true, .icmp_id = FIRST, .proto = ICMP,
		.first = 1 * S, .last = 2 * S };
	struct match m;
	begin();
	sends(FIRST, 1 * S);
	memcpy(f.src, here, 16);
	memcpy(f.dst, here, 16);
	match_flow(&env, &f, &m);
	if (m.process != process(FIRST) || m.peer != 0) {
		printf("to itself: of %u with %u\n", m.process, m.peer);
		failures++;
	}
}

int
main(void)
{
	set_up();
	env.processes = processes;
	one_after_the_other();
	bound_or_not();
	several_of_one();
	without_identifier();
	at_a_time();
	begin_together();
	polls_alone();
	many();
	to_itself();
	return tear_down();
}
