/* SPDX-License-Identifier: MIT
 *
 * Programs on a pseudo terminal: how long they take, how much they send.
 */
#include "screen.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <pty.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PROGRAMS = 16, QUIET_MS = 60, KEYS_MAX = 64, FIRST_MS = 4000 };

/* What comes from a terminal until it is quiet: when the last of it came, or
 * 0 when nothing did within `patience` ms. */
static double
read_screen(int fd, double patience, unsigned long long *bytes)
{
	double last = 0, start = milliseconds(CLOCK_MONOTONIC);
	for (;;) {
		char text[65536];
		struct pollfd p = { .fd = fd, .events = POLLIN };
		double now = milliseconds(CLOCK_MONOTONIC);
		double left = last == 0 ? start + patience - now :
		    last + QUIET_MS - now;
		if (left <= 0 || poll(&p, 1, (int)left + 1) <= 0)
			return last;
		ssize_t n = read(fd, text, sizeof(text));
		if (n <= 0)
			return last;
		if (bytes != NULL)
			*bytes += (unsigned long long)n;
		last = milliseconds(CLOCK_MONOTONIC);
	}
}

/* Snapshots, one a second, to a program that reads them. */
struct feeder {
	pthread_t thread;
	int fd;
	unsigned flows;
	volatile double first;	/* when the first one was written */
	volatile bool stop;
};

static bool
write_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);
		if (n <= 0)
			return false;
		data += n;
		len -= (size_t)n;
	}
	return true;
}

static void *
feed(void *argument)
{
	struct feeder *f = argument;
	struct buf line = { .data = NULL };
	screen_snapshot(&line, f->flows, 1);
	buf_add_char(&line, '\n');
	while (!f->stop) {
		double begun = milliseconds(CLOCK_MONOTONIC);
		if (!write_all(f->fd, line.data, line.len - 1))
			break;
		/* Only now is it complete. */
		if (f->first == 0)
			f->first = milliseconds(CLOCK_MONOTONIC);
		if (!write_all(f->fd, "\n", 1))
			break;
		while (!f->stop && milliseconds(CLOCK_MONOTONIC) <
		    begun + 1000)
			usleep(5000);
	}
	buf_done(&line);
	return NULL;
}

/* Started with its input a pipe and its terminal a pseudo terminal. */
static pid_t
start(const char *tuiview, int *fd, int *input)
{
	struct winsize size = { .ws_col = 200, .ws_row = 60 };
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) == -1)
		err(EXIT_FAILURE, "pipe");
	fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
	pid_t pid = forkpty(fd, NULL, NULL, &size);
	if (pid == -1)
		err(EXIT_FAILURE, "pty");
	if (pid == 0) {
		dup2(ends[0], STDIN_FILENO);
		setenv("TERM", "xterm-256color", 1);
		/* Without the clock, only keys change this screen. */
		execl(tuiview, tuiview, "--set", "show_header=false",
		    (char *)NULL);
		err(127, "%s", tuiview);
	}
	close(ends[0]);
	*input = ends[1];
	return pid;
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static void
report(double *times, size_t count)
{
	double sum = 0;
	qsort(times, count, sizeof(times[0]), compare);
	for (size_t i = 0; i < count; i++)
		sum += times[i];
	screen_figure("key_to_screen_mean", sum / (double)count, "ms");
	screen_figure("key_to_screen_median", times[count / 2], "ms");
	screen_figure("key_to_screen_p95", times[count * 95 / 100], "ms");
	screen_figure("key_to_screen_worst", times[count - 1], "ms");
}

void
screen_latency(const char *tuiview, unsigned flows)
{
	static const char keys[] = "tttt1<r2rpp3<<2tjt\t\t<1\t\t\t"
	    "tttt1<r2rpp3<<2tjt\t\t<1\t\t\t";
	struct feeder f = { .flows = flows };
	double times[KEYS_MAX];
	size_t count = 0;
	int fd;
	pid_t pid = start(tuiview, &fd, &f.fd);
	signal(SIGPIPE, SIG_IGN);
	if (pthread_create(&f.thread, NULL, feed, &f) != 0)
		err(EXIT_FAILURE, "thread");
	double shown = 0;
	/* Before that it may say that it waits. */
	for (int tries = 0; tries < 100 && (f.first == 0 || shown < f.first);
	    tries++)
		shown = read_screen(fd, 20000, NULL);
	screen_figure("first_picture", shown - f.first, "ms");
	/* At every place between two snapshots. */
	for (size_t i = 0; i < sizeof(keys) - 1; i++) {
		usleep(150000 + (unsigned)(i * 37 % 100) * 1000);
		read_screen(fd, 1, NULL);
		double pressed = milliseconds(CLOCK_MONOTONIC);
		if (write(fd, keys + i, 1) != 1)
			err(EXIT_FAILURE, "key");
		shown = read_screen(fd, 1000, NULL);
		if (shown != 0)
			times[count++] = shown - pressed;
	}
	if (count * 2 < sizeof(keys))
		errx(EXIT_FAILURE, "most keys changed nothing");
	report(times, count);
	f.stop = true;
	kill(pid, SIGTERM);
	while (waitpid(pid, NULL, WNOHANG) == 0)
		read_screen(fd, 1, NULL);
	close(f.fd);
	pthread_join(f.thread, NULL);
}

/* A command on a terminal of "COLUMNSxROWS" cells. */
static pid_t
start_command(const char *size, const char *command, int *fd)
{
	struct winsize cells = { 0 };
	if (sscanf(size, "%hux%hu", &cells.ws_col, &cells.ws_row) != 2)
		errx(2, "a size is COLUMNSxROWS, not '%s'", size);
	pid_t pid = forkpty(fd, NULL, NULL, &cells);
	if (pid == -1)
		err(EXIT_FAILURE, "pty");
	if (pid == 0) {
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		err(127, "sh");
	}
	return pid;
}

/* The first seconds are the first screen. */
void
screen_bytes(double seconds, char **commands)
{
	struct pollfd fds[PROGRAMS];
	pid_t pids[PROGRAMS];
	unsigned long long first[PROGRAMS] = { 0 }, rest[PROGRAMS] = { 0 };
	nfds_t count = 0;
	for (; count < PROGRAMS && commands[0] != NULL && commands[1] != NULL;
	    count++, commands += 2) {
		int fd;
		pids[count] = start_command(commands[0], commands[1], &fd);
		fds[count] = (struct pollfd){ .fd = fd, .events = POLLIN };
	}
	double begun = milliseconds(CLOCK_MONOTONIC), now = begun;
	while (now - begun < seconds * 1000 + FIRST_MS) {
		char bytes[65536];
		poll(fds, count, 100);
		now = milliseconds(CLOCK_MONOTONIC);
		for (nfds_t i = 0; i < count; i++) {
			if (fds[i].revents == 0)
				continue;
			ssize_t n = read(fds[i].fd, bytes, sizeof(bytes));
			if (n > 0)
				*(now - begun < FIRST_MS ? &first[i] :
				    &rest[i]) += (unsigned long long)n;
			else
				fds[i].fd = -1;
		}
	}
	for (nfds_t i = 0; i < count; i++) {
		char name[80];
		snprintf(name, sizeof(name), "bytes_first_%zu", (size_t)i);
		screen_figure(name, (double)first[i], "bytes");
		snprintf(name, sizeof(name), "bytes_a_second_%zu", (size_t)i);
		screen_figure(name, (double)rest[i] / seconds, "bytes/s");
		kill(pids[i], SIGTERM);
		close(fds[i].fd);
	}
	for (nfds_t i = 0; i < count; i++) {
		waitpid(pids[i], NULL, 0);
		/* iftop may go round and round without its terminal. */
		kill(-pids[i], SIGKILL);
	}
}
