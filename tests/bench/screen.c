/* SPDX-License-Identifier: MIT
 *
 * How fast the screen is: `screen keys` reads a snapshot of 5,000 flows and
 * answers keys with 100,000 on 200 by 60 cells, in milliseconds of processor
 * time; `screen pty SECONDS PROGRAM...` counts what a program sends to a
 * terminal of 120 by 30.
 */
#include <err.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "lib/buf.h"
#include "lib/num.h"
#include "tuiview/app.h"
#include "tuiview/view.h"

static double
milliseconds(clockid_t clock)
{
	struct timespec t;
	clock_gettime(clock, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* Flows as they come: a few busy, most nearly idle, with names and past. */
static void
make_line(struct buf *b, unsigned flows)
{
	buf_add_text(b, "{\"schema\":1,\"type\":\"snapshot\",\"ts\":1000,"
	    "\"interval\":1.0,\"source\":{\"kind\":\"live\"},\"flows\":[");
	for (unsigned i = 0; i < flows; i++) {
		unsigned rate = 2000000 / (i + 1) + i * 7919 % 100;
		buf_printf(b, "%s{\"id\":%u,\"src\":\"192.0.2.2\",\"dst\":"
		    "\"198.51.%u.%u\",\"src_port\":%u,\"dst_port\":443,"
		    "\"protocol\":\"TCP\",\"proto\":6,\"direction\":\"out\","
		    "\"sent_2s\":%u,\"recv_2s\":%u,\"sent_10s\":%u,"
		    "\"recv_10s\":%u,\"sent_40s\":%u,\"recv_40s\":%u,"
		    "\"total_sent\":%u,\"total_recv\":%u,\"history\":[",
		    i > 0 ? "," : "", i + 1, i / 250 % 256, i % 250 + 1,
		    1024 + i % 60000, rate, rate / 2, rate, rate / 3,
		    rate / 2, rate / 4, rate * 9, rate * 5);
		for (unsigned k = 0; k < 40; k++)
			buf_printf(b, "%s%u", k > 0 ? "," : "",
			    rate * (k % 7 + 1) / 4);
		buf_printf(b, "],\"pid\":%u,\"process_name\":\"process-%u\","
		    "\"src_name\":\"laptop.lan\",\"dst_name\":"
		    "\"host-%u.example.net\",\"src_service\":\"\","
		    "\"dst_service\":\"https\"}", i % 300, i % 300, i % 5000);
	}
	buf_add_text(b, "]}");
}

static struct flows *
parse(unsigned flows, double *took)
{
	struct buf line = { .data = NULL };
	struct json j = { .text = NULL };
	const char *error;
	make_line(&line, flows);
	/* Twice: the memory of the first is there for the second. */
	flows_free(flows_parse(&j, line.data, line.len, &error));
	*took = milliseconds(CLOCK_THREAD_CPUTIME_ID);
	struct flows *f = flows_parse(&j, line.data, line.len, &error);
	*took = milliseconds(CLOCK_THREAD_CPUTIME_ID) - *took;
	json_done(&j);
	buf_done(&line);
	return f;
}

static void
keys(void)
{
	static const char typed[] = "jjG3r12<>ttttpp/host-12\x7f\x7f\x1b";
	static struct app app;
	struct grid grid;
	struct prefs *prefs = prefs_new("/nonexistent");
	double took, worst = 0, sum = 0;
	char worst_key = 0;
	flows_free(parse(5000, &took));
	printf("parse 5,000 flows        %6.1f ms\n", took);
	grid_init(&grid);
	app.depth = COLOUR_RGB;
	app_init(&app, prefs, 200, 60);
	app_snapshot(&app, parse(100000, &took));
	printf("parse 100,000 flows      %6.1f ms\n", took);
	struct flows *second = parse(100000, &took);
	took = milliseconds(CLOCK_THREAD_CPUTIME_ID);
	app_snapshot(&app, second);
	view_draw(&grid, &app);
	printf("100,000 flows to cells   %6.1f ms\n",
	    milliseconds(CLOCK_THREAD_CPUTIME_ID) - took);
	for (const char *k = typed; *k != '\0'; k++) {
		struct event e = { .kind = EVENT_KEY,
			.key = (unsigned char)*k };
		took = milliseconds(CLOCK_THREAD_CPUTIME_ID);
		app_event(&app, &e, &grid.hits);
		app_prepare(&app);
		view_draw(&grid, &app);
		took = milliseconds(CLOCK_THREAD_CPUTIME_ID) - took;
		sum += took;
		if (took > worst) {
			worst = took;
			worst_key = *k;
		}
	}
	printf("a key, mean              %6.1f ms\n",
	    sum / (double)strlen(typed));
	printf("a key, worst ('%c')       %6.1f ms\n", worst_key, worst);
	app_done(&app);
	prefs_free(prefs);
	grid_done(&grid);
}

static void
pty(double seconds, char **command)
{
	struct winsize size = { .ws_col = 120, .ws_row = 30 };
	int fd;
	pid_t pid = forkpty(&fd, NULL, NULL, &size);
	if (pid == -1)
		err(EXIT_FAILURE, "pty");
	if (pid == 0) {
		execvp(command[0], command);
		err(127, "%s", command[0]);
	}
	/* The first two seconds are the first screen. */
	double start = milliseconds(CLOCK_MONOTONIC), now = start;
	unsigned long long first = 0, rest = 0;
	while (now - start < (seconds + 2) * 1000) {
		char bytes[65536];
		struct pollfd p = { .fd = fd, .events = POLLIN };
		if (poll(&p, 1, 100) > 0) {
			ssize_t n = read(fd, bytes, sizeof(bytes));
			if (n <= 0)
				break;
			*(now - start < 2000 ? &first : &rest) +=
			    (unsigned long long)n;
		}
		now = milliseconds(CLOCK_MONOTONIC);
	}
	printf("%-24s %6llu bytes at first, %.0f a second then\n", command[0],
	    first, (double)rest / seconds);
	kill(pid, SIGTERM);
	waitpid(pid, NULL, 0);
}

int
main(int argc, char **argv)
{
	double seconds;
	if (argc == 2 && strcmp(argv[1], "keys") == 0)
		keys();
	else if (argc > 3 && strcmp(argv[1], "pty") == 0 &&
	    num_decimal(argv[2], 1, 600, &seconds))
		pty(seconds, argv + 3);
	else
		errx(2, "usage: screen keys | screen pty SECONDS PROGRAM ...");
	return 0;
}
