/* SPDX-License-Identifier: MIT
 *
 * Rings in one array, which the flows of the last snapshot have among them,
 * and a hash table of where.  All rings turn together.
 */
#include "tuiview/model_history.h"

#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"

enum { FEW = 2500 };	/* flows: room for three times as many gone */

static struct history_slot *
slot_of(const struct history *h, uint64_t id)
{
	size_t mask = h->slot_count - 1;
	size_t i = (size_t)((id * 0x9e3779b97f4a7c15u) >> 20) & mask;
	while (h->slots[i].id != 0 && h->slots[i].id != id)
		i = (i + 1) & mask;
	return &h->slots[i];
}

static const struct history_flow *
find(const struct history *h, uint64_t id)
{
	if (h->slots == NULL || id == 0)
		return NULL;
	const struct history_slot *slot = slot_of(h, id);
	return slot->id == id ? &h->flows[slot->at] : NULL;
}

/* The flows of the last snapshot, and those that may come back. */
static void
index_flows(struct history *h)
{
	memset(h->slots, 0, h->slot_count * sizeof(*h->slots));
	for (uint32_t i = 0; i < h->count; i++)
		if (h->seq - h->flows[i].seq <= h->kept)
			*slot_of(h, h->flows[i].id) = (struct history_slot){
				h->flows[i].id, i };
}

/* The totals were set back to nothing: so are the packets before each
 * sample, as seen from there. */
static void
set_back(struct history_flow *p)
{
	for (int i = 0; i < HISTORY; i++) {
		p->sent[i] -= (uint32_t)p->packets_sent;
		p->recv[i] -= (uint32_t)p->packets_recv;
	}
	p->total = p->packets_sent = p->packets_recv = 0;
}

/* Were they?  A few large packets since can be more bytes than many small ones
 * were before, but not more packets. */
static bool
is_set_back(const struct history_flow *p, const struct figures *n)
{
	return n->total_sent + n->total_recv < p->total ||
	    n->packets_sent < p->packets_sent ||
	    n->packets_recv < p->packets_recv;
}

/* It was among those left out: all samples since have the mean. */
static void
fill_gap(struct history *h, struct history_flow *p, const struct flow *f,
    unsigned count)
{
	uint64_t total = f->n.total_sent + f->n.total_recv;
	uint32_t sent = (uint32_t)(f->n.packets_sent - p->packets_sent);
	uint32_t recv = (uint32_t)(f->n.packets_recv - p->packets_recv);
	float mean = (float)((double)(total - p->total) /
	    history_span(h, (int)count));
	for (unsigned i = 0; i < count; i++) {
		unsigned at = (h->at + HISTORY + 1 - count + i) % HISTORY;
		p->rate[at] = mean;
		p->sent[at] = (uint32_t)(p->packets_sent +
		    (uint64_t)sent * i / count);
		p->recv[at] = (uint32_t)(p->packets_recv +
		    (uint64_t)recv * i / count);
	}
	p->count = p->count + count < HISTORY ? p->count + count : HISTORY;
}

/* One more sample of a flow, since `from`, or its first when it is new. */
static void
add_sample(struct history *h, struct history_flow *p, const struct flow *f,
    uint64_t from, double seconds)
{
	uint64_t total = f->n.total_sent + f->n.total_recv;
	bool known = p->id == f->id;
	if (!known) {
		*p = (struct history_flow){ .id = f->id };
		/* All of a flow that began just now is this sample's, and
		 * before it there was nothing; what was there before we
		 * looked is nobody's; nor what began by a clock that was set
		 * back since. */
		known = f->first_seen != 0 ? f->first_seen >= from &&
		    f->first_seen <= h->ts : h->samples > 1;
		p->count = known ? h->samples - 1 : 0;
	} else if (is_set_back(p, &f->n)) {
		set_back(p);
	}
	if (known && h->seq - p->seq > 1 && p->seq != 0)
		fill_gap(h, p, f, (unsigned)(h->seq - p->seq));
	else if (known) {
		p->rate[h->at] = (float)((double)(total - p->total) /
		    seconds);
		p->sent[h->at] = (uint32_t)p->packets_sent;
		p->recv[h->at] = (uint32_t)p->packets_recv;
		if (p->count < HISTORY)
			p->count++;
	}
	p->seq = h->seq;
	p->total = total;
	p->packets_sent = f->n.packets_sent;
	p->packets_recv = f->n.packets_recv;
}

static void
start(struct history *h, const struct flows *f)
{
	h->count = 0;
	h->seq = h->number = h->ts = 0;
	h->elapsed = 0;
	h->samples = 0;
	h->all = (struct history_flow){ .id = 0 };
	h->peak_sent = h->peak_recv = h->peak_total = 0;
	ended_done(&h->ended);
	if (h->slots != NULL)
		memset(h->slots, 0, h->slot_count * sizeof(*h->slots));
	memcpy(h->session, f->session, sizeof(h->session));
}

static void
make_room(struct history *h, size_t flows)
{
	size_t slots = 256;
	if (h->size < flows) {
		h->size = (uint32_t)flows;
		h->flows = xreallocarray(h->flows, flows,
		    sizeof(*h->flows));
	}
	while (slots < flows * 2)
		slots *= 2;
	if (slots <= h->slot_count)
		return;
	free(h->slots);
	h->slots = xreallocarray(NULL, slots, sizeof(*h->slots));
	h->slot_count = slots;
	index_flows(h);
}

/* How many samples make 2, 10 and 40 seconds, or what there is of them. */
static void
measure_windows(struct history *h)
{
	static const float lengths[WINDOWS] = { 2, 10, 40 };
	for (int w = 0; w < WINDOWS; w++) {
		unsigned i = 0;
		double seconds = 0;
		while (i < h->samples && seconds < lengths[w] - 0.01)
			seconds += h->seconds[HISTORY - ++i];
		h->window[w] = i;
	}
}

/* Room for one more, which was not there: that of one that is gone for more
 * than `kept` snapshots, from `to` on, or at the end; or, when all is full,
 * that of any that is gone. */
static struct history_flow *
free_place(struct history *h, uint64_t *kept, uint32_t *to)
{
	while (*to < h->count && h->seq - h->flows[*to].seq <= *kept)
		++*to;
	if (*to == h->size) {
		*kept = 0;
		for (*to = 0; h->flows[*to].seq == h->seq;)
			++*to;
	}
	h->count += *to == h->count;
	return &h->flows[*to];
}

/* Those that were there before go on; new ones take the place of those that
 * are gone. */
static void
add_flows(struct history *h, const struct flows *f, size_t count,
    uint64_t from, double seconds)
{
	uint32_t *fresh = xreallocarray(NULL, count + 1, sizeof(*fresh));
	size_t fresh_count = 0;
	for (uint32_t i = 0; i < count; i++) {
		const struct flow *flow = &f->list[i];
		struct history_slot *slot = slot_of(h, flow->id);
		if (flow->id == 0)
			continue;
		if (slot->id == 0)
			fresh[fresh_count++] = i;
		else if (h->flows[slot->at].seq != h->seq)
			add_sample(h, &h->flows[slot->at], flow, from,
			    seconds);
	}
	uint64_t kept = h->kept;
	uint32_t to = 0;
	for (size_t i = 0; i < fresh_count; i++) {
		struct history_flow *p = free_place(h, &kept, &to);
		p->id = 0;
		add_sample(h, p, &f->list[fresh[i]], from, seconds);
	}
	free(fresh);
	index_flows(h);
}

static uint64_t
larger(uint64_t a, double b)
{
	return (double)a < b ? (uint64_t)(b + 0.5) : a;
}

/* Did the totals begin anew?  It is told, or seen by what others play. */
static bool
is_reset(const struct history *h, const struct flows *f)
{
	for (unsigned i = 0; i < f->event_count; i++)
		if (flows_is_reset(&f->events[i]))
			return true;
	return f->total.total_sent + f->total.total_recv < h->all.total;
}

/* The totals are followed as a flow that began with the stream. */
static void
add_totals(struct history *h, const struct flows *f, uint64_t from,
    double seconds)
{
	struct history_flow *p = &h->all;
	uint64_t ms = (uint64_t)(f->elapsed * 1000);
	struct flow all = { .id = 1, .n = f->total,
		.first_seen = ms > 0 && ms < f->ts ? f->ts - ms : 1 };
	add_sample(h, p, &all, from, seconds);
	if (p->count == 0)
		return;
	uint32_t sent = (uint32_t)p->packets_sent - p->sent[h->at];
	uint32_t recv = (uint32_t)p->packets_recv - p->recv[h->at];
	h->peak_sent = larger(h->peak_sent, sent / seconds);
	h->peak_recv = larger(h->peak_recv, recv / seconds);
	h->peak_total = larger(h->peak_total,
	    ((double)sent + recv) / seconds);
}

/* Of the first snapshot that came: all there was until then, when it is the
 * first of the stream, too. */
static double
first_length(const struct flows *f)
{
	return f->elapsed > 0 && f->elapsed < 2 * f->interval ? f->elapsed :
	    f->interval;
}

/* Clocks are set; the numbers of snapshots only rise.  Where there are none
 * the clock has to do. */
static bool
is_another_run(const struct history *h, const struct flows *f)
{
	return strcmp(f->session, h->session) != 0 || f->seq < h->number ||
	    (f->seq == h->number && f->ts < h->ts);
}

/* How long it is since the last one: by what the stream says of its length,
 * which no clock disturbs, or by the clock. */
static double
length_of(const struct history *h, const struct flows *f)
{
	double seconds = h->samples == 0 ? first_length(f) :
	    f->elapsed > h->elapsed ? f->elapsed - h->elapsed :
	    f->ts > h->ts ? (double)(f->ts - h->ts) / 1000 : f->interval;
	/* The stream counts in milliseconds. */
	return seconds > 0.0005 ? seconds : 1;
}

bool
history_add(struct history *h, const struct flows *f)
{
	bool another = is_another_run(h, f);
	if (another)
		start(h, f);
	double seconds = length_of(h, f);
	size_t count = f->count < HISTORY_FLOWS ? f->count : HISTORY_FLOWS;
	/* What is not in it is gone, unless it left some out. */
	h->kept = f->flow_count > count ? HISTORY - 1 : 0;
	make_room(h, h->kept == 0 ? count : count < FEW ? count * 4 :
	    count * 2);
	h->number = f->seq;
	h->ts = f->ts;
	h->elapsed = f->elapsed;
	h->seq++;
	h->at = (h->at + 1) % HISTORY;
	memmove(h->seconds, h->seconds + 1,
	    (HISTORY - 1) * sizeof(h->seconds[0]));
	h->seconds[HISTORY - 1] = (float)seconds;
	if (h->samples < HISTORY)
		h->samples++;
	measure_windows(h);
	uint64_t ms = (uint64_t)(seconds * 1000) + 1;
	uint64_t from = f->ts > ms ? f->ts - ms : 0;
	if (is_reset(h, f)) {
		h->peak_sent = h->peak_recv = h->peak_total = 0;
		ended_done(&h->ended);
	}
	add_totals(h, f, from, seconds);
	ended_add(&h->ended, f);
	add_flows(h, f, count, from, seconds);
	return another;
}

void
history_done(struct history *h)
{
	free(h->flows);
	free(h->slots);
	ended_done(&h->ended);
	*h = (struct history){ .flows = NULL };
}

void
history_copy(struct history *to, const struct history *from)
{
	history_done(to);
	if (from->slots == NULL)
		return;
	*to = *from;
	to->size = from->count;
	to->flows = xreallocarray(NULL, from->count + 1, sizeof(*to->flows));
	/* There may never have been any: no memory to copy from, then. */
	if (from->count > 0)
		memcpy(to->flows, from->flows,
		    from->count * sizeof(*to->flows));
	to->slots = xreallocarray(NULL, from->slot_count, sizeof(*to->slots));
	memcpy(to->slots, from->slots, from->slot_count * sizeof(*to->slots));
	ended_copy(&to->ended, &from->ended);
}

double
history_span(const struct history *h, int count)
{
	double seconds = 0;
	for (int i = 1; i <= count && i <= HISTORY; i++)
		seconds += h->seconds[HISTORY - i];
	return seconds;
}

static bool
packets_of(const struct history *h, const struct history_flow *p,
    uint64_t sent[WINDOWS], uint64_t recv[WINDOWS])
{
	for (int w = 0; w < WINDOWS; w++) {
		unsigned n = h->window[w];
		sent[w] = recv[w] = 0;
		if (n > p->count)
			n = p->count;
		double seconds = history_span(h, (int)n) / HISTORY_PARTS;
		if (n == 0 || seconds <= 0)
			continue;
		unsigned at = (h->at + HISTORY + 1 - n) % HISTORY;
		uint32_t out = (uint32_t)p->packets_sent - p->sent[at];
		uint32_t in = (uint32_t)p->packets_recv - p->recv[at];
		sent[w] = (uint64_t)(out / seconds + 0.5);
		recv[w] = (uint64_t)(in / seconds + 0.5);
	}
	return p->count > 0;
}

bool
history_packets(const struct history *h, uint64_t id,
    uint64_t sent[WINDOWS], uint64_t recv[WINDOWS])
{
	static const struct history_flow none;
	const struct history_flow *p = find(h, id);
	return packets_of(h, p != NULL ? p : &none, sent, recv);
}

void
history_totals(const struct history *h, struct figures *n,
    uint64_t *peak_total)
{
	packets_of(h, &h->all, n->sent, n->recv);
	figures_round(n, HISTORY_PARTS);
	n->peak_sent = h->peak_sent;
	n->peak_recv = h->peak_recv;
	*peak_total = h->peak_total;
}

int
history_samples(const struct history *h, uint64_t id,
    float samples[HISTORY])
{
	const struct history_flow *p = find(h, id);
	if (p == NULL)
		return 0;
	for (unsigned i = 0; i < p->count; i++)
		samples[i] = p->rate[(h->at + HISTORY + 1 - p->count + i) %
		    HISTORY];
	return (int)p->count;
}
