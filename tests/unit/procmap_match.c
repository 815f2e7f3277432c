/* SPDX-License-Identifier: MIT
 *
 * The matching rules, and owners by time.
 *
 * uses: procmap/match.c procmap/match_side.c procmap/match_icmp.c
 * uses: procmap/owners.c procmap/owners_find.c procmap/owners_poll.c
 * uses: procmap/processes.c
 * uses: procmap/addresses.c procmap/socket.c
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "procmap/match.h"

enum { TCP = 6, UDP = 17, ICMP = 1 };

static int failures;
static enum match_why last_why;
static struct owners *owners;
static struct processes *processes;
static struct addresses ours;
static struct match_env env;

static void
bytes_of(const char *text, uint8_t bytes[16])
{
	struct addr a = { 0 };
	addr_parse(text, &a);
	addr_to_mapped(&a, bytes);
}

static uint32_t
process(uint32_t pid)
{
	struct proc_info p = { .pid = pid, .start = 1, .name = "x" };
	return processes_add(processes, &p);
}

static struct sighting
sighting(int proto, const char *local, int lport, const char *remote,
    int rport, uint32_t pid, int64_t from)
{
	struct sighting s = { .process = process(pid), .from = from,
		.to = TIME_NEVER, .via = VIA_BPF };
	s.key.proto = (uint8_t)proto;
	bytes_of(local, s.key.local);
	s.key.lport = (uint16_t)lport;
	if (remote != NULL)
		bytes_of(remote, s.key.remote);
	s.key.rport = (uint16_t)rport;
	return s;
}

static void
event(int proto, const char *local, int lport, const char *remote, int rport,
    uint32_t pid, int64_t from, uint32_t netns, uint8_t flags)
{
	struct sighting s = sighting(proto, local, lport, remote, rport, pid,
	    from);
	s.key.netns = netns;
	s.flags = flags;
	owners_event(owners, &s);
}

static void
expect(const char *what, int proto, const char *src, int sport,
    const char *dst, int dport, int64_t first, int64_t last,
    enum match_kind kind, uint32_t pid, uint32_t peer)
{
	struct match_flow f = { .src_port = (uint16_t)sport,
		.dst_port = (uint16_t)dport, .proto = (uint8_t)proto,
		.echo = true, .icmp_id = (uint16_t)sport, .first = first, .last = last };
	struct match m;
	bytes_of(src, f.src);
	bytes_of(dst, f.dst);
	match_flow(&env, &f, &m);
	last_why = m.why;
	const struct process *p = processes_get(processes, m.process);
	uint32_t got = p != NULL ? p->pid : 0;
	p = processes_get(processes, m.peer);
	uint32_t got_peer = p != NULL ? p->pid : 0;
	if (m.kind == kind && got == pid && got_peer == peer)
		return;
	printf("%s: got %s pid %u peer %u (%s), wanted %s pid %u peer %u\n",
	    what, match_kind_name(m.kind), got, got_peer,
	    match_why_name(m.why), match_kind_name(kind), pid, peer);
	failures++;
}

static void
begin(void)
{
	uint8_t bytes[16];
	owners = owners_new(1024);
	processes = processes_new();
	ours = (struct addresses){ 0 };
	bytes_of("10.0.0.1", bytes);
	addresses_add(&ours, 0, bytes);
	bytes_of("172.17.0.2", bytes);
	addresses_add(&ours, 77, bytes);
	env = (struct match_env){ .owners = owners, .addresses = &ours };
}

static void
done(void)
{
	owners_free(owners);
	processes_free(processes);
	addresses_done(&ours);
}

static void
by_time(void)
{
	begin();
	event(TCP, "10.0.0.1", 1000, "10.9.9.9", 80, 1, 1000000, 0, 0);
	event(TCP, "10.0.0.1", 1000, "10.9.9.9", 80, 2, 5000000, 0, 0);
	expect("first user of a port", TCP, "10.0.0.1", 1000, "10.9.9.9", 80,
	    1100000, 1200000, MATCH_EXACT, 1, 0);
	expect("second user", TCP, "10.0.0.1", 1000, "10.9.9.9", 80, 5100000,
	    5200000, MATCH_EXACT, 2, 0);
	expect("before both", TCP, "10.0.0.1", 1000, "10.9.9.9", 80, 100000,
	    200000, MATCH_NONE, 0, 0);
	expect("the other direction", TCP, "10.9.9.9", 80, "10.0.0.1", 1000,
	    5100000, 5200000, MATCH_EXACT, 2, 0);
	event(UDP, "0.0.0.0", 2000, NULL, 0, 3, 1000400, 0, 0);
	event(UDP, "0.0.0.0", 2000, NULL, 0, 4, 1003900, 0, 0);
	expect("neighbours within milliseconds, first", UDP, "10.0.0.1",
	    2000, "10.9.9.9", 53, 1000000, 1001000, MATCH_LOCAL, 3, 0);
	expect("neighbours, second", UDP, "10.0.0.1", 2000, "10.9.9.9", 53,
	    1003000, 1004000, MATCH_LOCAL, 4, 0);
	event(UDP, "0.0.0.0", 2002, NULL, 0, 3, 1000900, 0, 0);
	event(UDP, "0.0.0.0", 2002, NULL, 0, 4, 1001300, 0, 0);
	expect("within less than one, first", UDP, "10.0.0.1", 2002,
	    "10.9.9.9", 53, 1000000, 1000000, MATCH_LOCAL, 3, 0);
	expect("within less than one, second", UDP, "10.0.0.1", 2002,
	    "10.9.9.9", 53, 1001000, 1001000, MATCH_LOCAL, 4, 0);
	event(UDP, "0.0.0.0", 2003, NULL, 0, 3, 1000300, 0, 0);
	event(UDP, "0.0.0.0", 2003, NULL, 0, 4, 1000800, 0, 0);
	expect("both within the flow's millisecond", UDP, "10.0.0.1", 2003,
	    "10.9.9.9", 53, 1000000, 1000000, MATCH_NONE, 0, 0);
	expect("the second of both for sure", UDP, "10.0.0.1", 2003,
	    "10.9.9.9", 53, 1000000, 1001000, MATCH_LOCAL, 4, 0);
	event(UDP, "0.0.0.0", 2001, NULL, 0, 3, 1000400, 0, 0);
	event(UDP, "0.0.0.0", 2001, NULL, 0, 3, 2000400, 0, 0);
	event(UDP, "0.0.0.0", 2001, NULL, 0, 4, 2003900, 0, 0);
	expect("one's second socket before another's", UDP, "10.0.0.1", 2001,
	    "10.9.9.9", 53, 2000000, 2001000, MATCH_LOCAL, 3, 0);
	event(TCP, "10.0.0.1", 8, "10.9.9.9", 80, 5, 6000100, 0, SOCK_CLIENT);
	event(TCP, "10.0.0.1", 8, "10.9.9.9", 80, 5, 7000100, 0, SOCK_CLIENT);
	event(TCP, "10.0.0.1", 8, "10.9.9.9", 80, 6, 7003300, 0, SOCK_CLIENT);
	expect("one's second connection before another's", TCP, "10.0.0.1",
	    8, "10.9.9.9", 80, 7000000, 7001000, MATCH_EXACT, 5, 0);
	event(TCP, "10.0.0.1", 9, "10.9.9.9", 80, 5, 8000100, 0, SOCK_CLIENT);
	event(TCP, "10.0.0.1", 9, "10.9.9.9", 80, 6, 8002300, 0, SOCK_CLIENT);
	expect("a client's port used again at once", TCP, "10.0.0.1", 9,
	    "10.9.9.9", 80, 8000000, 8001000, MATCH_EXACT, 5, 0);
	expect("by the next one", TCP, "10.0.0.1", 9, "10.9.9.9", 80,
	    8002000, 8003000, MATCH_EXACT, 6, 0);
	expect("before anyone connected", TCP, "10.0.0.1", 9, "10.9.9.9", 80,
	    7995000, 7997000, MATCH_NONE, 0, 0);
	done();
}

/* A flow of one port that several clients connected from. */
static void
expect_client(const char *what, int port, int64_t first, int64_t last,
    uint32_t pid)
{
	expect(what, TCP, "10.0.0.1", port, "10.9.9.9", 80, first, last,
	    pid != 0 ? MATCH_EXACT : MATCH_NONE, pid, 0);
}

static void
connects(int port, uint32_t pid, int64_t from)
{
	event(TCP, "10.0.0.1", port, "10.9.9.9", 80, pid, from, 0,
	    SOCK_CLIENT);
}

/* Times of flows are whole milliseconds, those of events microseconds. */
static void
clients(void)
{
	begin();
	connects(4000, 1, 1000100);
	connects(4000, 2, 1003900);
	expect_client("first of two clients", 4000, 1000000, 1002000, 1);
	expect_client("second of two clients", 4000, 1003000, 1004000, 2);
	connects(4001, 1, 1000100);
	connects(4001, 2, 1004200);
	expect_client("next client in the last packet's millisecond", 4001,
	    1000000, 1004000, 1);
	expect_client("the client before was some time ago", 4001, 1004000,
	    1004000, 2);
	connects(4002, 1, 1000100);
	connects(4002, 2, 1000600);
	expect_client("two clients within a millisecond", 4002, 1000000,
	    1000000, 0);
	expect_client("longer than the first of two can be", 4002, 1000000,
	    1009000, 2);
	connects(4003, 1, 1000100);
	connects(4003, 1, 1000600);
	expect_client("twice one client within a millisecond", 4003, 1000000,
	    1000000, 1);
	connects(4004, 1, 1000100);
	connects(4004, 2, 1008300);
	expect_client("neither of two began when the flow did", 4004,
	    1005000, 1008000, 0);
	connects(4005, 1, 1008300);
	expect_client("connected after the flow", 4005, 1005000, 1007000, 0);
	done();
}

/* Elsewhere the other end is not named in place of one of two clients. */
static void
clients_elsewhere(void)
{
	begin();
	event(TCP, "172.18.0.2", 4000, "172.18.0.3", 80, 1, 1000100, 77,
	    SOCK_CLIENT);
	event(TCP, "172.18.0.3", 80, "172.18.0.2", 4000, 3, 1000200, 78, 0);
	expect("client and server elsewhere", TCP, "172.18.0.2", 4000,
	    "172.18.0.3", 80, 1000000, 1000000, MATCH_EXACT, 1, 3);
	event(TCP, "172.18.0.2", 4000, "172.18.0.3", 80, 2, 1000600, 77,
	    SOCK_CLIENT);
	expect("one of two clients elsewhere", TCP, "172.18.0.2", 4000,
	    "172.18.0.3", 80, 1000000, 1000000, MATCH_NONE, 0, 3);
	for (int i = 0; i < OWNERS_VERSIONS; i++)
		event(TCP, "172.18.0.2", 4000, "172.18.0.3", 80, 4, 2000000 +
		    i * 10000, 77, SOCK_CLIENT);
	expect("a client that is forgotten", TCP, "172.18.0.2", 4000,
	    "172.18.0.3", 80, 1000000, 1000000, MATCH_NONE, 0, 3);
	expect("the first one that is not", TCP, "172.18.0.2", 4000,
	    "172.18.0.3", 80, 2000000, 2000000, MATCH_EXACT, 4, 3);
	done();
}

/* Whatever is asked for stands for the container's end of the same port. */
static enum nat_answer
container(struct nat *nat, struct sock_key *k)
{
	(void)nat;
	if (k->lport == 4002)
		return NAT_ASKED;
	if (k->local[15] != 1)
		return NAT_NONE;
	bytes_of("172.17.0.2", k->local);
	return NAT_FOUND;
}

/* Which of two it is behind a translation is told as it is before one. */
static void
clients_translated(void)
{
	begin();
	env.nat = container;
	event(TCP, "172.17.0.2", 4000, "10.9.9.9", 80, 1, 1000100, 77,
	    SOCK_CLIENT);
	expect("a client behind", TCP, "10.0.0.1", 4000, "10.9.9.9", 80,
	    1000000, 1000000, MATCH_EXACT, 1, 0);
	event(TCP, "172.17.0.2", 4000, "10.9.9.9", 80, 2, 1000600, 77,
	    SOCK_CLIENT);
	expect("one of two behind", TCP, "10.0.0.1", 4000, "10.9.9.9", 80,
	    1000000, 1000000, MATCH_NONE, 0, 0);
	if (last_why != WHY_AMBIGUOUS) {
		printf("one of two behind: why is %s\n",
		    match_why_name(last_why));
		failures++;
	}
	event(TCP, "172.18.0.3", 80, "172.17.0.2", 4002, 3, 1000200, 78, 0);
	expect("what is asked for is not the other end", TCP, "172.17.0.2",
	    4002, "172.18.0.3", 80, 1000000, 1000000, MATCH_NONE, 0, 3);
	event(UDP, "10.0.0.1", 6000, NULL, 0, 4, 1000100, 0, 0);
	event(UDP, "172.17.0.2", 5000, NULL, 0, 5, 500, 77, 0);
	event(UDP, "0.0.0.0", 5000, NULL, 0, 6, 400, 77, 0);
	expect("a peer behind that is one of two", UDP, "10.0.0.1", 6000,
	    "10.0.0.1", 5000, 1000000, 2000000, MATCH_LOCAL, 4, 0);
	/* Each of two with a socket of its own is told of when it sends. */
	for (uint32_t pid = 7; pid <= 8; pid++) {
		struct sighting sends = sighting(UDP, "172.17.0.2", 5001, NULL,
		    0, pid, 1000100 + (pid - 7) * 500000);
		sends.key.netns = 77;
		sends.reuse = true;
		owners_event(owners, &sends);
	}
	expect("who began behind", UDP, "10.0.0.1", 5001, "10.9.9.9", 9,
	    1000000, 2000000, MATCH_INFERRED, 7, 0);
	expect("none behind", TCP, "10.0.0.1", 4001, "10.9.9.9", 80,
	    1000000, 1000000, MATCH_NONE, 0, 0);
	if (last_why != WHY_UNSEEN) {
		printf("none behind: why is %s\n",
		    match_why_name(last_why));
		failures++;
	}
	done();
}

static void
by_rule(void)
{
	begin();
	event(TCP, "127.0.0.1", 1, "127.0.0.1", 2, 1, 0, 0, SOCK_CLIENT);
	event(TCP, "127.0.0.1", 2, "127.0.0.1", 1, 2, 0, 0, 0);
	expect("both ends", TCP, "127.0.0.1", 1, "127.0.0.1", 2, 1, 1,
	    MATCH_EXACT, 1, 2);
	expect("both ends, turned", TCP, "127.0.0.1", 2, "127.0.0.1", 1, 1,
	    1, MATCH_EXACT, 1, 2);
	event(UDP, "::", 53, NULL, 0, 3, 0, 0, 0);
	expect("IPv4 to a [::] socket", UDP, "10.0.0.1", 53, "10.9.9.9", 9,
	    1, 1, MATCH_LOCAL, 3, 0);
	event(UDP, "::", 54, NULL, 0, 4, 0, 0, SOCK_V6ONLY);
	expect("IPv4 to a V6ONLY socket", UDP, "10.0.0.1", 54, "10.9.9.9", 9,
	    1, 1, MATCH_NONE, 0, 0);
	expect("a remote host's port", UDP, "10.3.3.3", 53, "10.9.9.9", 9, 1,
	    1, MATCH_NONE, 0, 0);
	expect("multicast sender", UDP, "10.0.0.1", 53, "224.0.0.251", 53, 1,
	    1, MATCH_LOCAL, 3, 0);
	event(TCP, "0.0.0.0", 80, NULL, 0, 5, 0, 0, SOCK_LISTENS);
	expect("listener", TCP, "10.0.0.1", 80, "10.9.9.9", 9, 1, 1,
	    MATCH_LISTENER, 5, 0);
	event(TCP, "172.17.0.2", 7, "10.9.9.9", 8, 6, 0, 77, 0);
	expect("another namespace", TCP, "172.17.0.2", 7, "10.9.9.9", 8, 1,
	    1, MATCH_EXACT, 6, 0);
	event(TCP, "172.17.0.2", 7, "10.9.9.9", 8, 7, 0, 78, 0);
	expect("in two namespaces", TCP, "172.17.0.2", 7, "10.9.9.9", 8, 1,
	    1, MATCH_NONE, 0, 0);
	event(UDP, "0.0.0.0", 99, NULL, 0, 8, 0, 77, 0);
	expect("unconnected, elsewhere", UDP, "172.17.0.2", 99, "10.9.9.9",
	    8, 1, 1, MATCH_LOCAL, 8, 0);
	expect("not that one's address", UDP, "172.17.0.3", 99, "10.9.9.9",
	    8, 1, 1, MATCH_NONE, 0, 0);
	event(ICMP, "0.0.0.0", 42, NULL, 0, 9, 0, 0, 0);
	expect("ping socket", ICMP, "10.0.0.1", 42, "10.9.9.9", 0, 1, 1,
	    MATCH_LOCAL, 9, 0);
	done();
}

static void
poll_one(int64_t begun, uint32_t pid, bool there)
{
	struct sighting s = sighting(TCP, "10.0.0.1", 5, "10.9.9.9", 6, pid,
	    TIME_ALWAYS);
	s.via = VIA_ITER;
	owners_poll_begin(owners, begun);
	owners_poll_confirm(owners, &s, there ? 1 : 0);
	owners_poll_add(owners, &s, there ? 1 : 0);
	owners_poll_end(owners, true);
}

/* Two processes use one socket in turns, for long. */
static void
in_turns(void)
{
	begin();
	for (int i = 0; i < 1000; i++)
		event(UDP, "0.0.0.0", 53, NULL, 0, 1 + (uint32_t)i % 2,
		    1000000 + i * 100000, 0, 0);
	if (owners_count(owners) > 64) {
		printf("in turns: %zu versions\n", owners_count(owners));
		failures++;
	}
	expect("the last turn", UDP, "10.0.0.1", 53, "10.9.9.9", 8, 100950000,
	    100960000, MATCH_LOCAL, 2, 0);
	done();
}

static void
by_polls(void)
{
	begin();
	poll_one(1000000, 1, true);
	poll_one(2000000, 1, true);
	poll_one(3000000, 1, false);
	expect("while it was there", TCP, "10.0.0.1", 5, "10.9.9.9", 6,
	    1500000, 2500000, MATCH_EXACT, 1, 0);
	expect("after it had gone", TCP, "10.0.0.1", 5, "10.9.9.9", 6,
	    4000000, 4000000, MATCH_NONE, 0, 0);
	poll_one(5000000, 2, true);
	expect("the next holder", TCP, "10.0.0.1", 5, "10.9.9.9", 6, 5000000,
	    5500000, MATCH_EXACT, 2, 0);
	expect("and still the one before", TCP, "10.0.0.1", 5, "10.9.9.9", 6,
	    1500000, 2500000, MATCH_EXACT, 1, 0);
	event(TCP, "10.0.0.1", 5, "10.9.9.9", 6, 3, 6000000, 0, 0);
	poll_one(5900000, 2, true);
	expect("an event beats an older poll", TCP, "10.0.0.1", 5,
	    "10.9.9.9", 6, 6000000, 6500000, MATCH_EXACT, 3, 0);
	/* The same process uses the port again while a poll is under way that
	 * does not show it. */
	event(TCP, "10.0.0.1", 5, "10.9.9.9", 6, 3, 7050000, 0, 0);
	poll_one(7000000, 3, false);
	expect("an event during a poll", TCP, "10.0.0.1", 5, "10.9.9.9", 6,
	    7050000, 7051000, MATCH_EXACT, 3, 0);
	expect("after that poll, which may have been past it", TCP,
	    "10.0.0.1", 5, "10.9.9.9", 6, 7060000, 7061000, MATCH_EXACT, 3, 0);
	poll_one(7100000, 3, false);
	expect("after one that was not", TCP, "10.0.0.1", 5, "10.9.9.9", 6,
	    7110000, 7111000, MATCH_NONE, 0, 0);
	expect("before that one", TCP, "10.0.0.1", 5, "10.9.9.9", 6, 7060000,
	    7061000, MATCH_EXACT, 3, 0);
	poll_one(8000000, 3, true);
	expect("there after all", TCP, "10.0.0.1", 5, "10.9.9.9", 6,
	    7500000, 7500000, MATCH_EXACT, 3, 0);
	done();
}

/* A port may have changed hands while events were lost. */
static void
by_losses(void)
{
	begin();
	event(TCP, "10.0.0.1", 5, "10.9.9.9", 6, 1, 1000000, 0, SOCK_CLIENT);
	owners_lost(owners, 2000000, 2300000);
	expect("before the loss", TCP, "10.0.0.1", 5, "10.9.9.9", 6, 1000000,
	    1500000, MATCH_EXACT, 1, 0);
	expect("from before into it", TCP, "10.0.0.1", 5, "10.9.9.9", 6,
	    1000000, 2200000, MATCH_EXACT, 1, 0);
	expect("begun within it", TCP, "10.0.0.1", 5, "10.9.9.9", 6, 2100000,
	    2200000, MATCH_NONE, 0, 0);
	expect("begun after it", TCP, "10.0.0.1", 5, "10.9.9.9", 6, 2400000,
	    2500000, MATCH_NONE, 0, 0);
	poll_one(2200000, 1, true);
	expect("a poll of that time", TCP, "10.0.0.1", 5, "10.9.9.9", 6,
	    2400000, 2500000, MATCH_NONE, 0, 0);
	poll_one(2600000, 1, true);
	expect("a poll afterwards", TCP, "10.0.0.1", 5, "10.9.9.9", 6,
	    2700000, 2800000, MATCH_EXACT, 1, 0);
	owners_lost(owners, 3000000, 3100000);
	event(TCP, "10.0.0.1", 5, "10.9.9.9", 6, 2, 3500000, 0, SOCK_CLIENT);
	expect("the next one told of", TCP, "10.0.0.1", 5, "10.9.9.9", 6,
	    3500000, 3600000, MATCH_EXACT, 2, 0);
	expect("between the two", TCP, "10.0.0.1", 5, "10.9.9.9", 6, 3050000,
	    3060000, MATCH_NONE, 0, 0);
	/* Told of late, when a poll of a later time is over: that one did not
	 * show it. */
	owners_poll_begin(owners, 3900000);
	owners_poll_end(owners, true);
	event(UDP, "10.0.0.1", 7, "10.9.9.9", 6, 1, 3600000, 0, 0);
	owners_lost(owners, 3700000, 3800000);
	expect("told of late", UDP, "10.0.0.1", 7, "10.9.9.9", 6, 3750000,
	    3760000, MATCH_NONE, 0, 0);
	/* More losses than are kept apart. */
	for (int i = 0; i < 20; i++)
		owners_lost(owners, 4000000 + i * 100000,
		    4010000 + i * 100000);
	expect("after the first of many", TCP, "10.0.0.1", 5, "10.9.9.9", 6,
	    4050000, 4060000, MATCH_NONE, 0, 0);
	/* Who has it after a loss had it perhaps not before. */
	poll_one(6000000, 3, true);
	expect("who was found afterwards", TCP, "10.0.0.1", 5, "10.9.9.9", 6,
	    6000000, 6100000, MATCH_EXACT, 3, 0);
	expect("whoever it was before", TCP, "10.0.0.1", 5, "10.9.9.9", 6,
	    4500000, 4510000, MATCH_NONE, 0, 0);
	done();
}

/* Events since some time are not taken over yet. */
static void
behind(void)
{
	begin();
	event(TCP, "10.0.0.1", 5, "10.9.9.9", 6, 1, 1000000, 0, SOCK_CLIENT);
	event(TCP, "0.0.0.0", 80, NULL, 0, 2, 0, 0, SOCK_LISTENS);
	event(TCP, "10.0.0.1", 5, "10.9.9.9", 6, 3, 4000000, 0, 0);
	env.unsure_from = 3000000;
	expect("of before", TCP, "10.0.0.1", 5, "10.9.9.9", 6, 1000000,
	    2000000, MATCH_EXACT, 1, 0);
	expect("from before", TCP, "10.0.0.1", 5, "10.9.9.9", 6, 1000000,
	    5000000, MATCH_EXACT, 1, 0);
	expect("since then", TCP, "10.0.0.1", 5, "10.9.9.9", 6, 3500000,
	    3600000, MATCH_NONE, 0, 0);
	expect("a listener's since then", TCP, "10.0.0.1", 80, "10.9.9.9", 6,
	    3500000, 3600000, MATCH_NONE, 0, 0);
	done();
}

static void
at_the_bound(void)
{
	begin();
	for (int i = 0; i < 1024; i++)
		event(TCP, "10.0.0.1", i + 1, "10.9.9.9", 6, 1, 1, 0, 0);
	event(TCP, "10.0.0.1", 5000, "10.9.9.9", 6, 2, 1, 0, 0);
	if (owners_refused(owners) != 1 || owners_count(owners) != 1024) {
		printf("a full table of the living took one more\n");
		failures++;
	}
	owners_poll_begin(owners, 1000000);	/* none is there any more */
	owners_poll_end(owners, true);
	event(TCP, "10.0.0.1", 5000, "10.9.9.9", 6, 2, 1000001, 0, 0);
	expect("room of an ended one", TCP, "10.0.0.1", 5000, "10.9.9.9", 6,
	    1000001, 1000001, MATCH_EXACT, 2, 0);
	done();
}

/* A full table whose sockets ended one after the other, the last entry first:
 * the owner of entry `number` afterwards, once one more was taken in. */
static uint32_t
left_at(int64_t now, int number)
{
	uint32_t pid = 0;
	begin();
	for (int i = 0; i < 1024; i++) {
		struct sighting s = sighting(TCP, "10.0.0.1", i + 1,
		    "10.9.9.9", 6, 1, 1);
		s.to = 100000 - i;
		owners_event(owners, &s);
	}
	event(TCP, "10.0.0.1", 5000, "10.9.9.9", 6, 2, now, 0, 0);
	struct sighting s = sighting(TCP, "10.0.0.1", number + 1, "10.9.9.9",
	    6, 1, 1);
	const struct owner *o = owners_find(owners, &s.key, 1, 1, SCOPE_NETNS,
	    NULL, NULL, NULL);
	if (o != NULL)
		pid = processes_get(processes, o->process)->pid;
	done();
	return pid;
}

/* Of the first sixteen the one that ended first, or else the very first, if
 * that is 10 s ago. */
static void
who_makes_room(void)
{
	struct { int64_t now; int gone; } cases[] = {
		{ 200000, 15 }, { 10099000, 15 }, { 10200000, 0 },
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		for (int n = 0; n < 20; n++)
			if ((left_at(cases[i].now, n) == 0) !=
			    (n == cases[i].gone)) {
				printf("at %lld: entry %d\n",
				    (long long)cases[i].now, n);
				failures++;
			}
}

int
main(void)
{
	by_time();
	clients();
	clients_elsewhere();
	clients_translated();
	by_rule();
	in_turns();
	by_polls();
	by_losses();
	behind();
	at_the_bound();
	who_makes_room();
	return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
