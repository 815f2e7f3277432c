/* SPDX-License-Identifier: MIT
 *
 * The child that may ask connection tracking, and its client.
 */
#include "procmap/nat.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/xalloc.h"
#include "procmap/clock.h"
#include "procmap/conntrack.h"
#include "procmap/privilege.h"

enum { REMEMBER = 60000000, AGAIN = 1000000 };	/* us, found and not found */

struct question {
	struct sock_key outer, inner;
	bool found;		/* in the answer */
};

/* Questions go and come many at a time: waking the child costs more than
 * an answer. */
enum { TOGETHER = 32, QUEUE = 512, WAYS = 8 };

struct memory {
	struct sock_key outer, inner;
	int64_t asked;
	bool found;
};

struct nat {
	int fd;
	size_t count, sent;	/* questions of this snapshot */
	struct question queue[QUEUE];
	struct memory memory[NAT_MEMORY];
};

static void
serve(int fd, int tracking)
{
	struct question q[TOGETHER];
	ssize_t n;
	while ((n = recv(fd, q, sizeof(q), 0)) > 0) {
		for (size_t i = 0; i < (size_t)n / sizeof(*q); i++) {
			q[i].inner = q[i].outer;
			q[i].found = conntrack_ask(tracking, &q[i].inner);
		}
		if (send(fd, q, (size_t)n, MSG_NOSIGNAL) == -1)
			break;
	}
	_exit(EXIT_SUCCESS);
}

static void
become_child(int fd, int tracking)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	signal(SIGINT, SIG_IGN);	/* the parent tells us by its end */
	dup2(fd, 3);
	dup2(tracking, 4);
	/* The stream is not ours: the chain must end without us. */
	close(STDIN_FILENO);
	close(STDOUT_FILENO);
	close_range(5, ~0U, 0);
	if (!privilege_drop_to_net_admin())
		_exit(EXIT_FAILURE);
	/* Dropping privilege clears it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	serve(3, 4);
}

struct nat *
nat_start(void)
{
	int ends[2], tracking;
	if (!privilege_is_net_admin())
		return NULL;
	tracking = conntrack_open();
	if (tracking == -1)
		return NULL;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) ==
	    -1) {
		close(tracking);
		return NULL;
	}
	pid_t pid = fork();
	if (pid == 0)
		become_child(ends[1], tracking);
	close(ends[1]);
	close(tracking);
	if (pid == -1) {
		close(ends[0]);
		return NULL;
	}
	struct nat *n = xcalloc(1, sizeof(*n));
	n->fd = ends[0];
	return n;
}

void
nat_begin(struct nat *n)
{
	n->count = n->sent = 0;
}

static bool
same_key(const struct sock_key *a, const struct sock_key *b)
{
	return a->proto == b->proto && a->lport == b->lport &&
	    a->rport == b->rport && memcmp(a->local, b->local, 16) == 0 &&
	    memcmp(a->remote, b->remote, 16) == 0;
}

/* Where this key is, or else where it may go: the oldest of a few. */
static struct memory *
place(struct nat *n, const struct sock_key *k)
{
	uint32_t h = 2166136261U;
	for (int i = 0; i < 16; i++)
		h = ((h ^ k->local[i]) * 16777619U ^ k->remote[i]) *
		    16777619U;
	h = (h ^ ((uint32_t)k->lport << 16 | k->rport)) * 2654435761U;
	struct memory *set = &n->memory[(h >> 16) % (NAT_MEMORY / WAYS) *
	    WAYS], *oldest = set;
	for (struct memory *m = set; m < set + WAYS; m++) {
		if (m->asked != 0 && same_key(&m->outer, k))
			return m;
		if (m->asked < oldest->asked)
			oldest = m;
	}
	return oldest;
}

static void
send_questions(struct nat *n)
{
	while (n->sent < n->count) {
		size_t some = n->count - n->sent < TOGETHER ?
		    n->count - n->sent : TOGETHER;
		if (send(n->fd, n->queue + n->sent, some *
		    sizeof(n->queue[0]), MSG_NOSIGNAL | MSG_DONTWAIT) == -1)
			return;
		n->sent += some;
	}
}

/* Take what answers are there, late ones of other snapshots too. */
static size_t
take_answers(struct nat *n)
{
	struct question q[TOGETHER];
	size_t taken = 0;
	ssize_t len;
	while ((len = recv(n->fd, q, sizeof(q), MSG_DONTWAIT)) > 0) {
		for (size_t i = 0; i < (size_t)len / sizeof(*q); i++) {
			*place(n, &q[i].outer) = (struct memory){
				.outer = q[i].outer, .inner = q[i].inner,
				.asked = clock_boot_us(),
				.found = q[i].found };
			taken++;
		}
	}
	return taken;
}

bool
nat_finish(struct nat *n, int64_t budget)
{
	int64_t deadline = clock_boot_us() + budget;
	size_t answered = take_answers(n), left = n->count;
	send_questions(n);
	while (left > 0) {
		struct pollfd ready = { .fd = n->fd, .events = POLLIN };
		int64_t wait = deadline - clock_boot_us();
		if (wait <= 0 || poll(&ready, 1,
		    (int)((wait + 999) / 1000)) != 1)
			break;
		size_t taken = take_answers(n);
		if (taken == 0)		/* the child is gone */
			break;
		answered += taken;
		left = taken < left ? left - taken : 0;
	}
	n->count = n->sent = 0;
	return answered > 0;
}

size_t
nat_waiting(const struct nat *n)
{
	return n->count;
}

enum nat_answer
nat_ask(struct nat *n, struct sock_key *k)
{
	struct memory *m = place(n, k);
	int64_t age = clock_boot_us() - m->asked;
	if (k->rport == 0)
		return NAT_NONE;
	if (m->asked == 0 || !same_key(&m->outer, k) ||
	    age > (m->found ? REMEMBER : AGAIN)) {
		if (n->count == QUEUE)
			return NAT_NONE;
		n->queue[n->count++] = (struct question){ .outer = *k };
		return NAT_ASKED;
	}
	if (m->found)
		*k = m->inner;
	return m->found ? NAT_FOUND : NAT_NONE;
}
