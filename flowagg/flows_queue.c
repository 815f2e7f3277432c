/* SPDX-License-Identifier: MIT
 *
 * Queues by the second in which a flow is due to leave, round a ring.
 */
#include "flowagg/flows_queue.h"

#include <string.h>

#include "lib/xalloc.h"

/* The first whole second at which it was silent for so long.  One that is
 * closed need not wait for more, once its windows are empty. */
static uint32_t
due_second(const struct flows *t, const struct flow *f)
{
	if ((f->flags & FLOW_CLOSED) != 0 && t->idle > RATE_HISTORY)
		return f->second + 1 + RATE_HISTORY;
	return f->second + t->idle + (f->last_ms > 0);
}

void
flows_enqueue(struct flows *t, uint32_t number, struct flow *f)
{
	uint32_t due = due_second(t, f);
	struct queue *q = &t->queues[due % t->queue_count];
	f->queue_next = 0;
	f->flags = (uint8_t)((f->flags & ~FLOW_SEEN) | FLOW_QUEUED);
	if (q->head == 0)
		q->head = number;
	else
		flows_at(t, q->tail)->queue_next = number;
	q->tail = number;
	if (due < t->due)
		t->due = due;
}

static uint32_t
dequeue(struct flows *t, struct queue *q)
{
	uint32_t number = q->head;
	if (number != 0) {
		struct flow *f = flows_at(t, number);
		q->head = f->queue_next;
		f->flags &= (uint8_t)~FLOW_QUEUED;
		t->waiting -= (f->flags & FLOW_FREE) != 0;
	}
	return number;
}

void
flows_give_back(struct flows *t, uint32_t number, struct flow *f)
{
	f->flags |= FLOW_FREE;
	if ((f->flags & FLOW_QUEUED) != 0)
		t->waiting++;
	else
		pool_give(&t->pool, number);
}

void
flows_start_queues(struct flows *t, uint32_t idle)
{
	t->idle = idle;
	t->due = UINT32_MAX;
	/* One queue a second for most that can be due. */
	t->queue_count = idle + 4096;
	t->queues = xcalloc(t->queue_count, sizeof(*t->queues));
}

/* Put all flows into their queues anew, which frees the numbers that only a
 * queue still had. */
static void
queue_anew(struct flows *t)
{
	memset(t->queues, 0, t->queue_count * sizeof(*t->queues));
	t->due = UINT32_MAX;
	t->waiting = 0;
	for (uint32_t n = 1; n <= t->pool.used; n++) {
		struct flow *f = flows_at(t, n);
		bool was_queued = (f->flags & FLOW_QUEUED) != 0;
		f->flags &= (uint8_t)~FLOW_QUEUED;
		if (flow_is_in_table(f))
			flows_enqueue(t, n, f);
		else if (was_queued && (f->flags & FLOW_FREE) != 0)
			pool_give(&t->pool, n);
	}
}

/* Has the first flow of the queue at ->due its turn in a later round?  Then
 * *next is the soonest such second. */
static bool
is_of_later_round(const struct flows *t, uint32_t number, uint32_t *next)
{
	const struct flow *f = flows_at(t, number);
	uint32_t due = due_second(t, f);
	if ((f->flags & (FLOW_FREE | FLOW_ENDED | FLOW_SEEN)) != 0 ||
	    due <= t->due)
		return false;
	if (due < *next)
		*next = due;
	return true;
}

/* The queue whose first flow may leave soonest; NULL when all are empty. */
static struct queue *
soonest_queue(struct flows *t)
{
	for (;;) {
		uint32_t next = UINT32_MAX;
		for (uint32_t i = 0; i < t->queue_count; i++, t->due++) {
			struct queue *q = &t->queues[t->due % t->queue_count];
			if (q->head != 0 &&
			    !is_of_later_round(t, q->head, &next))
				return q;
		}
		if (next == UINT32_MAX)
			return NULL;
		t->due = next;
	}
}

uint32_t
flows_oldest(struct flows *t)
{
	/* Nobody has to go as long as there is room.  All flows are looked at
	 * for that, so not for a few of many. */
	enum { FEW = 64 };
	if (t->waiting > t->pool.max / FEW) {
		queue_anew(t);
		return 0;
	}
	for (struct queue *q; (q = soonest_queue(t)) != NULL;) {
		uint32_t number = dequeue(t, q);
		struct flow *f = flows_at(t, number);
		if ((f->flags & FLOW_FREE) != 0) {
			flows_give_back(t, number, f);
			return 0;
		}
		if ((f->flags & FLOW_ENDED) != 0)
			continue;	/* freed with the others */
		if ((f->flags & FLOW_SEEN) == 0)
			return number;
		flows_enqueue(t, number, f);
	}
	return 0;
}

/* A flow whose turn came is out of its queue: is its time really up? */
static void
check_due(struct flows *t, uint32_t number, uint32_t now)
{
	struct flow *f = flows_at(t, number);
	if ((f->flags & FLOW_FREE) != 0)
		flows_give_back(t, number, f);
	else if ((f->flags & FLOW_ENDED) != 0)
		return;
	else if (due_second(t, f) <= now)
		flows_end(t, number);
	else
		flows_enqueue(t, number, f);
}

void
flows_expire(struct flows *t, uint32_t now)
{
	uint32_t from = t->due;
	/* Behind a long gap once through all queues is enough. */
	if (from <= now && now - from >= t->queue_count)
		from = now - t->queue_count + 1;
	for (uint32_t i = 0; i < t->queue_count && from + i <= now &&
	    from + i >= from; i++) {
		struct queue *q = &t->queues[(from + i) % t->queue_count];
		uint32_t last = q->head != 0 ? q->tail : 0;
		t->due = from + i + 1;
		for (uint32_t n = 0; last != 0 && n != last;) {
			n = dequeue(t, q);
			check_due(t, n, now);
		}
	}
}
