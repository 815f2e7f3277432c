/* SPDX-License-Identifier: MIT
 *
 * The keeper's loop: who may write, what is due, what to wait for.
 */
#include "capd/keeper.h"

#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capd/child.h"
#include "capd/clock.h"
#include "capd/ifaces_system.h"
#include "capd/source_live.h"
#include "lib/io.h"

enum {
	PATIENCE = 1500,	/* ms for a child, and a reader, at the end */
	PENDING = 64 * 1024,	/* more waiting than this: no more ticks */
};

void
keeper_say(struct keeper *k, enum record_level level, const char *format, ...)
{
	char text[2 * TALK_TEXT];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	record_write_event(&k->out, clock_wall(), level, text);
}

void
keeper_begin(struct keeper *k)
{
	if (k->started)
		return;
	k->started = true;
	k->tick_at = clock_ms();
	if (k->capd->duration > 0)
		k->end_at = k->tick_at +
		    (uint64_t)(k->capd->duration * 1000);
	keeper_describe(k);
}

void
keeper_end(struct keeper *k)
{
	if (k->ending)
		return;
	k->ending = true;
	k->deadline = clock_ms() + PATIENCE;
	keeper_kill(&k->candidate);
	keeper_stop(&k->current, clock_wall());
}

static bool
is_up(const struct keeper *k)
{
	for (unsigned i = 0; i < k->settings.count; i++)
		if (!k->lost[i])
			return true;
	return false;
}

/* Only with the pen and no child: nothing is captured, unless this is the
 * last tick.  `hold`: packets up to now may still come. */
static void
tick(struct keeper *k, bool hold)
{
	struct shared_totals t = *shared_read(k->shared);
	uint64_t now = clock_wall();
	if (hold)
		now -= SOURCE_HOLD * CLOCK_MS;
	if (now > t.tick || t.tick - now > CLOCK_S)
		t.tick = now;
	shared_write(k->shared, &t);
	struct record_tick r = { .kind = RECORD_TICK,
		.state = !hold && is_up(k) ? STATE_UP : STATE_DOWN,
		.tail = sizeof(r) / RECORD_SIZE - 1,
		.wire_known = t.wire_known, .ts = t.tick,
		.counters = shared_counters(&t) };
	record_write_tick(&k->out, &r);
}

/* The child, if there is one, sees that, too, and says so once the file of -w
 * has all that it has taken. */
static void
reader_left(struct keeper *k)
{
	k->gone = k->ending = true;
	buf_reset(&k->out.buf);
	if (k->deadline == 0)
		k->deadline = clock_ms() + PATIENCE;
	if (k->current.pid == 0)
		k->over = true;
}

/* The last words, once no child writes any more. */
static void
finish(struct keeper *k)
{
	if (!k->ending || k->finished || k->current.pid != 0)
		return;
	if (k->started && !k->gone) {
		tick(k, false);
		record_write_end(&k->out, shared_read(k->shared)->tick);
	}
	k->finished = true;
}

/* Write what there is to write; with nothing left, let the child write. */
static void
use_pen(struct keeper *k)
{
	struct buf *b = &k->out.buf;
	if (!k->pen) {
		/* One that is ending gives it back by itself. */
		if (b->len > 0 && !k->asked && !k->current.stopping)
			k->asked = talk_say(k->current.end, TALK_PAUSE);
		return;
	}
	finish(k);
	if (b->len > 0) {
		long n = io_write_some(STDOUT_FILENO, b->data, b->len);
		if (n != -1) {
			buf_drop(b, (size_t)n);
		} else if (errno == EPIPE) {
			reader_left(k);
		} else {
			warn("standard output");
			k->status = EXIT_FAILURE;
			k->over = true;
		}
	}
	if (b->len > 0 || k->over)
		return;
	if (k->finished) {
		k->over = true;
		return;
	}
	keeper_map(k);
	if (k->current.pid != 0) {
		struct talk t = { .type = k->current.ready ? TALK_GO :
			TALK_RESUME, .ts = k->handover };
		k->current.ready = false;
		k->pen = !talk_send(k->current.end, &t, -1);
		k->asked = false;
	}
}

/* What is due by the clock. */
static void
keep_time(struct keeper *k)
{
	uint64_t now = clock_ms();
	if (k->deadline != 0 && now >= k->deadline)
		k->over = true;
	if (k->end_at != 0 && now >= k->end_at)
		keeper_end(k);
	if (k->look_at != 0 && now >= k->look_at) {
		k->look_at = 0;
		keeper_look(k);
	}
	if (k->retry_at != 0 && now >= k->retry_at && !k->ending &&
	    k->candidate.pid == 0)
		keeper_retry(k);
	if (k->pen && k->started && !k->ending && k->current.pid == 0 &&
	    now >= k->tick_at) {
		if (k->out.buf.len < PENDING)
			tick(k, true);
		k->tick_at = now + clock_until(child_tick(k->capd),
		    SOURCE_HOLD);
	}
}

static void
sooner(uint64_t *best, uint64_t at)
{
	if (at != 0 && at < *best)
		*best = at;
}

static int
time_left(const struct keeper *k)
{
	uint64_t now = clock_ms(), next = now + 60000;
	sooner(&next, k->deadline);
	if (!k->ending) {	/* else nothing of this is done any more */
		sooner(&next, k->end_at);
		sooner(&next, k->look_at);
		if (k->candidate.pid == 0)
			sooner(&next, k->retry_at);
		if (k->pen && k->started && k->current.pid == 0)
			sooner(&next, k->tick_at);
	}
	return next <= now ? 0 : (int)(next - now);
}

enum { OUTPUT, SIGNALS, CONTROL, WATCH, CURRENT, CANDIDATE, DESCRIPTORS };

static void
wait_and_act(struct keeper *k)
{
	bool commands = k->started && k->candidate.pid == 0 && !k->ending;
	struct pollfd p[DESCRIPTORS] = {
		[OUTPUT] = { .fd = k->gone ? -1 : STDOUT_FILENO, .events =
			k->pen && k->out.buf.len > 0 ? POLLOUT : 0 },
		[SIGNALS] = { .fd = k->ending ? -1 : k->signals,
			.events = POLLIN },
		[CONTROL] = { .fd = commands ? k->control.fd : -1,
			.events = POLLIN },
		[WATCH] = { .fd = k->watch, .events = POLLIN },
		[CURRENT] = { .fd = k->current.pid != 0 ? k->current.end : -1,
			.events = POLLIN },
		[CANDIDATE] = { .fd = k->candidate.pid != 0 ?
			k->candidate.end : -1, .events = POLLIN },
	};
	if (poll(p, DESCRIPTORS, time_left(k)) == -1)
		return;
	if (io_reader_left(p[OUTPUT].revents))
		reader_left(k);
	if (p[SIGNALS].revents != 0)
		keeper_end(k);
	/* Several changes come at once: see what they add up to. */
	if (p[WATCH].revents != 0 && ifaces_changed(k->watch) &&
	    k->look_at == 0)
		k->look_at = clock_ms() + 20;
	if (p[CURRENT].revents != 0)
		keeper_hear(k, &k->current);
	if (p[CANDIDATE].revents != 0 && k->candidate.pid != 0)
		keeper_hear(k, &k->candidate);
}

int
keeper_run(struct keeper *k)
{
	k->pen = true;
	k->watch = ifaces_watch();
	k->file_linktype = -1;
	retry_init(&k->retry);
	record_writer_init(&k->out, -1, k->capd->form);
	settings_copy(&k->wanted, &k->settings);
	keeper_spawn(k, WHY_START, false);
	while (!k->over) {
		keeper_take_over(k);
		keep_time(k);
		if (k->started && k->candidate.pid == 0 && !k->ending)
			keeper_command(k);
		use_pen(k);
		if (!k->over)
			wait_and_act(k);
	}
	keeper_kill(&k->candidate);
	keeper_kill(&k->current);
	return k->status;
}
