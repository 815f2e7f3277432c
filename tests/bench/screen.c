/* SPDX-License-Identifier: MIT
 *
 * How fast the screen is.  Prints figures, a line each: name, value, unit.
 *
 *	screen keys		the work for a key, processor time
 *	screen latency TUIVIEW FLOWS	a key of the real program, wall time
 *	screen bytes SECONDS [COLSxROWS COMMAND]...	to terminals
 *	screen load SECONDS FLOWS MBIT ask|answer	traffic to look at
 */
#include "screen.h"

#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/num.h"
#include "tuiview/app.h"
#include "tuiview/view.h"

enum { FEW = 5000, MANY = 100000, ROUNDS = 3 };

void
screen_figure(const char *name, double value, const char *unit)
{
	printf("%s %.2f %s\n", name, value, unit);
	fflush(stdout);
}

void
screen_snapshot(struct buf *b, unsigned flows, unsigned seq)
{
	buf_reset(b);
	buf_printf(b, "{\"schema\":1,\"type\":\"snapshot\",\"seq\":%u,"
	    "\"ts\":%u,\"interval\":1.0,\"source\":{\"kind\":\"live\"},"
	    "\"flows\":[", seq, 1000 + seq * 1000);
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
		    "\"package\":\"package-%u\",\"src_name\":\"laptop.lan\","
		    "\"dst_name\":\"host-%u.example.net\",\"src_service\":"
		    "\"\",\"dst_service\":\"https\"}", i % 300, i % 300,
		    i % 40, i % 5000);
	}
	buf_add_text(b, "]}");
}

static int
compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static struct flows *
parse(unsigned flows, unsigned seq, double *took)
{
	struct buf line = { .data = NULL };
	struct json j = { .text = NULL };
	double times[ROUNDS];
	struct flows *f = NULL;
	screen_snapshot(&line, flows, seq);
	for (int i = 0; i < ROUNDS; i++) {
		const char *error;
		flows_free(f);
		times[i] = milliseconds(CLOCK_THREAD_CPUTIME_ID);
		f = flows_parse(&j, line.data, line.len, &error);
		times[i] = milliseconds(CLOCK_THREAD_CPUTIME_ID) - times[i];
	}
	qsort(times, ROUNDS, sizeof(times[0]), compare);
	*took = times[ROUNDS / 2];
	json_done(&j);
	buf_done(&line);
	return f;
}

/* What is typed, with a name for what each key is about. */
static const struct {
	char key;
	const char *name;
} typed[] = {
	{ 'j', "select" }, { 'j', "select" }, { 'G', "last row" },
	{ '3', "sort 40s" }, { 'r', "reverse" }, { 'r', "reverse" },
	{ '1', "sort 2s" }, { '<', "sort source" },
	{ '>', "sort destination" }, { '2', "sort 10s" },
	{ 't', "line mode" }, { 't', "line mode" }, { 't', "line mode" },
	{ 't', "line mode" }, { 'F', "pin" }, { 'p', "hide ports" },
	{ 'p', "show ports" }, { 'o', "freeze" }, { 'o', "thaw" },
	{ '/', "filter" }, { 'h', "filter, a letter" },
	{ '4', "filter, a letter" }, { '9', "filter, a letter" },
	{ '\r', "filter, keep" }, { '0', "filter, clear" },
	{ '\t', "processes" }, { '<', "by name" }, { '2', "sort 10s" },
	{ '\t', "hosts" }, { '<', "hosts by name" }, { '2', "sort 10s" },
	{ '\t', "services" }, { '\t', "publishers" }, { '\t', "flows" },
	{ 's', "by source" }, { 's', "by source" }, { 'B', "bytes" },
	{ 'B', "packets" }, { 'B', "bits" },
};

enum { TYPED = sizeof(typed) / sizeof(typed[0]) };

static double
press(struct app *app, struct grid *grid, char key)
{
	struct event e = { .kind = EVENT_KEY, .key = (unsigned char)key };
	double start = milliseconds(CLOCK_THREAD_CPUTIME_ID);
	app_event(app, &e, &grid->hits);
	app_prepare(app);
	view_draw(grid, app);
	return milliseconds(CLOCK_THREAD_CPUTIME_ID) - start;
}

static void
report_keys(double times[TYPED][ROUNDS])
{
	double sum = 0, worst = 0;
	const char *name = "";
	for (size_t i = 0; i < TYPED; i++) {
		qsort(times[i], ROUNDS, sizeof(double), compare);
		double took = times[i][ROUNDS / 2];
		char text[64];
		snprintf(text, sizeof(text), "key_%zu_%s", i, typed[i].name);
		for (char *c = text; *c != '\0'; c++)
			if (*c == ' ' || *c == ',')
				*c = '_';
		screen_figure(text, took, "ms");
		sum += took;
		if (took > worst) {
			worst = took;
			name = typed[i].name;
		}
	}
	fprintf(stderr, "the worst key: %s\n", name);
	screen_figure("key_work_mean", sum / TYPED, "ms");
	screen_figure("key_work_worst", worst, "ms");
}

static void
keys(void)
{
	static struct app app;
	static double times[TYPED][ROUNDS];
	struct grid grid;
	struct prefs *prefs = prefs_new("/nonexistent");
	double took, taken[ROUNDS];
	flows_free(parse(FEW, 0, &took));
	screen_figure("parse_5000_flows", took, "ms");
	grid_init(&grid);
	app.depth = COLOUR_RGB;
	app_init(&app, prefs, 200, 60);
	app_snapshot(&app, parse(MANY, 0, &took));
	screen_figure("parse_100000_flows", took, "ms");
	for (int round = 0; round < ROUNDS; round++) {
		struct flows *f = parse(MANY, (unsigned)round + 1, &took);
		took = milliseconds(CLOCK_THREAD_CPUTIME_ID);
		app_snapshot(&app, f);
		view_draw(&grid, &app);
		taken[round] = milliseconds(CLOCK_THREAD_CPUTIME_ID) - took;
		for (size_t i = 0; i < TYPED; i++)
			times[i][round] = press(&app, &grid, typed[i].key);
	}
	qsort(taken, ROUNDS, sizeof(taken[0]), compare);
	screen_figure("snapshot_100000_flows", taken[ROUNDS / 2], "ms");
	report_keys(times);
	app_done(&app);
	prefs_free(prefs);
	grid_done(&grid);
}

int
main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";
	double seconds = 0, megabits = 0;
	if (strcmp(what, "keys") == 0 && argc == 2)
		keys();
	else if (strcmp(what, "latency") == 0 && argc == 4)
		screen_latency(argv[2], (unsigned)atoi(argv[3]));
	else if (argc > 3 && !num_decimal(argv[2], 1, 600, &seconds))
		errx(2, "seconds: from 1 to 600, not '%s'", argv[2]);
	else if (strcmp(what, "bytes") == 0 && argc > 4)
		screen_bytes(seconds, argv + 3);
	else if (strcmp(what, "load") == 0 && argc == 6 &&
	    num_decimal(argv[4], 0.01, 1000, &megabits))
		screen_load(seconds, (unsigned)atoi(argv[3]), megabits * 125000,
		    strcmp(argv[5], "ask") == 0);
	else
		errx(2, "usage: screen keys | latency TUIVIEW FLOWS | "
		    "bytes SECONDS [COLSxROWS COMMAND]... | "
		    "load SECONDS FLOWS MBIT ask|answer");
	return 0;
}
