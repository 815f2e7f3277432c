/* SPDX-License-Identifier: MIT
 *
 * How long a snapshot stays in a filter, and things that could hold it up:
 *
 *   procmap-delay crowd PROCESSES
 *   procmap-delay hold SOCKETS FILES
 *   procmap-delay run LINES RATE FLOWS PORTS|- COMMAND...
 *
 * `crowd` starts processes, `hold` binds UDP sockets on 127.0.0.1, opens so
 * many files besides and prints the ports; both keep all of it until their
 * input ends.  `run` feeds COMMAND RATE snapshots a second, and `cat` the same
 * ones, half a period later; it prints for both how long the lines took, in
 * microseconds, from before they are written to the newline read.  A quarter
 * of the flows are of the ports in the file PORTS; the rest are of sockets
 * that there never were, other ones each time, on this machine and elsewhere.
 * The first line is not counted.  `own` is without the time that the filter,
 * or we, waited for a processor: it tells even on a machine that is busy with
 * others.
 */
#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PORTS = 65536, LINES = 100000, LATE = 10000 };

static int64_t
now_us(clockid_t clock)
{
	struct timespec t;
	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int
crowd(int processes)
{
	char byte;
	for (int i = 0; i < processes; i++) {
		pid_t pid = fork();
		if (pid == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
			pause();
			_exit(0);
		}
		if (pid == -1)
			err(EXIT_FAILURE, "process %d", i);
	}
	printf("%d\n", processes);
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	return 0;
}

static int
hold(int sockets, int files)
{
	struct rlimit many;
	char byte;
	getrlimit(RLIMIT_NOFILE, &many);
	many.rlim_cur = many.rlim_max;
	setrlimit(RLIMIT_NOFILE, &many);
	for (int i = 0; i < files; i++)
		if (open("/dev/null", O_RDONLY) == -1)
			err(EXIT_FAILURE, "file %d", i);
	for (int i = 0; i < sockets; i++) {
		struct sockaddr_in a = { .sin_family = AF_INET,
			.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
		socklen_t len = sizeof(a);
		int fd = socket(AF_INET, SOCK_DGRAM, 0);
		if (bind(fd, (struct sockaddr *)&a, len) == -1 ||
		    getsockname(fd, (struct sockaddr *)&a, &len) == -1)
			err(EXIT_FAILURE, "socket %d", i);
		printf("%d\n", ntohs(a.sin_port));
	}
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	return 0;
}

/* A filter, its two ends, and when the line came in that is in it now. */
struct filter {
	const char *name;
	pid_t pid;
	int in, out;
	int64_t due, arrived;	/* arrived 0: no line is in it */
	size_t written, count;
	int64_t *took, *own;	/* own: less what it waited for a processor */
	int64_t waited;
	bool started;
};

/* How long a process and we have waited for a processor, in all. */
static int64_t
waited_us(pid_t pid)
{
	int64_t sum = 0;
	for (int i = 0; i < 2; i++) {
		char path[64];
		long long ran, waited;
		snprintf(path, sizeof(path), "/proc/%d/task/%d/schedstat",
		    i == 0 ? pid : getpid(), i == 0 ? pid : getpid());
		FILE *from = fopen(path, "r");
		if (from == NULL)
			continue;
		if (fscanf(from, "%lld %lld", &ran, &waited) == 2)
			sum += waited / 1000;
		fclose(from);
	}
	return sum;
}

static void
start(struct filter *f, char **command, size_t lines)
{
	int in[2], out[2];
	if (pipe2(in, O_CLOEXEC) == -1 || pipe2(out, O_CLOEXEC) == -1)
		err(EXIT_FAILURE, "pipe");
	f->name = command[0];
	f->took = calloc(lines, sizeof(*f->took));
	f->own = calloc(lines, sizeof(*f->own));
	f->pid = fork();
	if (f->pid == 0) {
		dup2(in[0], STDIN_FILENO);
		dup2(out[1], STDOUT_FILENO);
		execvp(command[0], command);
		err(127, "%s", command[0]);
	}
	close(in[0]);
	close(out[1]);
	f->in = in[1];
	f->out = out[0];
	/* A whole line fits, so that only the filter's reading counts. */
	fcntl(f->in, F_SETPIPE_SZ, 1 << 20);
	fcntl(f->out, F_SETPIPE_SZ, 1 << 20);
	fcntl(f->out, F_SETFL, O_NONBLOCK);
}

static char *
make_line(int flows, const int *ports, int port_count, int number)
{
	static char *text;
	char host[256] = "";
	size_t size;
	if (text != NULL)
		free(text);
	FILE *to = open_memstream(&text, &size);
	long long ts = now_us(CLOCK_REALTIME) / 1000;
	gethostname(host, sizeof(host) - 1);
	fprintf(to, "{\"schema\":1,\"type\":\"snapshot\",\"host\":\"%s\","
	    "\"seq\":%d,\"ts\":%lld,\"interval\":0.1,\"source\":{\"kind\":"
	    "\"live\"},\"flows\":[", host, number, ts);
	for (int i = 0; i < flows; i++) {
		int other = 1024 + (number * flows + i) % 60000;
		int port = i % 4 == 0 && port_count > 0 ?
		    ports[(number * flows + i) / 4 % port_count] : other;
		fprintf(to, "%s{\"id\":%d,\"src\":\"%s\",\"dst\":"
		    "\"%s\",\"src_port\":%d,\"dst_port\":%d,\"proto\":%d,"
		    "\"delta_sent\":1,\"first_seen\":%lld,"
		    "\"last_seen\":%lld}", i == 0 ? "" : ",", i + 1,
		    i % 4 == 3 ? "203.0.113.9" : "127.0.0.1",
		    i % 4 == 2 ? "127.0.0.1" : "203.0.113.10", port, i % 4 == 2
		    ? other : 53, i % 4 == 2 ? 6 : 17, ts, ts);
	}
	fprintf(to, "]}\n");
	fclose(to);
	return text;
}

static void
feed(struct filter *f, const char *line)
{
	size_t len = strlen(line), at = 0;
	f->waited = waited_us(f->pid);
	f->arrived = now_us(CLOCK_MONOTONIC);
	while (at < len) {
		ssize_t n = write(f->in, line + at, len - at);
		if (n == -1)
			err(EXIT_FAILURE, "%s", f->name);
		at += (size_t)n;
	}
}

static void
drain(struct filter *f)
{
	static char bytes[1 << 20];
	ssize_t n;
	while ((n = read(f->out, bytes, sizeof(bytes))) > 0) {
		if (bytes[n - 1] != '\n' || f->arrived == 0)
			continue;
		int64_t took = now_us(CLOCK_MONOTONIC) - f->arrived;
		int64_t own = took - (waited_us(f->pid) - f->waited);
		f->arrived = 0;
		if (!f->started) {	/* that one waited for the start */
			f->started = true;
			continue;
		}
		f->took[f->count] = took;
		f->own[f->count++] = own > 0 ? own : 0;
	}
	if (n == 0)
		errx(EXIT_FAILURE, "%s ended", f->name);
}

static int
by_size(const void *left, const void *right)
{
	const int64_t *a = left, *b = right;
	return *a < *b ? -1 : *a > *b;
}

static void
report(struct filter *f)
{
	size_t late = 0, n = f->count;
	qsort(f->took, n, sizeof(*f->took), by_size);
	qsort(f->own, n, sizeof(*f->own), by_size);
	for (size_t i = 0; i < n; i++)
		late += f->took[i] > LATE;
	printf("%s lines %zu median %lld p99 %lld worst %lld late %zu "
	    "own-p99 %lld own-worst %lld\n",
	    strrchr(f->name, '/') != NULL ? strrchr(f->name, '/') + 1 :
	    f->name, n, (long long)f->took[n / 2],
	    (long long)f->took[n * 99 / 100], (long long)f->took[n - 1],
	    late, (long long)f->own[n * 99 / 100], (long long)f->own[n - 1]);
}

static int
read_ports(const char *path, int *ports)
{
	FILE *from = strcmp(path, "-") == 0 ? NULL : fopen(path, "r");
	int count = 0;
	while (from != NULL && count < PORTS &&
	    fscanf(from, "%d", &ports[count]) == 1)
		count++;
	return count;
}

static int
run(size_t lines, double rate, int flows, const char *port_file,
    char **command)
{
	static int ports[PORTS];
	static char *cat[] = { "cat", NULL };
	int port_count = read_ports(port_file, ports);
	struct filter filters[2] = { 0 };
	int64_t period = (int64_t)(1e6 / rate);
	signal(SIGPIPE, SIG_IGN);
	if (lines == 0 || lines > LINES)
		errx(2, "%zu: too many lines, or none", lines);
	start(&filters[0], command, lines);
	start(&filters[1], cat, lines);
	filters[0].due = now_us(CLOCK_MONOTONIC) + 500000;
	filters[1].due = filters[0].due + period / 2;
	while (filters[0].count < lines || filters[1].count < lines) {
		struct pollfd ready[2];
		int64_t now = now_us(CLOCK_MONOTONIC), next = now + period;
		for (int i = 0; i < 2; i++) {
			struct filter *f = &filters[i];
			ready[i] = (struct pollfd){ f->out, POLLIN, 0 };
			if (f->count >= lines || f->arrived != 0)
				continue;
			if (f->due <= now) {
				feed(f, make_line(flows, ports, port_count,
				    (int)f->count));
				f->due += period;
				if (f->due < now)
					f->due = now + period;
				next = now;
			} else if (f->due < next)
				next = f->due;
		}
		struct timespec wait = { .tv_nsec = next > now ?
			(next - now) * 1000 % 1000000000 : 0 };
		if (ppoll(ready, 2, &wait, NULL) == -1)
			err(EXIT_FAILURE, "poll");
		for (int i = 0; i < 2; i++)
			if (ready[i].revents != 0)
				drain(&filters[i]);
	}
	for (int i = 0; i < 2; i++) {
		close(filters[i].in);
		waitpid(filters[i].pid, NULL, 0);
		report(&filters[i]);
	}
	return 0;
}

int
main(int argc, char **argv)
{
	if (argc == 3 && strcmp(argv[1], "crowd") == 0)
		return crowd(atoi(argv[2]));
	if (argc == 4 && strcmp(argv[1], "hold") == 0)
		return hold(atoi(argv[2]), atoi(argv[3]));
	if (argc >= 7 && strcmp(argv[1], "run") == 0)
		return run(strtoul(argv[2], NULL, 10), strtod(argv[3], NULL),
		    atoi(argv[4]), argv[5], argv + 6);
	errx(2, "usage: procmap-delay crowd|hold|run ...");
}
