/* SPDX-License-Identifier: MIT
 *
 * Flows whose owner is known for sure, to measure procmap with:
 *
 *   procmap-load serve PORT
 *   procmap-load hold COUNT
 *   procmap-load flows tcp|udp|connected ADDRESS PORT COUNT RATE [fork|loop]
 *       [each|end] | procmap | procmap-load score
 *
 * `serve` echoes TCP and UDP on all addresses.  `hold` keeps so many UDP
 * sockets open, 900 in each of its processes, until its input ends.  `flows` opens COUNT flows at
 * RATE per second, each from a process of its own (fork) or from two
 * processes (loop), and prints snapshots of the finished ones, every second
 * or at the end; each flow says who it was: "truth_pid".  `score` counts
 * what procmap made of it: right, wrong, missing; and lists
 * the wrong ones, the first hundred of them.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { SIZE = 64, LISTENERS = 2, WORKERS = 2 };
enum kind { TCP, UDP, CONNECTED };

struct flow {
	struct sockaddr_storage local;
	int64_t first, last;		/* us since 1970 */
	int32_t pid;
	atomic_int state;		/* 1: done, -1: failed, 2: printed */
};

struct plan {
	enum kind kind;
	struct sockaddr_storage to;
	socklen_t to_len;
	size_t count;
	double rate;
	bool forks, at_end;
};

static int64_t
now_us(clockid_t clock)
{
	struct timespec t;
	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/*
 * The echo server.
 */

static int
listen_on(int port, int type)
{
	struct sockaddr_in6 any = { .sin6_family = AF_INET6,
		.sin6_port = htons((uint16_t)port) };
	int yes = 1, no = 0, large = 4 << 20;
	int fd = socket(AF_INET6, type | SOCK_NONBLOCK, 0);
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &large, sizeof(large));
	setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &no, sizeof(no));
	if (bind(fd, (struct sockaddr *)&any, sizeof(any)) == -1)
		err(EXIT_FAILURE, "port %d", port);
	if (type == SOCK_STREAM && listen(fd, 4096) == -1)
		err(EXIT_FAILURE, "listen");
	return fd;
}

static void
echo_datagrams(int fd)
{
	struct sockaddr_storage from;
	char bytes[2048];
	for (;;) {
		socklen_t len = sizeof(from);
		ssize_t n = recvfrom(fd, bytes, sizeof(bytes), 0,
		    (struct sockaddr *)&from, &len);
		if (n == -1)
			return;
		sendto(fd, bytes, (size_t)n, 0, (struct sockaddr *)&from,
		    len);
	}
}

static void
serve(int port)
{
	int fds[LISTENERS] = { listen_on(port, SOCK_STREAM),
		listen_on(port, SOCK_DGRAM) };
	int poller = epoll_create1(0);
	struct epoll_event event = { .events = EPOLLIN }, ready[64];
	for (int i = 0; i < LISTENERS; i++) {
		event.data.fd = fds[i];
		epoll_ctl(poller, EPOLL_CTL_ADD, fds[i], &event);
	}
	printf("%d\n", (int)getpid());
	fflush(stdout);
	for (;;) {
		int count = epoll_wait(poller, ready, 64, -1);
		for (int i = 0; i < count; i++) {
			int fd = ready[i].data.fd;
			char bytes[2048];
			if (fd == fds[1]) {
				echo_datagrams(fd);
			} else if (fd == fds[0]) {
				int child;
				while ((child = accept4(fd, NULL, NULL,
				    SOCK_NONBLOCK)) != -1) {
					event.data.fd = child;
					epoll_ctl(poller, EPOLL_CTL_ADD,
					    child, &event);
				}
			} else {
				ssize_t n = read(fd, bytes, sizeof(bytes));
				if (n <= 0 || write(fd, bytes, (size_t)n) ==
				    -1)
					close(fd);
			}
		}
	}
}

static void
hold(int count)
{
	struct sockaddr_in any = { .sin_family = AF_INET };
	char byte;
	while (count > 0 && fork() != 0)
		count -= 900;
	for (int i = 0; i < (count < 900 ? count : 900); i++)
		if (bind(socket(AF_INET, SOCK_DGRAM, 0),
		    (struct sockaddr *)&any, sizeof(any)) == -1)
			err(EXIT_FAILURE, "socket %d", i);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
}

/*
 * Flows.
 */

static bool
exchange(const struct plan *p, int fd)
{
	char bytes[SIZE] = { 0 };
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	ssize_t n = p->kind == UDP ? sendto(fd, bytes, SIZE, 0,
	    (const struct sockaddr *)&p->to, p->to_len) :
	    send(fd, bytes, SIZE, MSG_NOSIGNAL);
	return n == SIZE && poll(&ready, 1, 2000) == 1 &&
	    recv(fd, bytes, SIZE, 0) == SIZE;
}

/* When did the first packet leave?  A connection's does while connect() runs.
 * UDP has its port first: the process may have to wait for a processor, and is
 * not its port's user yet. */
static bool
begin(const struct plan *p, int fd, struct flow *f)
{
	struct sockaddr_storage any = { .ss_family = p->to.ss_family };
	struct pollfd ready = { .fd = fd, .events = POLLOUT };
	int failed = 0;
	socklen_t len = sizeof(failed);
	if (fd == -1)
		return false;
	if (p->kind == TCP)
		fcntl(fd, F_SETFL, O_NONBLOCK);
	int result = p->kind == UDP ?
	    bind(fd, (const struct sockaddr *)&any, p->to_len) :
	    connect(fd, (const struct sockaddr *)&p->to, p->to_len);
	bool begun = result == 0 || (p->kind == TCP && errno == EINPROGRESS);
	f->first = now_us(CLOCK_REALTIME);
	if (!begun || p->kind != TCP)
		return begun;
	return poll(&ready, 1, 2000) == 1 && getsockopt(fd, SOL_SOCKET,
	    SO_ERROR, &failed, &len) == 0 && failed == 0;
}

static void
run_flow(const struct plan *p, struct flow *f)
{
	struct linger at_once = { 1, 0 };
	socklen_t len = sizeof(f->local);
	int fd = socket(p->to.ss_family,
	    p->kind == TCP ? SOCK_STREAM : SOCK_DGRAM, 0);
	f->pid = getpid();
	bool good = begin(p, fd, f) && exchange(p, fd);
	getsockname(fd, (struct sockaddr *)&f->local, &len);
	f->last = now_us(CLOCK_REALTIME);
	if (p->kind == TCP)	/* no TIME_WAIT: ports are used again */
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once,
		    sizeof(at_once));
	close(fd);
	atomic_store(&f->state, good ? 1 : -1);
}

static void
address_text(const struct sockaddr_storage *a, char *text, size_t size,
    int *port)
{
	getnameinfo((const struct sockaddr *)a, sizeof(struct sockaddr_in6),
	    text, (socklen_t)size, NULL, 0, NI_NUMERICHOST);
	*port = ntohs(((const struct sockaddr_in6 *)a)->sin6_port);
	if (strncmp(text, "::ffff:", 7) == 0)	/* what the wire shows */
		memmove(text, text + 7, strlen(text + 7) + 1);
}

/* The local address of an unconnected socket is told by the environment. */
static void
print_flow(const struct plan *p, const struct flow *f, size_t id)
{
	char src[64], dst[64];
	int sport, dport;
	const char *mine = getenv("SOURCE");
	address_text(&p->to, dst, sizeof(dst), &dport);
	address_text(&f->local, src, sizeof(src), &sport);
	if (p->kind == UDP && mine != NULL)
		snprintf(src, sizeof(src), "%s", mine);
	printf("{\"id\":%zu,\"src\":\"%s\",\"dst\":\"%s\",\"src_port\":%d,"
	    "\"dst_port\":%d,\"proto\":%d,\"delta_sent\":%d,"
	    "\"first_seen\":%lld,\"last_seen\":%lld,\"truth_us\":[%lld,%lld],"
	    "\"truth_pid\":%d}", id, src, dst, sport, dport,
	    p->kind == TCP ? 6 : 17, SIZE, (long long)f->first / 1000,
	    (long long)f->last / 1000, (long long)f->first,
	    (long long)f->last, f->pid);
}

static void
print_snapshot(const struct plan *p, struct flow *flows)
{
	static int seq;
	char host[256] = "";
	const char *comma = "";
	gethostname(host, sizeof(host) - 1);
	printf("{\"schema\":1,\"type\":\"snapshot\",\"host\":\"%s\","
	    "\"seq\":%d,\"ts\":%lld,\"interval\":1.0,\"source\":{\"kind\":"
	    "\"live\"},\"events\":[],\"flows\":[", host, ++seq,
	    (long long)now_us(CLOCK_REALTIME) / 1000);
	for (size_t i = 0; i < p->count; i++) {
		if (atomic_load(&flows[i].state) != 1)
			continue;
		printf("%s", comma);
		print_flow(p, &flows[i], i + 1);
		comma = ",";
		atomic_store(&flows[i].state, 2);
	}
	printf("]}\n");
	fflush(stdout);
}

/* Every `step`-th flow, paced. */
static void
work(const struct plan *p, struct flow *flows, size_t start, size_t step)
{
	int64_t begin = now_us(CLOCK_MONOTONIC);
	for (size_t i = start; i < p->count; i += step) {
		int64_t due = begin + (int64_t)((double)i * 1e6 / p->rate);
		int64_t wait = due - now_us(CLOCK_MONOTONIC);
		if (wait > 0)
			usleep((useconds_t)wait);
		if (!p->forks) {
			run_flow(p, &flows[i]);
			continue;
		}
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
		pid_t pid = fork();
		if (pid == 0) {
			run_flow(p, &flows[i]);
			_exit(0);
		}
		if (pid == -1)
			atomic_store(&flows[i].state, -1);
	}
	while (wait(NULL) > 0)
		;
}

static void
run(const struct plan *p)
{
	size_t bytes = p->count * sizeof(struct flow);
	struct flow *flows = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int workers = p->forks ? 1 : WORKERS, left = workers;
	int64_t begin = now_us(CLOCK_MONOTONIC), next = begin + 1000000;
	if (flows == MAP_FAILED)
		err(EXIT_FAILURE, "mmap");
	for (int i = 0; i < workers; i++) {
		if (fork() == 0) {
			work(p, flows, (size_t)i, (size_t)workers);
			_exit(0);
		}
	}
	while (left > 0) {
		while (waitpid(-1, NULL, WNOHANG) > 0)
			left--;
		usleep(10000);
		if (!p->at_end && now_us(CLOCK_MONOTONIC) >= next) {
			print_snapshot(p, flows);
			next += 1000000;
		}
	}
	double took = (double)(now_us(CLOCK_MONOTONIC) - begin) / 1e6;
	print_snapshot(p, flows);
	size_t failed = 0;
	for (size_t i = 0; i < p->count; i++)
		failed += atomic_load(&flows[i].state) != 2;
	fprintf(stderr, "%zu flows in %.2f s, %.0f/s, %zu failed\n", p->count,
	    took, (double)p->count / took, failed);
}

static void
make_plan(int argc, char **argv, struct plan *p)
{
	static const char *const kinds[] = { "tcp", "udp", "connected" };
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST }, *found;
	*p = (struct plan){ .count = strtoul(argv[5], NULL, 10),
		.rate = strtod(argv[6], NULL),
		.forks = argc <= 7 || strcmp(argv[7], "fork") == 0,
		.at_end = argc > 8 && strcmp(argv[8], "end") == 0 };
	for (int i = 0; i < 3; i++)
		if (strcmp(argv[2], kinds[i]) == 0)
			p->kind = (enum kind)i;
	if (getaddrinfo(argv[3], argv[4], &hints, &found) != 0)
		errx(EXIT_FAILURE, "%s: not an address", argv[3]);
	memcpy(&p->to, found->ai_addr, found->ai_addrlen);
	p->to_len = found->ai_addrlen;
	freeaddrinfo(found);
}

/*
 * The score.
 */

static long
number_after(const char *at, const char *key)
{
	const char *found = strstr(at, key);
	return found != NULL ? strtol(found + strlen(key), NULL, 10) : -1;
}

/* The flow whose members end where `at` is in the line. */
static const char *
begin_of(const char *line, const char *at)
{
	while (at > line && strncmp(at, "{\"id\":", 6) != 0)
		at--;
	return at;
}

static void
score(long peer)
{
	enum { LISTED = 100 };
	char *listed[LISTED];
	size_t right = 0, wrong = 0, missing = 0, peers = 0, size = 0;
	char *line = NULL;
	while (getline(&line, &size, stdin) > 0) {
		char *at = line;
		while ((at = strstr(at, "\"truth_pid\":")) != NULL) {
			char *end = strchr(at, '}');
			if (end == NULL)
				break;
			*end = '\0';
			long truth = number_after(at, "\"truth_pid\":");
			long pid = number_after(at, ",\"pid\":");
			right += pid == truth;
			missing += pid <= 0;
			if (pid > 0 && pid != truth && wrong++ < LISTED)
				listed[wrong - 1] = strdup(begin_of(line, at));
			peers += number_after(at, "\"peer_pid\":") == peer;
			at = end + 1;
		}
	}
	printf("right %zu wrong %zu missing %zu peer %zu\n", right, wrong,
	    missing, peers);
	for (size_t i = 0; i < wrong && i < LISTED; i++) {
		printf("    wrong: %s}\n", listed[i]);
		free(listed[i]);
	}
}

int
main(int argc, char **argv)
{
	struct plan plan;
	if (argc == 3 && strcmp(argv[1], "serve") == 0)
		serve(atoi(argv[2]));
	else if (argc == 3 && strcmp(argv[1], "hold") == 0)
		hold(atoi(argv[2]));
	else if (argc >= 7 && strcmp(argv[1], "flows") == 0) {
		make_plan(argc, argv, &plan);
		run(&plan);
	} else if (argc >= 2 && strcmp(argv[1], "score") == 0)
		score(argc > 2 ? atol(argv[2]) : -2);
	else
		errx(2, "usage: procmap-load serve|hold|flows|score ...");
	return 0;
}
