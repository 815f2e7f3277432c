/* SPDX-License-Identifier: MIT
 *
 * procmap: copy snapshots through, adding to each flow the process that owns
 * it.  No line waits for a lookup: what is not known when a snapshot comes
 * is in the next one.
 */
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/control.h"
#include "lib/io.h"
#include "lib/lines.h"
#include "lib/num.h"
#include "lib/options.h"
#include "lib/snapshot.h"
#include "lib/stop.h"
#include "procmap/annotate.h"
#include "procmap/clock.h"
#include "procmap/origin.h"
#include "procmap/sources.h"

enum { OPT_SOURCE = 256, OPT_INTERVAL, OPT_COMMAND_LINES,
	OPT_MAX_SOCKETS, OPT_CONTROL, OPT_PUBLISHER };

static const struct option_spec table[] = {
	{ OPT_COMMAND_LINES, "command-lines", NULL,
	    "add command lines too (they may hold secrets)" },
	{ OPT_CONTROL, "control", "FIFO", "take text commands from FIFO" },
	{ OPT_INTERVAL, "interval", "SECONDS",
	    "poll sockets this often (0.1 to 3600)" },
	{ OPT_MAX_SOCKETS, "max-sockets", "N",
	    "remember at most N sockets (default 262144)" },
	{ OPT_PUBLISHER, "publisher", NULL,
	    "add the package of each executable, and its SHA-256" },
	{ OPT_SOURCE, "source", "WHAT",
	    "auto, bpf, diag, lsof, or file:PATH (default auto)" },
	{ 0, NULL, NULL, NULL },
};

struct procmap {
	struct annotate annotate;
	struct sources sources;
	struct snapshot snapshot;
	struct lines input;
	struct control control;
	struct origin origin;
	struct buf out;
	size_t written;		/* of out */
	uint64_t long_lines;	/* of those that `input` counts */
	const char *control_path;
	size_t max_sockets;
	bool with_command_lines, with_publisher;
	bool processes_off;
};

static void
parse_source(struct options *o, struct procmap *p)
{
	static const struct { const char *name; enum source_kind kind; }
	kinds[] = { { "auto", SOURCE_AUTO }, { "bpf", SOURCE_BPF },
	    { "diag", SOURCE_DIAG },
	    { "lsof", SOURCE_LSOF } };
	if (strncmp(o->value, "file:", 5) == 0 && o->value[5] != '\0') {
		p->sources.kind = SOURCE_FILE;
		p->sources.path = o->value + 5;
		return;
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(o->value, kinds[i].name) == 0) {
			p->sources.kind = kinds[i].kind;
			return;
		}
	}
	options_fail(o, "--source %s: expected auto, bpf, diag, lsof or "
	    "file:PATH", o->value);
}

static void
parse(int argc, char **argv, struct procmap *p)
{
	struct options o = { .program = "procmap",
		.synopsis = "[options] < snapshots",
		.purpose = "Add to each flow of a snapshot stream the process "
		    "that owns it.", .table = table };
	uint64_t number;
	int id;
	options_init(&o, argc, argv);
	while ((id = options_next(&o)) != -1) {
		switch (id) {
		case OPT_SOURCE:
			parse_source(&o, p);
			break;
		case OPT_INTERVAL:
			if (!num_decimal(o.value, 0.1, 3600,
			    &p->sources.interval))
				options_fail(&o, "--interval %s: not a number "
				    "from 0.1 to 3600", o.value);
			break;
		case OPT_COMMAND_LINES:
			p->with_command_lines = true;
			break;
		case OPT_MAX_SOCKETS:
			if (!num_unsigned(o.value, 1024, 1 << 26, &number))
				options_fail(&o, "--max-sockets %s: not a "
				    "number from 1024 to 67108864", o.value);
			p->max_sockets = number;
			break;
		case OPT_PUBLISHER:
			p->with_publisher = true;
			break;
		case OPT_CONTROL:
			p->control_path = o.value;
			break;
		}
	}
	if (options_rest(&o) < argc)
		options_fail(&o, "%s: snapshots come on standard input",
		    argv[options_rest(&o)]);
}

/* A line is counted and left out; the first such is named. */
static void
leave_out(struct procmap *p, uint64_t number, const char *why)
{
	if (p->annotate.bad_lines++ == 0)
		warnx("line %llu left out: %s (further ones are counted in "
		    "attribution.bad_lines)", (unsigned long long)number, why);
}

/* A stream of another kind ends us with its first line. */
static void
refuse_stream(const struct procmap *p, const char *line, size_t len)
{
	const char *instead = p->input.number > 1 ? NULL :
	    snapshot_instead(line, len);
	if (instead != NULL)
		errx(EXIT_FAILURE, "line 1 of the input is no snapshot: %s",
		    instead);
}

static void
refuse_line(struct procmap *p)
{
	const struct snapshot *s = &p->snapshot;
	if (p->input.number == 1 && p->annotate.bad_lines == 0)
		errx(EXIT_FAILURE, "line 1 is no snapshot (%s): expected the "
		    "JSON lines of flowagg", s->error);
	leave_out(p, p->input.number, s->error);
}

static void
take_line(struct procmap *p, const char *line, size_t len)
{
	struct snapshot *s = &p->snapshot;
	struct annotate *a = &p->annotate;
	if (len == 0)
		return;
	if (!snapshot_read(s, line, len)) {
		refuse_stream(p, line, len);
		if (!s->other) {
			refuse_line(p);
			return;
		}
		buf_add(&p->out, line, len);
		buf_add_char(&p->out, '\n');
		return;
	}
	degraded_speak(&p->sources.degraded);
	bool recorded = p->sources.kind == SOURCE_FILE;
	a->refuse = p->processes_off ? WHY_OFF : recorded ? WHY_NONE :
	    origin_judge(&p->origin, s);
	sources_prepare(&p->sources, &a->env);
	a->offset = recorded ? 0 : clock_offset_us();
	a->source = sources_name(&p->sources);
	a->degraded = p->sources.degraded.line;
	a->events_lost = sources_lost(&p->sources);
	if (p->sources.news != NULL)
		snapshot_notes_event(&a->notes, "info", "procmap",
		    p->sources.news);
	p->sources.news = NULL;
	annotate_snapshot(a, s);
	sources_finish(&p->sources, a->unseen);
	snapshot_annotate(s, &a->notes, &p->out);
}

static void
take_command(struct procmap *p, const char *word, const char *argument)
{
	char text[160];
	const char *level = "info";
	bool off = strcmp(argument, "off") == 0;
	if (strcmp(word, "processes") == 0 &&
	    (off || strcmp(argument, "on") == 0)) {
		p->processes_off = off;
		sources_pause(&p->sources, off);
		snprintf(text, sizeof(text), "processes are %s", argument);
	} else {
		level = "error";
		snprintf(text, sizeof(text), "%.40s %.40s: not a command; "
		    "there is: processes on|off", word, argument);
	}
	snapshot_notes_event(&p->annotate.notes, level, "procmap", text);
}

/* Write what is there without waiting.  False: the reader left. */
static bool
flush(struct procmap *p)
{
	if (p->written == p->out.len)
		return true;
	long n = io_write_some(STDOUT_FILENO, p->out.data + p->written,
	    p->out.len - p->written);
	if (n == -1) {
		if (errno == EPIPE)
			return false;
		err(EXIT_FAILURE, "standard output");
	}
	p->written += (size_t)n;
	if (p->written == p->out.len) {
		buf_reset(&p->out);
		p->written = 0;
	}
	return true;
}

/* Input is read only while nothing waits to be written. */
static bool
read_input(struct procmap *p)
{
	size_t len;
	while (p->out.len == 0 && !stop_asked()) {
		char *line = lines_next(&p->input, &len);
		for (; p->long_lines < p->input.too_long; p->long_lines++)
			leave_out(p, p->input.number - (line != NULL),
			    "longer than any snapshot");
		if (line == NULL)
			break;
		take_line(p, line, len);
		if (!flush(p))
			return false;
	}
	return true;
}

enum { PATIENCE = 300 };	/* ms that a thread may take to end */
/* Without a line as long as this, ms: the ring holds the events of two seconds
 * at 10,000 connections each, and a line a second takes them over anyway;
 * where there are many, half of them in between. */
enum { TICK = 1100, BUSY_TICK = 500 };
enum { IN, OUT, COMMANDS, FOUND, FDS };

static void
wait_for_something(struct procmap *p, const sigset_t *mask, bool busy,
    struct pollfd fds[FDS])
{
	bool pending = p->out.len > 0;
	fds[IN] = (struct pollfd){ .fd = pending || p->input.ended ? -1 :
		p->input.fd, .events = POLLIN };
	fds[OUT] = (struct pollfd){ .fd = STDOUT_FILENO,
		.events = pending ? POLLOUT : 0 };
	fds[COMMANDS] = (struct pollfd){ .fd = p->control.fd,
		.events = POLLIN };
	fds[FOUND] = (struct pollfd){ .fd = sources_fd(&p->sources),
		.events = POLLIN };
	int ms = busy ? 0 : sources_busy(&p->sources) ? BUSY_TICK : TICK;
	struct timespec tick = { .tv_sec = ms / 1000,
		.tv_nsec = ms % 1000 * 1000000L };
	if (ppoll(fds, FDS, &tick, mask) == -1) {
		if (errno != EINTR)
			err(EXIT_FAILURE, "poll");
		memset(fds, 0, sizeof(*fds) * FDS);
	}
}

static void
run(struct procmap *p, const sigset_t *mask)
{
	struct pollfd fds[FDS];
	char *word, *argument;
	for (;;) {
		if (!read_input(p))
			return;
		if ((p->input.ended && p->out.len == 0) || stop_asked())
			return;
		bool busy = sources_update(&p->sources);
		wait_for_something(p, mask, busy, fds);
		if (io_reader_left(fds[OUT].revents))
			return;
		if (fds[OUT].revents != 0 && !flush(p))
			return;
		while (control_next(&p->control, &word, &argument))
			take_command(p, word, argument);
		if (fds[IN].revents != 0 && lines_fill(&p->input) == -1 &&
		    errno != EINTR && errno != EAGAIN)
			err(EXIT_FAILURE, "standard input");
	}
}

/* Asked to stop in the middle of a line: one more second for a reader that
 * takes nothing. */
static void
finish_line(struct procmap *p)
{
	enum { SECOND = 1000, STEP = 50 };	/* ms */
	struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };
	for (int left = SECOND; p->out.len > 0 && left > 0;) {
		if (poll(&out, 1, STEP) != 1)
			left -= STEP;
		if (!flush(p))
			return;
	}
}

/* False when a thread is in the middle of something long: it ends with the
 * program, which does not wait for it. */
static bool
close_all(struct procmap *p)
{
	struct annotate *a = &p->annotate;
	bool ended = sources_close(&p->sources, PATIENCE);
	ended = users_stop(a->users, PATIENCE) && ended;
	if (a->command_lines != NULL)
		ended = cmdlines_stop(a->command_lines, PATIENCE) && ended;
	if (a->publisher != NULL)
		ended = publisher_stop(a->publisher, PATIENCE) && ended;
	if (!ended)
		return false;
	snapshot_notes_done(&a->notes);
	free(a->found);
	snapshot_done(&p->snapshot);
	lines_done(&p->input);
	buf_done(&p->out);
	return true;
}

int
main(int argc, char **argv)
{
	static struct procmap p = { .max_sockets = 262144,
		.control.fd = -1 };
	sigset_t mask;
	parse(argc, argv, &p);
	const char *closed = io_closed_stream(true);
	if (closed != NULL)
		errx(EXIT_FAILURE, "%s is closed", closed);
	io_widen_pipe(STDOUT_FILENO, IO_PIPE_SNAPSHOTS);
	io_unshare_pipe(STDOUT_FILENO);
	/* Who starts us may ignore it: how a child ends would be lost. */
	signal(SIGCHLD, SIG_DFL);
	stop_hold(&mask);
	io_ignore_signals();
	annotate_init(&p.annotate);
	p.sources.owners = owners_new(p.max_sockets);
	p.sources.processes = p.annotate.processes = processes_new();
	/* First of all: privilege is dropped when the sources are open, and
	 * the directory is the user's own. */
	if (p.control_path != NULL &&
	    !control_open(&p.control, p.control_path))
		err(EXIT_FAILURE, "control FIFO %s", p.control_path);
	/* A recording may be a FIFO, whose writer takes its time. */
	bool recorded = p.sources.kind == SOURCE_FILE;
	if (recorded)
		stop_at_once(&mask);
	sources_open(&p.sources, p.sources.kind);
	sources_start(&p.sources);
	if (recorded)
		stop_hold(&mask);	/* threads come now */
	p.annotate.users = users_new();
	if (p.with_command_lines)
		p.annotate.command_lines = cmdlines_new();
	if (p.with_publisher)
		p.annotate.publisher = publisher_new();
	origin_init(&p.origin);
	lines_init(&p.input, STDIN_FILENO, SNAPSHOT_LONGEST);
	run(&p, &mask);
	finish_line(&p);
	if (!close_all(&p))
		_exit(EXIT_SUCCESS);
	return EXIT_SUCCESS;
}
