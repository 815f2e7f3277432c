/* SPDX-License-Identifier: MIT
 *
 * Rows in pieces: all threads take the next piece and format it; this one
 * also puts the pieces out, as soon as the next of them is done, since a
 * signal must get it out of there.  A few rows are not worth that.
 */
#include "flowagg/rows.h"

#include <pthread.h>
#include <stdbool.h>

#include "flowagg/crew.h"

enum { PIECE = 512, FEW = 8 * PIECE, WINDOW = 2 * CREW_MOST,
	DRAIN_AT = 256 * 1024 };

struct piece {
	struct buf text;
	bool done;
};

struct work {
	const struct aggregate *a;
	const struct figures *f;
	add_row *add;
	char between;
	size_t count;		/* of pieces */
	pthread_mutex_t lock;
	pthread_cond_t changed;
	unsigned waiting;	/* threads, for a change */
	size_t next;		/* piece to be formatted */
	size_t out;		/* piece to be put out */
	struct piece pieces[WINDOW];	/* from `out` on, round the end */
};

static void
add_one(const struct work *w, struct buf *b, size_t i)
{
	if (i > 0 && w->between != '\0')
		buf_add_char(b, w->between);
	w->add(b, w->a, w->f, i);
}

static void
format(const struct work *w, size_t piece, struct buf *b)
{
	size_t rows = w->a->rank.shown.count;
	size_t end = (piece + 1) * PIECE < rows ? (piece + 1) * PIECE : rows;
	report_fetch(w->a, piece * PIECE);
	for (size_t i = piece * PIECE; i < end; i++)
		add_one(w, b, i);
}

/*
 * With the lock held.
 */

static void
wait_for_change(struct work *w)
{
	w->waiting++;
	pthread_cond_wait(&w->changed, &w->lock);
	w->waiting--;
}

static void
tell_change(struct work *w)
{
	if (w->waiting > 0)
		pthread_cond_broadcast(&w->changed);
}

static bool
has_room(const struct work *w)
{
	return w->next < w->count && w->next < w->out + WINDOW;
}

static struct piece *
next_out(struct work *w)
{
	return &w->pieces[w->out % WINDOW];
}

/* Format the next piece; the lock is not held meanwhile. */
static void
format_next(struct work *w)
{
	size_t i = w->next++;
	struct piece *p = &w->pieces[i % WINDOW];
	/* Not in its place: the next piece, which another is at, has the same
	 * cache line. */
	struct buf text = p->text;
	pthread_mutex_unlock(&w->lock);
	format(w, i, &text);
	pthread_mutex_lock(&w->lock);
	p->text = text;
	p->done = true;
	if (i == w->out)
		tell_change(w);
}

static void *
run(void *argument)
{
	struct work *w = argument;
	pthread_mutex_lock(&w->lock);
	while (w->next < w->count)
		if (has_room(w))
			format_next(w);
		else
			wait_for_change(w);
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

/*
 * This thread.
 */

/* Without copying, where that is possible. */
static void
move(struct buf *from, struct buf *to)
{
	struct buf empty = *to;
	if (to->len > 0) {
		buf_add(to, from->data, from->len);
		buf_reset(from);
		return;
	}
	*to = *from;
	*from = empty;
}

/* Put the next piece out; false when nobody wants more.  The lock is not held
 * meanwhile. */
static bool
put_next(struct work *w, struct report_sink *sink)
{
	struct piece *p = next_out(w);
	pthread_mutex_unlock(&w->lock);
	move(&p->text, &sink->buf);
	bool wanted = sink->drain == NULL || sink->drain(sink);
	pthread_mutex_lock(&w->lock);
	p->done = false;
	w->out++;
	tell_change(w);
	return wanted;
}

static void
put_all(struct work *w, struct report_sink *sink)
{
	pthread_mutex_lock(&w->lock);
	while (w->out < w->count)
		if (!next_out(w)->done && has_room(w))
			format_next(w);
		else if (!next_out(w)->done)
			wait_for_change(w);
		else if (!put_next(w, sink))
			break;
	w->next = w->count;
	tell_change(w);
	pthread_mutex_unlock(&w->lock);
}

static void
add_all(const struct work *w, struct report_sink *sink)
{
	for (size_t i = 0; i < w->a->rank.shown.count; i++) {
		add_one(w, &sink->buf, i);
		if (sink->drain != NULL && sink->buf.len > DRAIN_AT &&
		    !sink->drain(sink))
			return;
	}
}

void
rows_add(const struct aggregate *a, const struct figures *f,
    struct report_sink *sink, add_row *add, char between)
{
	struct work w = { .a = a, .f = f, .add = add, .between = between,
		.count = (a->rank.shown.count + PIECE - 1) / PIECE };
	struct crew crew = { 0 };
	if (a->rank.shown.count >= FEW) {
		pthread_mutex_init(&w.lock, NULL);
		pthread_cond_init(&w.changed, NULL);
		crew_start(&crew, run, &w);
	}
	if (crew.count == 0) {
		add_all(&w, sink);
		return;
	}
	put_all(&w, sink);
	crew_join(&crew);
	for (unsigned i = 0; i < WINDOW; i++)
		buf_done(&w.pieces[i].text);
	pthread_mutex_destroy(&w.lock);
	pthread_cond_destroy(&w.changed);
}
