/* SPDX-License-Identifier: MIT
 *
 * Who used a UDP port when not every use of it was told of: nobody is better
 * than who had it before or afterwards.
 *
 * uses: procmap/match.c procmap/match_side.c procmap/match_icmp.c
 * uses: procmap/owners.c procmap/owners_find.c procmap/owners_poll.c
 * uses: procmap/processes.c
 * uses: procmap/addresses.c procmap/socket.c
 */
#include "procmap_ports.h"

enum { TCP = 6, UDP = 17, PORT = 40000 };
enum { A = 101, B = 102, C = 103 };	/* PIDs */

static struct sighting
seen(uint8_t proto, uint32_t pid, int64_t from, enum sock_via via)
{
	struct sighting s = { .process = process(pid), .from = from,
		.to = TIME_NEVER, .via = (uint8_t)via,
		.key = { .lport = PORT, .rport = 53, .proto = proto } };
	memcpy(s.key.local, here, 16);
	memcpy(s.key.remote, there, 16);
	return s;
}

static void
sends(uint32_t pid, int64_t time)
{
	struct sighting s = seen(UDP, pid, time, VIA_BPF);
	owners_event(owners, &s);
}

static void
connects(uint32_t pid, int64_t time)
{
	struct sighting s = seen(TCP, pid, time, VIA_BPF);
	s.flags = SOCK_CLIENT;
	owners_event(owners, &s);
}

/* A look at all sockets; pid 0: nobody has that one. */
static void
look_shows(uint32_t pid, int64_t time)
{
	struct sighting s = seen(UDP, pid, TIME_ALWAYS, VIA_ITER);
	owners_poll_begin(owners, time);
	owners_poll_confirm(owners, &s, pid != 0);
	owners_poll_add(owners, &s, pid != 0);
	owners_poll_end(owners, true);
}

static void
expect_of(uint8_t proto, const char *what, int64_t first, int64_t last,
    uint32_t pid)
{
	struct match_flow f = { .src_port = PORT, .dst_port = 53,
		.proto = proto, .first = first, .last = last };
	struct match m;
	uint32_t got = owner_of(&f, &m);
	if (got == pid)
		return;
	printf("%s: %u instead of %u\n", what, got, pid);
	failures++;
}

static void
expect(const char *what, int64_t first, int64_t last, uint32_t pid)
{
	expect_of(UDP, what, first, last, pid);
}

/* No send is told of from 2 s on. */
static void
resting(void)
{
	begin();
	sends(A, 1000000);
	sends(B, 1980000);
	owners_lost_sends(owners, 1990000, 2000000);
	expect("who sent last before", 1980000, 1981000, B);
	expect("behind the last one told of", 1991000, 1991000, 0);
	/* Told before the hook was off, and taken over afterwards. */
	sends(C, 2000100);
	owners_lost_sends(owners, 1990000, 2500000);
	expect("told while it was taken off", 1999000, 2001000, C);
	expect("or the next in its millisecond", 2000000, 2000000, 0);
	expect("behind that one", 2001000, 2001000, 0);
	/* What looks show is sure between two that show the same. */
	look_shows(A, 3000000);
	owners_lost_sends(owners, 1990000, 3500000);
	expect("before a look", 2990000, 2991000, 0);
	expect("while it looks", 2999000, 3001000, A);
	expect("after the look", 3200000, 3201000, 0);
	look_shows(A, 4000000);
	owners_lost_sends(owners, 1990000, 4500000);
	expect("between two looks that show it", 3200000, 3201000, A);
	look_shows(B, 5000000);
	owners_lost_sends(owners, 1990000, 5500000);
	expect("between looks that show one each", 4500000, 4501000, 0);
	expect("while it looks again", 4999000, 5001000, B);
	look_shows(0, 6000000);
	owners_lost_sends(owners, 1990000, 6500000);
	expect("behind the last look that shows it", 5500000, 5501000, 0);
	/* The next user's event must not reach back to where none is told. */
	sends(C, 6503000);
	expect("right before the first one told of", 6499000, 6499000, 0);
	expect("the first one told of", 6502000, 6503000, C);
	expect("long afterwards", 9000000, 9001000, C);
}

/* Connecting is told of all the while. */
static void
connecting(void)
{
	begin();
	connects(A, 1000000);
	owners_lost_sends(owners, 1990000, 4000000);
	expect_of(TCP, "a connection of before", 1000000, 3000000, A);
	expect_of(TCP, "of which packets are seen again", 3000000, 3001000, A);
	connects(B, 3500000);
	owners_lost_sends(owners, 1990000, 5000000);
	expect_of(TCP, "a connection meanwhile", 3500000, 3501000, B);
	expect_of(TCP, "and later", 4500000, 4501000, B);
}

/* Events were lost from 2 s on, until 2.3 s. */
static void
losing(void)
{
	begin();
	sends(A, 1999000);
	owners_lost(owners, 1990000, 2300000);
	sends(B, 2303000);
	expect("right behind the last one before", 2002000, 2002000, 0);
	expect("right before the first one after", 2299000, 2299000, 0);
	expect("the first one after", 2302000, 2303000, B);
}

/* Of very many users of a port the first ones are forgotten. */
static void
forgetting(void)
{
	begin();
	for (uint32_t i = 0; i < OWNERS_VERSIONS + 2; i++)
		sends(A + i, 1000100 + i * 2000);
	expect("forgotten, and the next one's use is near", 1002000, 1002000,
	    0);
	expect("the first that may be another's", 1004000, 1004000, 0);
	expect("the first that cannot be", 1006000, 1006000, A + 3);
}

/* Three users of a port within five milliseconds. */
static void
close_together(void)
{
	begin();
	sends(A, 1000840);	/* its flow was over at once */
	sends(B, 1001115);
	sends(C, 1004900);
	expect("the one before fits only with allowance", 1001000, 1001000,
	    B);
	expect("one of two, told of late or not", 1000000, 1000000, 0);
}

/* Between two other namespaces: a client that nobody was told of is not its
 * server. */
static void
elsewhere(void)
{
	static const uint8_t client[16] = { [10] = 0xff, [11] = 0xff, 172, 17,
		0, 2 }, server[16] = { [10] = 0xff, [11] = 0xff, 172, 17, 0, 3 };
	struct match_flow f = { .src_port = PORT, .dst_port = 53,
		.proto = UDP, .first = 2000000, .last = 2001000 };
	struct sighting s = seen(UDP, B, 1000000, VIA_BPF);
	struct match m;
	begin();
	addresses_add(&ours, 7, client);
	addresses_add(&ours, 8, server);
	memcpy(f.src, client, 16);
	memcpy(f.dst, server, 16);
	s.key = (struct sock_key){ .lport = 53, .proto = UDP, .netns = 8 };
	owners_event(owners, &s);
	match_flow(&env, &f, &m);
	if (m.process != 0 || m.peer != s.process || m.why != WHY_UNSEEN) {
		printf("only the server is known: %u, peer %u, %s\n",
		    m.process, m.peer, match_why_name(m.why));
		failures++;
	}
	f.src[15] = 99;		/* on another machine */
	match_flow(&env, &f, &m);
	if (m.process != s.process) {
		printf("a client of another machine: %u\n", m.process);
		failures++;
	}
}

int
main(void)
{
	set_up();
	resting();
	connecting();
	losing();
	forgetting();
	close_together();
	elsewhere();
	return tear_down();
}
