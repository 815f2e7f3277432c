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

#include "lib/io.h"
#include "lib/protocol.h"
#include "lib/xalloc.h"
#include "procmap/clock.h"
#include "procmap/conntrack.h"
#include "procmap/nat_table.h"
#include "procmap/privilege.h"

/* us: found, and not found the first time; a packet may be captured before it
 * is translated.  Each time after that it is not asked for LONGER times as
 * long, since of thousands of flows only some can be asked for each line. */
enum { REMEMBER = 60000000, AGAIN = 1000000, LONGER = 8 };

struct question {
	struct sock_key outer, inner;
	bool found;		/* in the answer */
};

/* Questions go and come many at a time: waking the child costs more than
 * an answer. */
enum { TOGETHER = 32, QUEUE = 512 };
enum { CHECKED = 64 };		/* of those that may well need no answer */
enum { NICE = -10 };

struct nat {
	int fd;
	int watch;		/* tells of translations once it is allowed to */
	pid_t child;
	bool watching;
	int64_t told_since;	/* of all that began we were told */
	bool behind;		/* not all that was told is taken */
	uint64_t lost;
	size_t count, sent;	/* questions of this snapshot */
	int64_t unanswered;	/* since when there are questions; 0: none */
	struct question queue[QUEUE];
	struct nat_table *answers;	/* to what was asked */
	struct nat_table *news;		/* what we were told */
};

/* A question without a protocol asks to let it watch; its answer says so. */
static size_t
answer(struct question *q, size_t count, int tracking, int watch)
{
	size_t kept = 0;
	for (size_t i = 0; i < count; i++) {
		if (q[i].outer.proto == 0 && !conntrack_join(watch))
			continue;
		q[kept] = (struct question){ .outer = q[i].outer,
			.inner = q[i].outer };
		q[kept].found = q[kept].outer.proto != 0 &&
		    conntrack_ask(tracking, &q[kept].inner);
		kept++;
	}
	return kept;
}

static void
serve(int fd, int tracking, int watch)
{
	struct question q[TOGETHER];
	ssize_t n;
	while ((n = recv(fd, q, sizeof(q), 0)) != 0) {
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			break;
		size_t count = answer(q, (size_t)n / sizeof(*q), tracking,
		    watch);
		if (count > 0 && send(fd, q, count * sizeof(*q),
		    MSG_NOSIGNAL) == -1)
			break;
	}
	_exit(EXIT_SUCCESS);
}

/* The child keeps these, from FIRST on, and nothing else. */
enum { FIRST = 3, KEPT = 3 };

static void
keep(const int fds[KEPT])
{
	int high[KEPT];
	for (int i = 0; i < KEPT; i++)
		high[i] = fcntl(fds[i], F_DUPFD, FIRST + KEPT);
	for (int i = 0; i < KEPT; i++)
		dup2(high[i], FIRST + i);
	io_close_from(FIRST + KEPT);
}

static void
become_child(const int fds[KEPT])
{
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	/* A line waits for answers, though not for long: on a busy machine
	 * they would come too late for it.  It is 10 us of work each. */
	(void)setpriority(PRIO_PROCESS, 0, NICE);
	signal(SIGINT, SIG_IGN);	/* the parent tells us by its end */
	/* The stream is not ours: the chain must end without us. */
	close(STDIN_FILENO);
	close(STDOUT_FILENO);
	keep(fds);
	if (!privilege_drop_to_net_admin())
		_exit(EXIT_FAILURE);
	/* Dropping privilege clears it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	serve(FIRST, FIRST + 1, FIRST + 2);
}

/* The child, and our end of what we talk through; -1 when there is none. */
static pid_t
start_child(int tracking, int watch, int *fd)
{
	int ends[2];
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) == -1)
		return -1;
	pid_t pid = fork();
	if (pid == 0)
		become_child((int[KEPT]){ ends[1], tracking, watch });
	close(ends[1]);
	if (pid == -1)
		close(ends[0]);
	*fd = ends[0];
	return pid;
}

struct nat *
nat_start(void)
{
	int fd;
	if (!privilege_is_net_admin())
		return NULL;
	int tracking = conntrack_open(), watch = conntrack_watch();
	pid_t pid = tracking != -1 && watch != -1 ?
	    start_child(tracking, watch, &fd) : -1;
	if (tracking != -1)
		close(tracking);
	if (pid == -1) {
		if (watch != -1)
			close(watch);
		return NULL;
	}
	struct nat *n = xcalloc(1, sizeof(*n));
	n->fd = fd;
	n->watch = watch;
	n->child = pid;
	n->answers = nat_table_new(NAT_ANSWERS);
	n->news = nat_table_new(NAT_NEWS);
	n->told_since = TIME_NEVER;
	return n;
}

void
nat_stop(struct nat *n)
{
	close(n->fd);		/* the child's sign to end */
	close(n->watch);
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
	if (n->watching)
		return;
	n->watching = send(n->fd, &watch, sizeof(watch),
	    MSG_NOSIGNAL | MSG_DONTWAIT) != -1;
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
			if (q[i].outer.proto == 0) {
				n->told_since = clock_boot_us();
				continue;
			}
			nat_table_put(n->answers, &q[i].outer, q[i].found ?
			    &q[i].inner : NULL, clock_boot_us());
			taken++;
		}
	}
	return taken;
}

bool
nat_take(struct nat *n, int64_t budget)
{
	struct conntrack_pair pairs[CONNTRACK_NEWS];
	int64_t begin = clock_boot_us(), now = begin;
	bool more = n->watching;
	if (n->watching && n->told_since == TIME_NEVER)
		take_answers(n);
	while (more && now - begin < budget) {
		enum conntrack_rest rest;
		size_t count = conntrack_news(n->watch, pairs, &rest);
		more = rest != CONNTRACK_NO_MORE;
		if (rest == CONNTRACK_LOST) {	/* they are asked for */
			n->lost++;
			n->told_since = now;
		}
		for (size_t i = 0; i < count; i++)
			nat_table_put(n->news, &pairs[i].outer,
			    &pairs[i].inner, now);
		if (more)
			now = clock_boot_us();
	}
	n->behind = more;
	return more;
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

uint64_t
nat_lost(const struct nat *n)
{
	return n->lost;
}

size_t
nat_waiting(const struct nat *n)
{
	return n->count;
}

/* What is known of it, not too old; null: nothing. */
static const struct nat_entry *
known(const struct nat *n, const struct sock_key *k, int64_t now)
{
	const struct nat_entry *e = nat_table_get(n->news, k);
	if (e != NULL && now - e->time <= REMEMBER)
		return e;
	e = nat_table_get(n->answers, k);
	int64_t lasts = AGAIN;
	for (int i = 0; e != NULL && i < e->misses; i++)
		lasts *= LONGER;
	return e != NULL && now - e->time <= (e->found ? REMEMBER : lasts) ?
	    e : NULL;
}

enum nat_answer
nat_ask(struct nat *n, struct sock_key *k)
{
	int64_t now = clock_boot_us();
	uint32_t netns = k->netns;
	if (k->rport == 0 && protocol_has_ports(k->proto))
		return NAT_NONE;
	const struct nat_entry *e = known(n, k, now);
	if (e == NULL) {
		if (n->count < QUEUE)
			n->queue[n->count++] = (struct question){
				.outer = *k };
		return n->unanswered != 0 && now - n->unanswered >
		    NAT_SILENCE ? NAT_NONE : NAT_ASKED;
	}
	if (!e->found)
		return NAT_NONE;
	*k = e->inner;
	k->netns = netns;
	return NAT_FOUND;
}

/* What began since we are told is known to be translated or not, unless it was
 * captured only later; so it is asked for, too, but need not wait for that. */
enum nat_answer
nat_check(struct nat *n, struct sock_key *k, int64_t first)
{
	int64_t now = clock_boot_us();
	if (!n->watching)
		return NAT_NONE;
	const struct nat_entry *e = nat_table_get(n->answers, k);
	bool asked = e != NULL && now - e->time <= REMEMBER;
	if (known(n, k, now) == NULL && asked)
		return NAT_NONE;
	if (known(n, k, now) == NULL && n->count >= CHECKED)
		return n->behind ? NAT_ASKED : NAT_NONE;
	enum nat_answer answer = nat_ask(n, k);
	bool told = !n->behind && first > n->told_since &&
	    now - first < REMEMBER;
	return answer == NAT_ASKED && told ? NAT_NONE : answer;
}
