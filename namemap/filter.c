/* SPDX-License-Identifier: MIT
 *
 * One poll(2) over everything.  A snapshot goes on as soon as it has come,
 * and only then are questions asked; what the reader does not take waits
 * here, and while it waits no further input is read: so the pipe fills up to
 * flowagg, which knows whether snapshots may be skipped (a live source) or
 * not (a file), and counts them.
 */
#include "namemap/filter.h"

#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/control.h"
#include "lib/io.h"
#include "lib/lines.h"
#include "lib/stop.h"
#include "namemap/annotate.h"
#include "namemap/commands.h"

enum { FDS = 288, LAST_FLUSH = 1000 };

struct filter {
	const struct filter_config *config;
	struct annotator annotator;
	struct lines in;
	struct control control;
	enum policy_level usual;	/* what "dns on" means */
	struct buf out;
	size_t written;			/* of out */
	bool is_held;			/* a snapshot waits for names */
	uint64_t held_until;
	bool any;			/* a good line has come */
	uint64_t too_long;		/* lines, of those that `in` counts */
	bool refused;			/* not a stream for us */
	bool reader_left;
};

static void
release(struct filter *f)
{
	f->is_held = false;
	annotator_write(&f->annotator, &f->out);
}

static void
skip(struct filter *f, unsigned long long line, const char *why)
{
	if (f->annotator.bad_lines++ == 0)
		warnx("line %llu of the input skipped: %s (further ones are "
		    "counted in names.bad_lines)", line, why);
}

/* A line that is no snapshot: another object passes, a snapshot we cannot
 * read or a stream of another kind ends us, anything else is skipped. */
static void
take_other(struct filter *f, const char *line, size_t len)
{
	const struct snapshot *s = &f->annotator.snapshot;
	bool is_object = s->json.error == NULL &&
	    s->json.nodes[0].kind == JSON_OBJECT;
	const char *instead = f->in.number > 1 ? NULL :
	    snapshot_instead(line, len);
	if (s->other && instead == NULL) {
		buf_add(&f->out, line, len);
		buf_add_char(&f->out, '\n');
		f->any = true;
	} else if (!f->any || is_object) {
		if (instead != NULL)
			warnx("line 1 of the input is no snapshot: %s",
			    instead);
		else
			warnx("line %llu of the input: %s; expected the "
			    "snapshots of flowagg, one JSON object a line",
			    (unsigned long long)f->in.number, s->error);
		f->refused = true;
	} else {
		skip(f, f->in.number, s->error);
	}
}

static void
take_line(struct filter *f, const char *line, size_t len, uint64_t now)
{
	if (strspn(line, " \t\r") == len)
		return;
	if (!annotator_read(&f->annotator, line, len, now)) {
		take_other(f, line, len);
		return;
	}
	f->any = true;
	f->is_held = f->config->wait > 0;
	f->held_until = now + f->config->wait;
	if (!f->is_held)
		release(f);
}

/* Binary records have no newline to wait for. */
static void
look_at_start(struct filter *f)
{
	if (!f->any && f->in.number == 0 && f->in.buf.len > 0 &&
	    (unsigned char)f->in.buf.data[0] == 0x89) {
		warnx("line 1 of the input is no snapshot: %s",
		    snapshot_instead(f->in.buf.data, 1));
		f->refused = true;
	}
}

/* Write what goes without waiting; is all of it out? */
static bool
push(struct filter *f)
{
	if (f->written < f->out.len) {
		long n = io_write_some(STDOUT_FILENO,
		    f->out.data + f->written, f->out.len - f->written);
		if (n == -1) {
			if (errno != EPIPE)
				err(EXIT_FAILURE, "standard output");
			f->reader_left = true;
			return false;
		}
		f->written += (size_t)n;
	}
	if (f->written < f->out.len)
		return false;
	buf_reset(&f->out);
	f->written = 0;
	return true;
}

/* Everything that needs no waiting.  False at the end of it all. */
static bool
work(struct filter *f)
{
	for (;;) {
		uint64_t now = clock_ms();
		if (f->is_held && (now >= f->held_until ||
		    lookups_are_settled(f->annotator.lookups)))
			release(f);
		if (!push(f))
			return !f->reader_left;
		if (f->is_held)
			return true;
		size_t len;
		char *line = lines_next(&f->in, &len);
		for (; f->too_long < f->in.too_long; f->too_long++)
			skip(f, f->in.number - (line != NULL), "longer than "
			    "any snapshot");
		if (line == NULL)
			return !f->in.ended;
		take_line(f, line, len, now);
		if (f->refused)
			return false;
	}
}

static int
timeout_of(const struct filter *f)
{
	uint64_t now = clock_ms();
	int timeout = lookups_timeout(f->annotator.lookups, now);
	if (!f->is_held)
		return timeout;
	/* Where there is no way to a server, questions fail as they are put. */
	if (lookups_are_settled(f->annotator.lookups))
		return 0;
	int left = f->held_until > now ? (int)(f->held_until - now) : 0;
	return timeout < 0 || left < timeout ? left : timeout;
}

static void
take_commands(struct filter *f)
{
	char *word, *argument;
	while (control_next(&f->control, &word, &argument))
		commands_run(&f->annotator, &f->usual, word, argument);
}

static void
wait_and_handle(struct filter *f, const sigset_t *mask)
{
	enum { OUT, CONTROL, IN, FIRST };
	struct pollfd fds[FDS] = {
		[OUT] = { .fd = STDOUT_FILENO,
		    .events = f->out.len > 0 ? POLLOUT : 0 },
		[CONTROL] = { .fd = f->control.fd, .events = POLLIN },
		[IN] = { .fd = f->is_held || f->out.len > 0 || f->in.ended ?
		    -1 : STDIN_FILENO, .events = POLLIN },
	};
	size_t n = lookups_fds(f->annotator.lookups, fds + FIRST, FDS - FIRST);
	int ms = timeout_of(f);
	struct timespec t = { ms / 1000, ms % 1000 * 1000000L };
	if (ppoll(fds, FIRST + n, ms < 0 ? NULL : &t, mask) == -1) {
		if (errno != EINTR)
			err(EXIT_FAILURE, "poll");
		return;
	}
	if (io_reader_left(fds[OUT].revents)) {
		f->reader_left = true;
		return;
	}
	if (fds[CONTROL].revents != 0)
		take_commands(f);
	lookups_handle(f->annotator.lookups, fds + FIRST, n, clock_ms());
	if (fds[IN].revents == 0)
		return;
	if (lines_fill(&f->in) == -1 && errno != EAGAIN)
		err(EXIT_FAILURE, "standard input");
	look_at_start(f);
}

/* Asked to stop: what has come is due, if the reader still takes it. */
static void
finish(struct filter *f)
{
	uint64_t until = clock_ms() + LAST_FLUSH;
	if (f->is_held)
		release(f);
	while (!push(f) && !f->reader_left && clock_ms() < until) {
		struct pollfd p = { .fd = STDOUT_FILENO, .events = POLLOUT };
		poll(&p, 1, 50);
	}
}

static int
run(struct filter *f)
{
	sigset_t mask;
	io_ignore_signals();
	stop_hold(&mask);
	while (!f->refused && !f->reader_left && work(f)) {
		lookups_ask(f->annotator.lookups, clock_ms());
		wait_and_handle(f, &mask);
		if (stop_asked()) {
			finish(f);
			break;
		}
	}
	return f->refused ? EXIT_FAILURE : EXIT_SUCCESS;
}

int
filter_run(const struct filter_config *config)
{
	struct filter f = { .config = config, .control = { .fd = -1 } };
	const char *why = "out of resources";
	/* In the place of one that is closed there would soon be a socket,
	 * and the snapshots would go to a DNS server. */
	const char *closed = io_closed_stream(true);
	if (closed != NULL)
		errx(EXIT_FAILURE, "%s is closed", closed);
	if (config->control != NULL && !control_open(&f.control,
	    config->control))
		err(EXIT_FAILURE, "control FIFO %s", config->control);
	struct lookups *lookups = lookups_new(&config->lookups, &why);
	if (lookups == NULL)
		errx(EXIT_FAILURE, "cannot start the resolver: %s", why);
	struct services *services = services_new(config->services_file);
	annotator_init(&f.annotator, lookups, services,
	    config->lookups.source == LOOKUPS_NSS ? "nss" : "dns");
	f.annotator.show_services = config->services;
	f.annotator.show_own = config->show_own;
	f.usual = config->lookups.level != POLICY_OFF ?
	    config->lookups.level : POLICY_GLOBAL;
	lines_init(&f.in, STDIN_FILENO, SNAPSHOT_LONGEST);
	int status = run(&f);
	lines_done(&f.in);
	buf_done(&f.out);
	annotator_done(&f.annotator);
	services_free(services);
	lookups_free(lookups);
	control_close(&f.control);
	return status;
}
