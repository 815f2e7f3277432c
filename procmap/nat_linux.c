/* SPDX-License-Identifier: MIT
 *
 * The child that may ask connection tracking, and its client.
 */
#include "procmap/nat.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/xalloc.h"
#include "procmap/clock.h"
#include "procmap/conntrack.h"
#include "procmap/nat_table.h"
#include "procmap/privilege.h"

enum { REMEMBER = 60000000, AGAIN = 1000000 };	/* us, found and not found */

struct question {
	struct sock_key outer, inner;
	bool found;		/* in the answer */
};

/* Questions go and come many at a time: waking the child costs more than
 * an answer. */
enum { TOGETHER = 32, QUEUE = 512 };
enum { GATHER = 100 };		/* ms that news may wait for each other */
enum { NICE = -10 };

struct nat {
	int fd;
	pid_t child;
	bool watching;
	size_t count, sent;	/* questions of this snapshot */
	int64_t unanswered;	/* since when there are questions; 0: none */
	struct question queue[QUEUE];
	struct nat_table *answers;	/* to what was asked */
	struct nat_table *news;		/* what the child was told */
};

static void
take_news(int watch, struct nat_table *news)
{
	struct conntrack_pair pairs[64];
	size_t count;
	do {
		count = conntrack_news(watch, pairs, 64);
		for (size_t i = 0; i < count; i++)
			nat_table_put(news, &pairs[i].outer, &pairs[i].inner,
			    clock_boot_us());
	} while (count > 0);
}

/* Not in the place of standard input, which is closed: who looks there
 * expects nothing. */
static int
begin_watch(void)
{
	int fd = conntrack_watch();
	if (fd == -1)
		return -1;
	int high = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	close(fd);
	return high;
}

/* A question without a protocol asks to watch. */
static size_t
answer(struct question *q, size_t count, int tracking, int *watch)
{
	size_t kept = 0;
	for (size_t i = 0; i < count; i++) {
		if (q[i].outer.proto == 0) {
			if (*watch == -1)
				*watch = begin_watch();
			continue;
		}
		q[kept] = (struct question){ .outer = q[i].outer,
			.inner = q[i].outer };
		q[kept].found = conntrack_ask(tracking, &q[kept].inner);
		kept++;
	}
	return kept;
}

/* News wake us once in a while only, questions at once. */
static void
serve(int fd, int tracking, struct nat_table *news)
{
	struct question q[TOGETHER];
	int watch = -1;
	bool quiet = true;
	for (;;) {
		struct pollfd ready[] = { { .fd = fd, .events = POLLIN },
			{ .fd = watch, .events = POLLIN } };
		if (poll(ready, quiet ? 2 : 1, quiet ? -1 : GATHER) == -1 &&
		    errno != EINTR)
			break;
		quiet = !quiet;
		if (watch != -1)
			take_news(watch, news);
		if (ready[0].revents == 0)
			continue;
		ssize_t n = recv(fd, q, sizeof(q), 0);
		if (n <= 0)
			break;
		size_t count = answer(q, (size_t)n / sizeof(*q), tracking,
		    &watch);
		if (count > 0 && send(fd, q, count * sizeof(*q),
		    MSG_NOSIGNAL) == -1)
			break;
	}
	_exit(EXIT_SUCCESS);
}

static void
become_child(int fd, int tracking, struct nat_table *news)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	/* A line waits for answers, though not for long: on a busy machine
	 * they would come too late for it.  It is 10 us of work each. */
	(void)setpriority(PRIO_PROCESS, 0, NICE);
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
	serve(3, 4, news);
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
	struct nat_table *answers = nat_table_new(NAT_ANSWERS);
	struct nat_table *news = nat_table_new(NAT_NEWS);
	if (answers == NULL || news == NULL) {
		close(tracking);
		return NULL;
	}
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) ==
	    -1) {
		close(tracking);
		return NULL;
	}
	pid_t pid = fork();
	if (pid == 0)
		become_child(ends[1], tracking, news);
	close(ends[1]);
	close(tracking);
	if (pid == -1) {
		close(ends[0]);
		return NULL;
	}
	struct nat *n = xcalloc(1, sizeof(*n));
	n->fd = ends[0];
	n->child = pid;
	n->answers = answers;
	n->news = news;
	return n;
}

void
nat_stop(struct nat *n)
{
	close(n->fd);		/* the child's sign to end */
	while (waitpid(n->child, NULL, 0) == -1 && errno == EINTR)
		;
	nat_table_free(n->answers);
	nat_table_free(n->news);
	free(n);
}

void
nat_watch(struct nat *n)
{
	struct question watch = { .found = false };
	if (!n->watching)
		n->watching = send(n->fd, &watch, sizeof(watch),
		    MSG_NOSIGNAL | MSG_DONTWAIT) != -1;
}

void
nat_begin(struct nat *n)
{
	n->count = n->sent = 0;
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
		n->unanswered = 0;
		for (size_t i = 0; i < (size_t)len / sizeof(*q); i++) {
			nat_table_put(n->answers, &q[i].outer, q[i].found ?
			    &q[i].inner : NULL, clock_boot_us());
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
	if (n->unanswered == 0 && n->count > 0)
		n->unanswered = deadline - budget;
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
	int64_t now = clock_boot_us();
	struct nat_entry e;
	uint32_t netns = k->netns;
	if (k->rport == 0)
		return NAT_NONE;
	bool known = nat_table_get(n->news, k, &e) &&
	    now - e.time <= REMEMBER;
	if (!known)
		known = nat_table_get(n->answers, k, &e) &&
		    now - e.time <= (e.found ? REMEMBER : AGAIN);
	if (!known) {
		if (n->count < QUEUE)
			n->queue[n->count++] = (struct question){
				.outer = *k };
		return n->unanswered != 0 && now - n->unanswered >
		    NAT_SILENCE ? NAT_NONE : NAT_ASKED;
	}
	if (!e.found)
		return NAT_NONE;
	*k = e.inner;
	k->netns = netns;
	return NAT_FOUND;
}
