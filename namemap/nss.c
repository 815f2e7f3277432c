/* SPDX-License-Identifier: MIT
 *
 * Worker processes rather than threads: a module that hangs or crashes
 * takes one worker with it, and can be killed.  What travels between us and
 * a worker is an address one way and a fixed-size reply the other.
 */
#include "namemap/nss.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/xalloc.h"
#include "namemap/hostname.h"

enum { TTL = 300 };		/* the switch does not tell */
enum { MISSING = -1 };

struct worker {
	pid_t pid;
	int fd;			/* MISSING: not running */
	bool busy;
	struct addr addr;	/* what it is busy with */
};

struct result {
	int32_t status;		/* of getnameinfo(3) */
	char name[HOSTNAME_TEXT];	/* as it came, NUL-terminated */
};

struct nss {
	struct reply_to to;
	size_t count;
	struct worker workers[NSS_WORKERS];
	struct addr *queue;	/* questions that wait for a worker */
	size_t first, waiting, size;
};

static void
look_up(const struct addr *a, struct result *r)
{
	struct sockaddr_in in = { .sin_family = AF_INET };
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	bool is_v6 = a->family == ADDR_IPV6;
	memcpy(&in.sin_addr, a->bytes, 4);
	memcpy(&in6.sin6_addr, a->bytes, 16);
	*r = (struct result){ 0 };
	r->status = getnameinfo(is_v6 ? (struct sockaddr *)&in6 :
	    (struct sockaddr *)&in, is_v6 ? sizeof(in6) : sizeof(in),
	    r->name, sizeof(r->name), NULL, 0, NI_NAMEREQD);
}

/* Reads and writes here are tiny: whole or not at all. */
static void
work(int fd)
{
	struct addr a;
	struct result r;
	while (read(fd, &a, sizeof(a)) == (ssize_t)sizeof(a)) {
		look_up(&a, &r);
		if (write(fd, &r, sizeof(r)) != (ssize_t)sizeof(r))
			break;
	}
}

/* The child keeps nothing of ours but standard error: an end of the
 * pipeline held open here would keep the other stages waiting. */
static _Noreturn void
be_worker(int fd)
{
	int null = open("/dev/null", O_RDWR);
	if (null == -1 || dup2(null, 0) == -1 || dup2(null, 1) == -1 ||
	    dup2(fd, 3) == -1)
		_exit(EXIT_FAILURE);
	io_close_from(4);
	signal(SIGINT, SIG_IGN);	/* our parent ends us */
	signal(SIGTERM, SIG_DFL);
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	work(3);
	_exit(EXIT_SUCCESS);
}

static bool
start(struct worker *w)
{
	int ends[2];
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == -1)
		return false;
	/* A module may start programs. */
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	w->pid = fork();
	if (w->pid == 0)
		be_worker(ends[1]);
	close(ends[1]);
	if (w->pid == -1) {
		close(ends[0]);
		return false;
	}
	w->fd = ends[0];
	return true;
}

static void
end(struct worker *w)
{
	if (w->fd == MISSING)
		return;
	close(w->fd);
	w->fd = MISSING;
	kill(w->pid, SIGKILL);
	while (waitpid(w->pid, NULL, 0) == -1 && errno == EINTR)
		;
}

struct nss *
nss_new(size_t in_flight, struct reply_to to)
{
	struct nss *n = xcalloc(1, sizeof(*n));
	n->to = to;
	n->count = in_flight < NSS_WORKERS ? in_flight : NSS_WORKERS;
	for (size_t i = 0; i < n->count; i++)
		n->workers[i].fd = MISSING;
	return n;
}

void
nss_free(struct nss *n)
{
	if (n == NULL)
		return;
	for (size_t i = 0; i < n->count; i++)
		end(&n->workers[i]);
	free(n->queue);
	free(n);
}

static void
reply(struct nss *n, struct worker *w, enum reply_kind kind,
    const char *name)
{
	struct reply r = { .kind = kind, .addr = w->addr, .name = name,
		.ttl = kind == REPLY_NAME ? TTL : 0 };
	w->busy = false;
	n->to.take(n->to.arg, &r);
}

static void
hand_out(struct nss *n)
{
	for (size_t i = 0; i < n->count && n->waiting > 0; i++) {
		struct worker *w = &n->workers[i];
		if (w->busy)
			continue;
		w->addr = n->queue[n->first++];
		w->busy = true;
		n->waiting--;
		if ((w->fd == MISSING && !start(w)) ||
		    send(w->fd, &w->addr, sizeof(w->addr), MSG_NOSIGNAL) !=
		    (ssize_t)sizeof(w->addr)) {
			end(w);
			reply(n, w, REPLY_SILENT, NULL);
		}
	}
}

void
nss_withdraw(struct nss *n)
{
	for (size_t i = 0; i < n->count; i++) {
		struct worker *w = &n->workers[i];
		if (!w->busy)
			continue;
		end(w);		/* what it finds is no longer wanted */
		reply(n, w, REPLY_WITHDRAWN, NULL);
	}
	while (n->waiting > 0) {
		struct worker gone = { .addr = n->queue[n->first++] };
		n->waiting--;
		reply(n, &gone, REPLY_WITHDRAWN, NULL);
	}
}

void
nss_ask(struct nss *n, const struct addr *a)
{
	if (n->first > 0 && n->first + n->waiting == n->size) {
		memmove(n->queue, n->queue + n->first,
		    n->waiting * sizeof(*n->queue));
		n->first = 0;
	}
	if (n->waiting == n->size) {
		n->size = n->size != 0 ? n->size * 2 : 64;
		n->queue = xreallocarray(n->queue, n->size,
		    sizeof(*n->queue));
	}
	n->queue[n->first + n->waiting++] = *a;
	hand_out(n);
}

size_t
nss_fds(const struct nss *n, struct pollfd *fds, size_t room)
{
	size_t count = 0;
	for (size_t i = 0; i < n->count && count < room; i++)
		if (n->workers[i].fd != MISSING)
			fds[count++] = (struct pollfd){
				.fd = n->workers[i].fd, .events = POLLIN };
	return count;
}

static void
take(struct nss *n, struct worker *w)
{
	struct result r;
	char name[HOSTNAME_TEXT];
	if (recv(w->fd, &r, sizeof(r), MSG_WAITALL) != (ssize_t)sizeof(r)) {
		end(w);		/* a module crashed, most likely */
		if (w->busy)
			reply(n, w, REPLY_SILENT, NULL);
		return;
	}
	r.name[sizeof(r.name) - 1] = '\0';
	if (r.status == EAI_NONAME)
		reply(n, w, REPLY_NONE, NULL);
	else if (r.status != 0)
		reply(n, w, REPLY_SILENT, NULL);
	else if (hostname_check(r.name, strlen(r.name), name))
		reply(n, w, REPLY_NAME, name);
	else
		reply(n, w, REPLY_BAD, NULL);
}

void
nss_handle(struct nss *n, const struct pollfd *fds, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < n->count && fds[i].revents != 0; k++)
			if (n->workers[k].fd == fds[i].fd) {
				take(n, &n->workers[k]);
				break;
			}
	hand_out(n);
}
