/* SPDX-License-Identifier: MIT
 *
 * The reading thread.  All that is shared lies behind one lock; a byte in a
 * pipe wakes the event loop.
 */
#include "tuiview/feed.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "lib/clock.h"
#include "lib/io.h"
#include "lib/record.h"
#include "lib/snapshot.h"
#include "lib/thread.h"
#include "lib/xalloc.h"
#include "tuiview/model_ahead.h"

struct feed {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	int wake[2];
	int quit[2];		/* closed to end the thread */
	atomic_bool stop;
	struct flows *ready;
	struct feed_state state;
	/* Playing */
	double speed;
	bool paused;
	unsigned steps;
	uint64_t first_ts, last_ts;
	int64_t counted;	/* time until then has been waited for, us */
	int record_fd;
	/* The thread's own */
	struct lines lines;
	struct ahead *ahead;
};

static void
wake(struct feed *f)
{
	ssize_t n = write(f->wake[1], "", 1);
	(void)n;		/* full: it is awake already */
}

void
feed_complain(struct feed_state *s, uint64_t line, const char *what, bool any)
{
	if (s->bad++ == 0 || any)
		snprintf(s->error, sizeof(s->error), "line %llu: %s",
		    (unsigned long long)line, what);
}

void
feed_skipped(struct feed_state *s, const struct lines *l, const char *line,
    bool any)
{
	for (; s->too_long < l->too_long; s->too_long++) {
		s->lines++;
		feed_complain(s, l->number - (line != NULL), "longer than any "
		    "snapshot", any);
	}
}

void
feed_warn(const struct feed_state *s, int fd)
{
	struct stat st;
	if (s->bad > 0)
		warnx("standard input holds no snapshot: %s", s->error);
	else if (s->lines > 0)
		warnx("standard input holds no snapshot: its JSON is of "
		    "another kind");
	else if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		warnx("standard input is an empty file");
}

bool
feed_refuses(struct feed_state *s, const char *line, size_t len)
{
	const char *what = s->lines > 0 ? NULL : snapshot_instead(line, len);
	if (what == NULL)
		return false;
	s->lines++;
	feed_complain(s, 1, what, false);
	return true;
}

static int64_t
microseconds(void)
{
	return (int64_t)(clock_ns(CLOCK_MONOTONIC) / 1000);
}

/* Until it is this snapshot's turn.  With the lock held.  To read and parse it
 * has taken some of the time since the one before; being paused takes none. */
static void
wait_turn(struct feed *f, uint64_t ts)
{
	if (f->last_ts == 0 || ts < f->last_ts)
		f->last_ts = ts;
	double due = (double)(ts - f->last_ts);	/* ms of stream time */
	while (!f->stop && (due > 0 || f->paused)) {
		if (f->steps > 0) {
			f->steps--;
			break;
		}
		if (f->paused) {
			pthread_cond_wait(&f->changed, &f->lock);
			f->counted = microseconds();
			continue;
		}
		if (f->speed <= 0)
			break;
		int64_t now = microseconds();
		due -= (double)(now - f->counted) / 1000 * f->speed;
		f->counted = now;
		/* In pieces, so that a new speed counts at once. */
		double wait = due / f->speed;
		if (wait > 0)
			thread_condition_wait(&f->changed, &f->lock,
			    (int64_t)((wait < 50 ? wait : 50) * 1000) + 1);
	}
	f->last_ts = ts;
	f->counted = microseconds();
}

static void
record(struct feed *f, char *line, size_t len)
{
	if (f->record_fd == -1)
		return;
	line[len] = '\n';
	if (io_write_all(f->record_fd, line, len + 1)) {
		f->state.recorded++;
	} else {
		snprintf(f->state.error, sizeof(f->state.error),
		    "recording stopped: %s", strerror(errno));
		close(f->record_fd);
		f->record_fd = -1;
		f->state.recording = false;
	}
	line[len] = '\0';
}

/* A stream of another kind: no more of it is read. */
static bool
refuse(struct feed *f, const char *line, size_t len)
{
	pthread_mutex_lock(&f->lock);
	bool refused = feed_refuses(&f->state, line, len);
	f->stop = f->stop || refused;
	pthread_mutex_unlock(&f->lock);
	return refused;
}

/* The next line, those too long before it told of. */
static char *
next_line(struct feed *f, size_t *len)
{
	char *line = lines_next(&f->lines, len);
	pthread_mutex_lock(&f->lock);
	if (f->state.too_long < f->lines.too_long) {
		feed_skipped(&f->state, &f->lines, line, f->first_ts != 0);
		wake(f);
	}
	pthread_mutex_unlock(&f->lock);
	return line;
}

static void
handle(struct feed *f, char *line, size_t len)
{
	const char *error;
	if (len == 0)
		return;
	if (f->state.lines == 0 && refuse(f, line, len))
		return;
	struct flows *flows = ahead_parse(f->ahead, f->lines.number, line,
	    len, &error);
	pthread_mutex_lock(&f->lock);
	f->state.lines++;
	record(f, line, len);
	if (flows == NULL) {
		if (error != NULL)
			feed_complain(&f->state, f->lines.number, error,
			    f->first_ts != 0);
		wake(f);
		pthread_mutex_unlock(&f->lock);
		return;
	}
	if (f->first_ts == 0 || flows->ts < f->first_ts)
		f->first_ts = flows->ts;
	wait_turn(f, flows->ts);
	while (f->ready != NULL && !f->stop)
		pthread_cond_wait(&f->changed, &f->lock);
	if (f->stop) {
		flows_free(flows);
	} else {
		f->ready = flows;
		f->state.position = flows->ts - f->first_ts;
		wake(f);
	}
	pthread_mutex_unlock(&f->lock);
}

/* Of a large line, what is there is read while the rest is on its way. */
static void
read_ahead(struct feed *f)
{
	size_t len;
	const char *line = lines_begun(&f->lines, &len);
	ahead_read(f->ahead, f->lines.number + 1, line, len);
}

/* More bytes are there; false when asked to end. */
static bool
wait_input(struct feed *f)
{
	struct pollfd fds[2] = {
		{ .fd = f->lines.fd, .events = POLLIN },
		{ .fd = f->quit[0], .events = POLLIN },
	};
	while (poll(fds, 2, -1) == -1 && errno == EINTR)
		;
	return fds[1].revents == 0;
}

static void *
run(void *argument)
{
	struct feed *f = argument;
	char why[160] = "";
	for (bool more = true; more;) {
		size_t len;
		char *line;
		while (!f->stop && (line = next_line(f, &len)) != NULL)
			handle(f, line, len);
		if (f->stop || f->lines.ended)
			break;
		read_ahead(f);
		if (!wait_input(f))
			break;
		if (lines_fill(&f->lines) == -1 && errno != EAGAIN) {
			snprintf(why, sizeof(why), "standard input: %s",
			    strerror(errno));
			more = false;
		}
		/* Binary records have no newline to wait for. */
		if (f->lines.number == 0 && f->lines.buf.len > 0 &&
		    f->lines.buf.data[0] == RECORD_MAGIC[0])
			refuse(f, f->lines.buf.data, 1);
	}
	pthread_mutex_lock(&f->lock);
	if (why[0] != '\0') {
		memcpy(f->state.error, why, sizeof(why));
		f->state.bad++;
	}
	f->state.ended = true;
	wake(f);
	pthread_mutex_unlock(&f->lock);
	return NULL;
}

struct feed *
feed_new(int fd, double speed)
{
	struct feed *f = xcalloc(1, sizeof(*f));
	f->record_fd = -1;
	f->speed = speed;
	if (pipe2(f->wake, O_NONBLOCK | O_CLOEXEC) == -1 ||
	    pipe2(f->quit, O_CLOEXEC) == -1)
		err(EXIT_FAILURE, "pipe");
	lines_init(&f->lines, fd, SNAPSHOT_LONGEST);
	f->ahead = ahead_new();
	pthread_mutex_init(&f->lock, NULL);
	thread_condition_init(&f->changed);
	if (!thread_start(&f->thread, run, f))
		err(EXIT_FAILURE, "thread");
	return f;
}

void
feed_free(struct feed *f)
{
	pthread_mutex_lock(&f->lock);
	f->stop = true;
	pthread_cond_broadcast(&f->changed);
	pthread_mutex_unlock(&f->lock);
	close(f->quit[1]);
	pthread_join(f->thread, NULL);
	flows_free(f->ready);
	if (f->record_fd != -1)
		close(f->record_fd);
	close(f->quit[0]);
	close(f->wake[0]);
	close(f->wake[1]);
	lines_done(&f->lines);
	ahead_free(f->ahead);
	pthread_cond_destroy(&f->changed);
	pthread_mutex_destroy(&f->lock);
	free(f);
}

int
feed_fd(const struct feed *f)
{
	return f->wake[0];
}

struct flows *
feed_take(struct feed *f, struct feed_state *state)
{
	char drain[64];
	while (read(f->wake[0], drain, sizeof(drain)) > 0)
		;
	pthread_mutex_lock(&f->lock);
	struct flows *flows = f->ready;
	f->ready = NULL;
	*state = f->state;
	if (flows != NULL)
		pthread_cond_broadcast(&f->changed);
	pthread_mutex_unlock(&f->lock);
	return flows;
}

void
feed_pause(struct feed *f, bool paused)
{
	pthread_mutex_lock(&f->lock);
	f->paused = paused;
	f->steps = 0;
	pthread_cond_broadcast(&f->changed);
	pthread_mutex_unlock(&f->lock);
}

void
feed_speed(struct feed *f, double speed)
{
	pthread_mutex_lock(&f->lock);
	f->speed = speed;
	pthread_cond_broadcast(&f->changed);
	pthread_mutex_unlock(&f->lock);
}

void
feed_step(struct feed *f)
{
	pthread_mutex_lock(&f->lock);
	f->steps++;
	pthread_cond_broadcast(&f->changed);
	pthread_mutex_unlock(&f->lock);
}

bool
feed_record(struct feed *f, const char *path)
{
	int fd = -1;
	if (path != NULL) {
		fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC |
		    O_NOFOLLOW, 0600);
		if (fd == -1)
			return false;
	}
	pthread_mutex_lock(&f->lock);
	if (f->record_fd != -1)
		close(f->record_fd);
	f->record_fd = fd;
	f->state.recording = fd != -1;
	if (fd != -1) {
		f->state.recorded = 0;
		snprintf(f->state.record_path, sizeof(f->state.record_path),
		    "%s", path);
	}
	pthread_mutex_unlock(&f->lock);
	return true;
}

uint64_t
feed_recorded(struct feed *f)
{
	pthread_mutex_lock(&f->lock);
	uint64_t lines = f->state.recorded;
	pthread_mutex_unlock(&f->lock);
	return lines;
}
