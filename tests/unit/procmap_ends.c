/* SPDX-License-Identifier: MIT
 *
 * Both ends of a flow are known: which of them opened it, who is told as the
 * other one, and whose a port is that two sockets share by their addresses.
 *
 * uses: procmap/match.c procmap/match_side.c procmap/match_icmp.c
 * uses: procmap/owners.c procmap/owners_find.c procmap/owners_poll.c
 * uses: procmap/processes.c
 * uses: procmap/addresses.c procmap/socket.c
 */
#include "procmap_ports.h"

enum { TCP = 6, UDP = 17, S = 1000000 };
enum { CLIENT = 101, SERVER = 102, OTHER = 103 };	/* PIDs */

static const uint8_t any[16] = { [10] = 0xff, [11] = 0xff };
static const uint8_t elsewhere[16] = { [10] = 0xff, [11] = 0xff, 172, 17, 0, 2 };

struct place {
	const uint8_t *local, *remote;	/* no remote: null */
	uint16_t lport, rport;
	uint32_t netns;
	uint8_t proto, flags;
	bool reuse;
};

static void
seen(uint32_t pid, struct place p, enum sock_via via, int64_t from)
{
	struct sighting s = { .process = process(pid), .from = from,
		.to = TIME_NEVER, .via = (uint8_t)via, .flags = p.flags,
		.reuse = p.reuse, .key = { .lport = p.lport,
		.rport = p.rport, .proto = p.proto, .netns = p.netns } };
	memcpy(s.key.local, p.local, 16);
	if (p.remote != NULL)
		memcpy(s.key.remote, p.remote, 16);
	owners_event(owners, &s);
}

static void
expect(const char *what, struct match_flow f, const uint8_t *src,
    const uint8_t *dst, uint32_t pid, uint32_t peer, enum match_kind kind)
{
	struct match m;
	memcpy(f.src, src, 16);
	memcpy(f.dst, dst, 16);
	match_flow(&env, &f, &m);
	uint32_t want = pid != 0 ? process(pid) : 0;
	uint32_t want_peer = peer != 0 ? process(peer) : 0;
	if (m.process == want && m.peer == want_peer && m.kind == kind)
		return;
	printf("%s: %s of %u with %u instead of %s of %u with %u\n", what,
	    match_kind_name(m.kind), m.process, m.peer, match_kind_name(kind),
	    want, want_peer);
	failures++;
}

/* A UDP flow of this host with itself, from the lower port. */
static struct match_flow
inside(uint16_t src, uint16_t dst, int64_t first, int64_t last)
{
	return (struct match_flow){ .src_port = src, .dst_port = dst,
		.proto = UDP, .first = first, .last = last };
}

static void
who_opened(void)
{
	const struct place service = { .local = any, .lport = 2053,
		.proto = UDP };
	struct place asker = { .local = any, .lport = 50000, .proto = UDP };
	begin();
	seen(SERVER, service, VIA_BPF, 1 * S);
	seen(CLIENT, asker, VIA_BPF, 5 * S + 300);
	expect("who began", inside(2053, 50000, 5 * S, 6 * S), here, here,
	    CLIENT, SERVER, MATCH_LOCAL);
	expect("who began, turned", inside(50000, 2053, 5 * S, 6 * S), here,
	    here, CLIENT, SERVER, MATCH_LOCAL);
	begin();
	seen(CLIENT, asker, VIA_BPF, 5 * S + 300);
	seen(SERVER, service, VIA_BPF, 5 * S + 400);
	expect("both began", inside(2053, 50000, 5 * S, 6 * S), here,
	    here, CLIENT, SERVER, MATCH_LOCAL);
	begin();
	asker.lport = 1999;
	seen(CLIENT, asker, VIA_BPF, 5 * S + 300);
	seen(SERVER, service, VIA_BPF, 5 * S + 400);
	expect("who began sooner", inside(2053, 1999, 5 * S, 6 * S), here,
	    here, CLIENT, SERVER, MATCH_LOCAL);
	asker.lport = 50000;
	begin();
	seen(SERVER, service, VIA_BPF, 5 * S + 200);
	seen(CLIENT, asker, VIA_BPF, 5 * S + 300);
	expect("an answer to another before", inside(2053, 50000, 5 * S, 6 * S),
	    here, here, CLIENT, SERVER, MATCH_LOCAL);
	begin();
	seen(SERVER, service, VIA_ITER, 1 * S);
	seen(CLIENT, asker, VIA_BPF, 5 * S + 300);
	expect("the only one to send", inside(2053, 50000, 5 * S, 6 * S),
	    here, here, CLIENT, SERVER, MATCH_LOCAL);
	begin();
	asker.remote = here;
	asker.rport = 2053;
	asker.local = here;
	seen(SERVER, service, VIA_DIAG, 1 * S);
	seen(CLIENT, asker, VIA_DIAG, 1 * S);
	expect("who is connected", inside(2053, 50000, 5 * S, 6 * S), here,
	    here, CLIENT, SERVER, MATCH_EXACT);
}

/* One that asks all the time, and a service that has just been started. */
static void
first_answer(void)
{
	const struct place service = { .local = any, .lport = 53,
		.proto = UDP };
	const struct place asker = { .local = any, .lport = 50000,
		.proto = UDP };
	begin();
	seen(CLIENT, asker, VIA_BPF, 1 * S);
	seen(SERVER, service, VIA_BPF, 5 * S + 300);
	expect("a first answer", inside(53, 50000, 5 * S, 6 * S), here, here,
	    CLIENT, SERVER, MATCH_LOCAL);
}

/* An address that another namespace has, too. */
static void
peers_elsewhere(void)
{
	const struct match_flow udp = { .src_port = 50000, .dst_port = 7000,
		.proto = UDP, .first = 5 * S, .last = 6 * S };
	const struct match_flow tcp = { .src_port = 50000, .dst_port = 7000,
		.proto = TCP, .first = 5 * S, .last = 6 * S };
	struct place service = { .local = any, .lport = 7000, .proto = UDP,
		.netns = 77 };
	begin();
	seen(SERVER, service, VIA_ITER, 1 * S);
	expect("nobody is known here, nor there", udp, here, elsewhere, 0, 0,
	    MATCH_NONE);
	seen(CLIENT, (struct place){ .local = any, .lport = 50000,
	    .proto = UDP }, VIA_BPF, 5 * S + 100);
	expect("nobody there has answered", udp, here, elsewhere, CLIENT, 0,
	    MATCH_LOCAL);
	seen(SERVER, service, VIA_BPF, 5 * S + 900);
	expect("who answers", udp, here, elsewhere, CLIENT, SERVER,
	    MATCH_LOCAL);
	begin();
	seen(CLIENT, (struct place){ .local = here, .lport = 50000,
	    .remote = elsewhere, .rport = 7000, .proto = TCP,
	    .flags = SOCK_CLIENT }, VIA_BPF, 5 * S);
	service.proto = TCP;
	service.flags = SOCK_LISTENS;
	seen(SERVER, service, VIA_BPF, 1 * S);
	expect("nobody there has accepted", tcp, here, elsewhere, CLIENT, 0,
	    MATCH_EXACT);
	seen(SERVER, (struct place){ .local = elsewhere, .lport = 7000,
	    .remote = here, .rport = 50000, .proto = TCP, .netns = 77 },
	    VIA_BPF, 5 * S + 900);
	expect("who accepted", tcp, here, elsewhere, CLIENT, SERVER,
	    MATCH_EXACT);
}

/* Of two ends of ours the one that is known, whoever opened the flow; of what
 * comes to all who sent it. */
static void
one_known(void)
{
	static const uint8_t all[16] = { [10] = 0xff, [11] = 0xff, 172, 17,
		255, 255 };
	const struct match_flow tcp = { .src_port = 50000, .dst_port = 80,
		.proto = TCP, .first = 5 * S, .last = 6 * S };
	const struct match_flow udp = { .src_port = 4000, .dst_port = 9,
		.proto = UDP, .first = 5 * S, .last = 6 * S };
	begin();
	seen(SERVER, (struct place){ .local = any, .lport = 80, .proto = TCP,
	    .flags = SOCK_LISTENS }, VIA_DIAG, 1 * S);
	expect("a server whose client was not seen", tcp, here, here, SERVER,
	    0, MATCH_LISTENER);
	begin();
	seen(OTHER, (struct place){ .local = any, .lport = 9, .proto = UDP },
	    VIA_ITER, 1 * S);
	expect("from another host to all", udp, there, all, 0, 0, MATCH_NONE);
	seen(CLIENT, (struct place){ .local = any, .lport = 4000,
	    .proto = UDP, .netns = 77 }, VIA_BPF, 5 * S);
	expect("from another namespace to all", udp, elsewhere, all, CLIENT, 0,
	    MATCH_LOCAL);
}

/* One is bound to the address, one to none: either may send from there. */
static void
two_sockets(void)
{
	const struct match_flow f = { .src_port = 4000, .dst_port = 9,
		.proto = UDP, .first = 5 * S, .last = 6 * S };
	const struct place bound = { .local = here, .lport = 4000,
		.proto = UDP, .reuse = true };
	const struct place unbound = { .local = any, .lport = 4000,
		.proto = UDP, .reuse = true };
	begin();
	seen(OTHER, bound, VIA_BPF, 1 * S);
	expect("one alone", f, here, there, OTHER, 0, MATCH_LOCAL);
	seen(CLIENT, unbound, VIA_BPF, 2 * S);
	expect("one of two", f, here, there, OTHER, 0, MATCH_INFERRED);
	begin();
	seen(OTHER, bound, VIA_BPF, 1 * S);
	seen(CLIENT, unbound, VIA_BPF, 5 * S + 300);
	expect("who began", f, here, there, CLIENT, 0, MATCH_LOCAL);
	begin();
	seen(OTHER, bound, VIA_BPF, 1 * S);
	seen(OTHER, unbound, VIA_BPF, 2 * S);
	expect("two of one", f, here, there, OTHER, 0, MATCH_LOCAL);
}

static bool
kernel_tells(void *state, const struct sock_key *k, int64_t first,
    int64_t last, struct sighting *s, enum match_why *why)
{
	(void)state;
	(void)first;
	(void)last;
	(void)why;
	*s = (struct sighting){ .process = process(OTHER), .key = *k,
		.via = VIA_DIAG };
	memset(s->key.remote, 0, 16);
	s->key.rport = 0;
	return k->lport == 4000;
}

/* The same without events: the kernel is asked, and tells who would get
 * packets, not who sent them. */
static void
two_polled(void)
{
	const struct match_flow f = { .src_port = 4000, .dst_port = 9,
		.proto = UDP, .first = 5 * S, .last = 6 * S };
	begin();
	env.ask = kernel_tells;
	seen(OTHER, (struct place){ .local = here, .lport = 4000,
	    .proto = UDP }, VIA_DIAG, 1 * S);
	expect("the one that there is", f, here, there, OTHER, 0, MATCH_LOCAL);
	seen(CLIENT, (struct place){ .local = any, .lport = 4000,
	    .proto = UDP }, VIA_DIAG, 2 * S);
	expect("one of two polled", f, here, there, OTHER, 0, MATCH_INFERRED);
}

static uint8_t guess_flags;

static bool
kernel_guesses(void *state, const struct sock_key *k, int64_t first,
    int64_t last, struct sighting *s, enum match_why *why)
{
	(void)state;
	(void)first;
	(void)last;
	(void)why;
	*s = (struct sighting){ .process = process(OTHER), .key = *k,
		.via = VIA_UID, .flags = guess_flags };
	return k->lport == 9000;
}

/* A peer that is a guess is told, but not one of several. */
static void
guessed_peers(void)
{
	begin();
	seen(CLIENT, (struct place){ .local = any, .lport = 50000,
	    .proto = UDP }, VIA_BPF, 5 * S + 300);
	env.ask = kernel_guesses;
	guess_flags = 0;
	expect("a guess", inside(50000, 9000, 5 * S, 6 * S), here, here,
	    CLIENT, OTHER, MATCH_LOCAL);
	guess_flags = SOCK_SHARED;
	expect("one of several", inside(50000, 9000, 5 * S, 6 * S), here,
	    here, CLIENT, 0, MATCH_LOCAL);
}

/* Several listen at one port, each for itself. */
static void
listeners(void)
{
	const struct match_flow f = { .src_port = 80, .dst_port = 9000,
		.proto = TCP, .first = 5 * S, .last = 6 * S };
	struct place p = { .local = any, .lport = 80, .proto = TCP,
		.flags = SOCK_LISTENS };
	for (int reuse = 0; reuse < 2; reuse++) {
		begin();
		p.reuse = reuse == 1;
		seen(SERVER, p, VIA_BPF, 1 * S);
		expect("one", f, here, there, SERVER, 0, MATCH_LISTENER);
		seen(OTHER, p, VIA_BPF, 2 * S);
		expect("several", f, here, there, OTHER, 0,
		    reuse ? MATCH_INFERRED : MATCH_LISTENER);
	}
}

/* Who listened until 3 S has no part in what began at 10 S, however many looks
 * at all sockets there have been since. */
static void
long_ago(void)
{
	static const uint32_t server[] = { SERVER, 0 }, nobody[] = { 0 };
	struct sighting s = { .from = TIME_ALWAYS, .to = TIME_NEVER,
		.via = VIA_DIAG, .flags = SOCK_LISTENS,
		.key = { .lport = 80, .proto = TCP } };
	struct match_flow f = { .src_port = 80, .dst_port = 9000,
		.proto = TCP, .first = 10 * S };
	const struct match_flow then = { .src_port = 80, .dst_port = 9000,
		.proto = TCP, .first = 1 * S, .last = 2 * S };
	memcpy(s.key.local, any, 16);
	begin();
	for (int64_t second = 1; second < 10000; second++) {
		poll_shows_like(&s, second * S, second < 3 ? server : nobody);
		f.last = second * S;
		if (second > 10 && second % 100 == 0)
			expect("a port of before", f, here, there, 0, 0,
			    MATCH_NONE);
		if (second == 4000)
			expect("what was its own", then, here, there, SERVER,
			    0, MATCH_LISTENER);
	}
}

int
main(void)
{
	set_up();
	addresses_add(&ours, 77, elsewhere);
	who_opened();
	first_answer();
	peers_elsewhere();
	one_known();
	two_sockets();
	two_polled();
	guessed_peers();
	listeners();
	long_ago();
	return tear_down();
}
