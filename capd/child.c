/* SPDX-License-Identifier: MIT
 *
 * The life of a capture child.
 */
#include "capd/child.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capd/capture.h"
#include "capd/clock.h"
#include "capd/privilege.h"
#include "capd/sandbox.h"
#include "capd/waiting.h"
#include "capd/wire.h"
#include "lib/io.h"
#include "lib/xalloc.h"

enum { BUFFER_LEAST = 1 << 20 };

/* No atexit(3), no flushing of what the keeper had in its buffers. */
static void leave(void) __attribute__((noreturn));

static void
leave(void)
{
	_exit(EXIT_SUCCESS);
}

static void
tell(const struct capture *c, enum talk_type type, unsigned number,
    enum talk_reason reason, const char *text)
{
	struct talk t = { .type = type, .number = number, .reason = reason };
	snprintf(t.text, sizeof(t.text), "%s", text);
	talk_send(c->start->keeper, &t, -1);
}

static void fail(const struct capture *, enum talk_reason, const char *)
    __attribute__((noreturn));

static void
fail(const struct capture *c, enum talk_reason reason, const char *text)
{
	tell(c, TALK_FAILED, 0, reason, text);
	leave();
}

static void fail_to(const struct capture *, const char *what)
    __attribute__((noreturn));

static void
fail_to(const struct capture *c, const char *what)
{
	char text[TALK_TEXT];
	snprintf(text, sizeof(text), "cannot %s: %s", what, strerror(errno));
	fail(c, REASON_OTHER, text);
}

/* The kernel's buffer is divided among the interfaces. */
static uint32_t
buffer_each(const struct child_start *s)
{
	uint32_t each = s->capd->buffer / s->settings->count;
	uint32_t least = s->capd->buffer < BUFFER_LEAST ? s->capd->buffer :
	    BUFFER_LEAST;
	return each < least ? least : each;
}

static void
open_sources(struct capture *c)
{
	const struct settings *s = c->start->settings;
	const struct capd *capd = c->start->capd;
	/* Where some may be left out, those are that do not fit the file. */
	bool fit = c->start->partly && capd->write != NULL;
	int type = c->start->file_linktype;
	for (unsigned i = 0; i < s->count; i++) {
		char text[TALK_TEXT];
		enum talk_reason reason = source_live_open(&c->sources[i],
		    s->names[i], s, buffer_each(c->start), capd->wifi, text);
		if (reason == REASON_NONE && fit && !source_live_fits(
		    &c->sources[i], s->names[i], &type, text))
			reason = REASON_LINKTYPE;
		if (reason == REASON_NONE) {
			c->alive++;
			continue;
		}
		if (!c->start->partly && reason != REASON_DOWN)
			fail(c, reason, text);
		tell(c, TALK_CANNOT, i, reason, text);
	}
	if (c->alive == 0)
		fail(c, REASON_DOWN, "no interface is up");
}

/* The first open source's link type is the file's: the keeper has seen to
 * it that all agree. */
static int
file_linktype(const struct capture *c)
{
	for (unsigned i = 0; i < c->start->settings->count; i++)
		if (c->sources[i].pcap != NULL)
			return c->sources[i].linktype;
	return -1;
}

/* The two lowest free descriptors.  The file takes the lower one; the next
 * file arrives in the other, after which the first is closed, and so on: so
 * the sandbox can name the descriptors that may be written to. */
static int
reserve_file(const struct capture *c, int files[2])
{
	/* Until the file comes, anything keeps its place. */
	int file = c->start->file != -1 ? c->start->file : c->start->keeper;
	files[0] = files[1] = -1;
	if (c->start->capd->write == NULL)
		return -1;
	files[0] = fcntl(file, F_DUPFD_CLOEXEC, 0);
	if (c->start->file != -1)
		close(file);	/* or it stays open when others follow */
	files[1] = fcntl(files[0], F_DUPFD_CLOEXEC, 0);
	close(files[1]);
	return files[0];
}

static void
confine(struct capture *c)
{
	const char *what;
	struct sandbox s = { .keeper = c->start->keeper };
	output_init(&c->output, c->start->keeper, c->start->capd->form);
	c->decoder = decoder_new(c->start->capd->wifi);
	c->netlink = wire_open();
	c->file.fd = reserve_file(c, s.files);
	s.output = c->output.fd;
	s.netlink = c->netlink;
	if (!privilege_drop(&what))
		fail_to(c, what);
	privilege_end_with_parent();
	if (!sandbox_enter_live(&s))
		fail_to(c, "enter the sandbox");
}

static void
report_ready(const struct capture *c)
{
	struct talk t = { .type = TALK_READY };
	for (unsigned i = 0; i < SOURCE_INTERFACES; i++)
		t.linktypes[i] = i < c->start->settings->count &&
		    c->sources[i].pcap != NULL ? c->sources[i].linktype : -1;
	talk_send(c->start->keeper, &t, -1);
}

/* A write failed: say why and end.  What was taken until then is written to
 * the file of -w, unless it is that which failed. */
static void give_up(struct capture *) __attribute__((noreturn));

static void
give_up(struct capture *c)
{
	char text[TALK_TEXT];
	if (c->failed == NULL && !pcapwrite_flush(&c->file))
		capture_file_failed(c);
	if (c->error == EPIPE && c->failed == NULL)
		tell(c, TALK_READER_LEFT, 0, REASON_NONE, "");
	else if (c->error != ECANCELED) {
		snprintf(text, sizeof(text), "%.400s: %s", c->failed != NULL ?
		    c->failed : "standard output", strerror(c->error));
		tell(c, TALK_BROKEN, 0, REASON_OTHER, text);
	}
	leave();
}

/* The file that was asked for; where there is none, this one goes on. */
static void
next_file(struct capture *c, int fd)
{
	uint64_t most = c->start->capd->rotate_bytes;
	c->asked_file = false;
	c->file_most = most;
	if (fd == -1) {
		c->file_most += c->file.bytes + c->file.buf.len;
		return;
	}
	if (!pcapwrite_flush(&c->file)) {
		capture_file_failed(c);
		give_up(c);
	}
	close(c->file.fd);
	pcapwrite_done(&c->file);
	pcapwrite_init(&c->file, fd, 0, file_linktype(c));
}

/* The next message; waits for one.  The keeper's end is ours. */
static int
wait_for(const struct capture *c, struct talk *t)
{
	struct pollfd p = { .fd = c->start->keeper, .events = POLLIN };
	int fd, got;
	while ((got = talk_receive(c->start->keeper, t, &fd)) == 0)
		poll(&p, 1, -1);
	if (got == -1)
		leave();
	return fd;
}

static void
stop_at(struct capture *c, uint64_t ts)
{
	uint64_t wall = clock_wall();
	uint64_t left = ts > wall ? (ts - wall) / CLOCK_MS + 1 : 0;
	if (ts >= c->until)
		return;
	c->until = ts;
	c->stop_due = clock_ms() + left + SOURCE_HOLD;
}

/* Give the pen away until it comes back. */
static void
pause_here(struct capture *c)
{
	struct talk t = { 0 };
	if (!capture_flush(c))
		give_up(c);
	talk_say(c->start->keeper, TALK_PAUSED);
	while (t.type != TALK_RESUME) {
		int fd = wait_for(c, &t);
		if (t.type == TALK_FILE)
			next_file(c, fd);
		if (t.type == TALK_STOP)
			stop_at(c, t.ts);
	}
	/* The keeper may have written a tick meanwhile. */
	c->totals.tick = shared_read(c->start->shared)->tick;
	capture_interfaces(c);
}

static void
hear(struct capture *c)
{
	struct talk t;
	int fd, got;
	while ((got = talk_receive(c->start->keeper, &t, &fd)) == 1) {
		if (t.type == TALK_PAUSE)
			pause_here(c);
		else if (t.type == TALK_FILE)
			next_file(c, fd);
		else if (t.type == TALK_STOP)
			stop_at(c, t.ts);
	}
	if (got == -1)
		leave();
}

/* Tell that a source is lost.  What the kernel has of it is still read. */
static void
lose(struct capture *c, unsigned i, const char *text)
{
	if (c->sources[i].until != 0)
		return;
	c->sources[i].until = clock_ms() + SOURCE_HOLD;
	tell(c, TALK_LOST, i, REASON_DOWN, text);
}

/* Closing a handle needs calls that are forbidden now: the end does it. */
static void
forget(struct capture *c, unsigned i)
{
	c->sources[i].pcap = NULL;
	c->alive--;
}

/* Something is wrong with a source's descriptor. */
static void
find_out(struct capture *c, unsigned i)
{
	char text[TALK_TEXT];
	int error = source_live_error(&c->sources[i]);
	const char *name = c->start->settings->names[i];
	if (error == 0)
		return;
	if (error == ENETDOWN)
		snprintf(text, sizeof(text), "%s is down", name);
	else
		snprintf(text, sizeof(text), "%s: %s", name,
		    strerror(error));
	lose(c, i, text);
}

/* One round: everything that is there. */
static void
read_all(struct capture *c, const struct waiting *w)
{
	for (unsigned i = 0; i < c->start->settings->count; i++) {
		struct source_live *s = &c->sources[i];
		char text[TALK_TEXT];
		short events = w->fds[WAITING_SOURCES + i].revents;
		if (s->pcap != NULL && (events & ~POLLIN) != 0)
			find_out(c, i);
		if (s->pcap != NULL && (s->behind || (events & POLLIN) != 0) &&
		    !capture_read(c, i, text)) {
			lose(c, i, text);
			forget(c, i);
		} else if (s->pcap != NULL && s->until != 0 && !s->behind &&
		    w->since >= s->until)
			forget(c, i);
	}
}

static void
rotate(struct capture *c)
{
	if (!c->asked_file && capture_is_full(c))
		c->asked_file = talk_say(c->start->keeper, TALK_ROTATE);
}

/* Is it over?  When told to stop, only after what the kernel still held
 * from before that time has come, and been asked for: this process may have
 * slept between asking and now. */
static bool
ended(const struct capture *c, const struct waiting *w)
{
	if (c->alive == 0)
		return true;
	if (c->left == 0) {
		talk_say(c->start->keeper, TALK_DONE);
		return true;
	}
	if (c->until == UINT64_MAX || w->since < c->stop_due)
		return false;
	for (unsigned i = 0; i < c->start->settings->count; i++) {
		const struct source_live *s = &c->sources[i];
		if (s->pcap != NULL && s->behind && s->last < c->until)
			return false;
	}
	return true;
}

static void
capture_all(struct capture *c)
{
	struct waiting w = { .tick_due = clock_ms() };
	for (;;) {
		waiting_wait(&w, c);
		if (io_reader_left(w.fds[WAITING_OUTPUT].revents) &&
		    !capture_reader_left(c))
			give_up(c);
		if (w.fds[WAITING_KEEPER].revents != 0)
			hear(c);
		uint64_t wall = clock_wall();
		if (c->reader_left)	/* the file has all until now */
			stop_at(c, wall);
		if (wall >= c->until && !c->settled)
			capture_settle(c);
		read_all(c, &w);
		bool over = ended(c, &w);
		/* Packets and tick in one go: the reader wakes once. */
		bool tick = over || clock_ms() >= w.tick_due;
		if (!(tick ? capture_tick(c, wall) : capture_flush(c)))
			give_up(c);
		if (tick)
			w.tick_due = clock_ms() +
			    clock_until(child_tick(c->start->capd),
			    SOURCE_HOLD);
		rotate(c);
		if (over && c->reader_left)
			talk_say(c->start->keeper, TALK_READER_LEFT);
		if (over)
			return;
	}
}

void
child_run(const struct child_start *start)
{
	struct capture *c = xcalloc(1, sizeof(*c));
	struct talk t = { 0 };
	const char *what;
	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	c->start = start;
	c->until = UINT64_MAX;
	if (start->privileged && !privilege_keep_capture(
	    start->capd->rotate_bytes != 0, &what))
		fail_to(c, what);
	open_sources(c);
	confine(c);
	report_ready(c);
	while (t.type != TALK_GO) {
		int fd = wait_for(c, &t);
		if (t.type == TALK_STOP)
			leave();
		if (t.type == TALK_FILE) {
			close(c->file.fd);
			c->file.fd = fd;
		}
	}
	c->from = t.ts;
	capture_begin(c);
	pcapwrite_init(&c->file, c->file.fd, c->totals.file_bytes,
	    file_linktype(c));
	c->file_most = c->file.fd != -1 ? start->capd->rotate_bytes : 0;
	capture_all(c);
	leave();
}
