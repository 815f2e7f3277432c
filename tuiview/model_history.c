/* SPDX-License-Identifier: MIT
 *
 * A hash table of rings.
 */
#include "tuiview/model_history.h"

#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"

static size_t
slot_of(const struct history *h, uint64_t id)
{
	size_t i = (size_t)((id * 0x9e3779b97f4a7c15u) >> 20) & (h->size - 1);
	while (h->table[i].id != 0 && h->table[i].id != id)
		i = (i + 1) & (h->size - 1);
	return i;
}

static void
resize(struct history *h, size_t size)
{
	struct history_flow *old = h->table;
	size_t old_size = h->size;
	h->table = xcalloc(size, sizeof(*h->table));
	h->size = size;
	h->count = 0;
	for (size_t i = 0; i < old_size; i++)
		/* Those that were not in the last snapshot stay behind. */
		if (old[i].id != 0 && old[i].seq == h->seq) {
			h->table[slot_of(h, old[i].id)] = old[i];
			h->count++;
		}
	free(old);
}

static uint32_t
difference(uint64_t now, uint64_t before)
{
	uint64_t d = now > before ? now - before : 0;
	return d > UINT32_MAX ? UINT32_MAX : (uint32_t)d;
}

static void
add_flow(struct history *h, const struct flow *flow, double seconds)
{
	size_t i = slot_of(h, flow->id);
	struct history_flow *p = &h->table[i];
	uint64_t total = flow->n.total_sent + flow->n.total_recv;
	/* One that was away starts afresh. */
	bool is_new = p->id == 0 || p->seq + 1 != h->seq;
	if (is_new) {
		h->count += p->id == 0;
		*p = (struct history_flow){ .id = flow->id };
		/* All of a flow that began just now is this sample's. */
		if (h->samples <= 1) {
			p->total = total;
			p->packets_sent = flow->n.packets_sent;
			p->packets_recv = flow->n.packets_recv;
		}
	}
	if (!(is_new && h->samples <= 1)) {
		p->rate[p->next] = (float)((total > p->total ?
		    (double)(total - p->total) : 0) / seconds);
		p->sent[p->next] = difference(flow->n.packets_sent,
		    p->packets_sent);
		p->recv[p->next] = difference(flow->n.packets_recv,
		    p->packets_recv);
		p->next = (uint16_t)((p->next + 1) % HISTORY);
		if (p->count < HISTORY)
			p->count++;
	}
	p->seq = h->seq;
	p->total = total;
	p->packets_sent = flow->n.packets_sent;
	p->packets_recv = flow->n.packets_recv;
}

static void
start(struct history *h, const struct flows *f)
{
	free(h->table);
	*h = (struct history){ .size = 1024 };
	h->table = xcalloc(h->size, sizeof(*h->table));
	memcpy(h->session, f->session, sizeof(h->session));
}

void
history_add(struct history *h, const struct flows *f)
{
	if (h->table == NULL || f->ts < h->ts ||
	    strcmp(f->session, h->session) != 0)
		start(h, f);
	double seconds = h->ts != 0 && f->ts > h->ts ?
	    (double)(f->ts - h->ts) / 1000 : f->interval;
	if (seconds <= 0)
		seconds = 1;
	h->ts = f->ts;
	/* Half full at most; what is gone goes first. */
	size_t coming = f->count < HISTORY_FLOWS ? f->count : HISTORY_FLOWS;
	if ((h->count + coming) * 2 > h->size)
		resize(h, h->size);
	while ((h->count + coming) * 2 > h->size)
		resize(h, h->size * 2);
	h->seq++;
	memmove(h->seconds, h->seconds + 1,
	    (HISTORY - 1) * sizeof(h->seconds[0]));
	h->seconds[HISTORY - 1] = (float)seconds;
	if (h->samples < HISTORY)
		h->samples++;
	for (size_t i = 0; i < f->count && i < HISTORY_FLOWS; i++)
		if (f->list[i].id != 0)
			add_flow(h, &f->list[i], seconds);
}

void
history_done(struct history *h)
{
	free(h->table);
	h->table = NULL;
}

const struct history_flow *
history_find(const struct history *h, uint64_t id)
{
	if (h->table == NULL || id == 0)
		return NULL;
	const struct history_flow *p = &h->table[slot_of(h, id)];
	return p->id == id ? p : NULL;
}

void
history_packets(const struct history *h, uint64_t id,
    uint64_t sent[WINDOWS], uint64_t recv[WINDOWS])
{
	static const float lengths[WINDOWS] = { 2, 10, 40 };
	const struct history_flow *p = history_find(h, id);
	for (int w = 0; w < WINDOWS; w++) {
		double seconds = 0, s = 0, r = 0;
		for (unsigned i = 1; p != NULL && i <= h->samples &&
		    seconds < lengths[w] - 0.01; i++) {
			seconds += h->seconds[HISTORY - i];
			if (i > p->count)
				continue;
			unsigned at = (p->next + HISTORY - i) % HISTORY;
			s += p->sent[at];
			r += p->recv[at];
		}
		sent[w] = seconds > 0 ? (uint64_t)(s / seconds + 0.5) : 0;
		recv[w] = seconds > 0 ? (uint64_t)(r / seconds + 0.5) : 0;
	}
}

int
history_samples(const struct history *h, uint64_t id,
    float samples[HISTORY])
{
	const struct history_flow *p = history_find(h, id);
	if (p == NULL)
		return 0;
	for (int i = 0; i < p->count; i++)
		samples[i] = p->rate[(p->next + HISTORY - p->count + i) %
		    HISTORY];
	return p->count;
}
