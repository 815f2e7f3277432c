/* SPDX-License-Identifier: MIT
 *
 * Events from the ring buffer into the tables.
 */
#include "procmap/bpf/state.h"

#if BPF_HERE

#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "procmap/clock.h"
#include "procmap/events.h"
#include "procmap/scan.h"

enum { UNKNOWN_EACH = 16 };	/* processes read from /proc per drain */
enum { WRITING = 200 };		/* us that one may take to be written */
enum { MANY = EVENT_RING / 64, BUSY = 3000000 };	/* bytes at once, and for
				 * how long they make it busy, us */
enum { LATE = 1000000 };	/* us that a connection's event may come after
				 * it began */

uint64_t
bpf_lost(const struct bpf *b)
{
	uint64_t lost = 0;
	for (int i = 0; i < EVENT_CPUS; i++)
		lost += b->skeleton->bss->counters[i].lost;
	return lost;
}

/* The process of an event; its own record came before, unless it was lost or
 * the table has forgotten it since. */
static uint32_t
process_of(struct bpf *b, const struct event_owner *e,
    struct processes *processes)
{
	uint64_t start = events_ticks(e->start);
	uint32_t within = events_within(e->start);
	struct proc_info info;
	if (b->last_id != 0 && b->last_tgid == e->tgid &&
	    b->last_start == e->start)
		return b->last_id;
	b->last_tgid = e->tgid;
	b->last_start = e->start;
	b->last_id = processes_find(processes, e->tgid, start, within);
	if (b->last_id != 0)
		return b->last_id;
	if (b->unknown++ >= UNKNOWN_EACH || !scan_read_process("/proc",
	    e->tgid, &info, NULL) || info.start != start)
		info = (struct proc_info){ .pid = e->tgid, .start = start,
			.uid = -1 };
	info.within = within;
	return b->last_id = processes_add(processes, &info);
}

static void
flush_events(struct bpf *b, struct owners *owners)
{
	if (b->event_count > 0)
		b->newest = b->events[b->event_count - 1].from;
	owners_events(owners, b->events, b->event_count);
	b->event_count = 0;
}

static void
take_record(struct bpf *b, const void *record, size_t len,
    struct owners *owners, struct processes *processes)
{
	if (events_size(record, len) == 0)
		return;
	if (*(const uint8_t *)record == EVENT_PROCESS) {
		struct proc_info info;
		events_process(record, &info);
		processes_add(processes, &info);
	} else {
		struct sighting *s = &b->events[b->event_count++];
		const struct event_owner *e = record;
		events_sighting(e, b->own_netns, s);
		s->process = process_of(b, e, processes);
		uint32_t *met = &b->netns[s->key.netns % NETNS_MAX];
		b->new_netns = b->new_netns || *met != s->key.netns;
		*met = s->key.netns;
		if (b->event_count == BPF_EVENTS)
			flush_events(b, owners);
	}
}

/* When the first of these was lost; a connection is told of some time after
 * it began. */
static int64_t
lost_since(struct bpf *b)
{
	int64_t since = TIME_NEVER;
	for (int i = 0; i < EVENT_CPUS; i++) {
		struct event_counter *c = &b->skeleton->bss->counters[i];
		int64_t time = (int64_t)(c->lost_since / 1000);
		if (time != 0 && time < since)
			since = time;
		c->lost_since = 0;
	}
	return (since != TIME_NEVER ? since : b->drained) - 2 * OWNERS_SLACK;
}

static void
note_lost(struct bpf *b, struct owners *owners)
{
	int64_t now = clock_boot_us();
	uint64_t lost = bpf_lost(b);
	if (lost != b->lost)
		owners_lost(owners, lost_since(b), now);
	b->lost = lost;
	b->drained = now;
}

/* Mapped twice in a row, as is usual, the data would need no copy, and count
 * twice in the memory that we use. */
static const void *
whole(struct bpf *b, const uint8_t *data, unsigned long at, uint32_t len)
{
	size_t from = (at + BPF_RINGBUF_HDR_SZ) & (EVENT_RING - 1);
	size_t first = EVENT_RING - from;
	if (len <= first)
		return data + from;
	memcpy(&b->wrapped, data + from, first);
	memcpy((char *)&b->wrapped + first, data, len - first);
	return &b->wrapped;
}

/* Its length and flags, once it is written; 0: it is not. */
static uint32_t
header_of(const uint8_t *record)
{
	const _Atomic uint32_t *at = (const void *)record;
	int64_t until = 0;
	for (;;) {
		uint32_t header = atomic_load_explicit(at,
		    memory_order_acquire);
		if ((header & BPF_RINGBUF_BUSY_BIT) == 0)
			return header;
		int64_t now = clock_boot_us();
		if (until == 0)
			until = now + WRITING;
		if (now > until)
			return 0;
	}
}

int64_t
bpf_drain(struct bpf *b, struct owners *owners, struct processes *processes,
    int64_t budget)
{
	int64_t deadline = clock_work_us() + budget;
	_Atomic unsigned long *consumer = (void *)b->consumer;
	const _Atomic unsigned long *producer = (const void *)b->producer;
	const uint8_t *data = b->producer + sysconf(_SC_PAGESIZE);
	unsigned long at = atomic_load_explicit(consumer,
	    memory_order_relaxed);
	unsigned long end = atomic_load_explicit(producer,
	    memory_order_acquire);
	if (end - at > MANY)
		b->busy_until = clock_boot_us() + BUSY;
	b->unknown = 0;
	b->last_id = 0;
	while (at < end) {
		if (b->event_count == 0 && clock_work_us() > deadline)
			break;
		const uint8_t *record = data + (at & (EVENT_RING - 1));
		uint32_t header = header_of(record);
		if (header == 0)
			break;
		uint32_t len = header & ~(uint32_t)BPF_RINGBUF_DISCARD_BIT;
		if ((header & BPF_RINGBUF_DISCARD_BIT) == 0 &&
		    len <= sizeof(b->wrapped))
			take_record(b, whole(b, data, at, len), len, owners,
			    processes);
		at += (len + BPF_RINGBUF_HDR_SZ + 7) / 8 * 8;
		atomic_store_explicit(consumer, at, memory_order_release);
	}
	flush_events(b, owners);
	note_lost(b, owners);
	return at < end ? b->newest - LATE : TIME_NEVER;
}

bool
bpf_busy(const struct bpf *b)
{
	return b->drained < b->busy_until;
}

bool
bpf_new_netns(struct bpf *b)
{
	bool new = b->new_netns;
	b->new_netns = false;
	return new;
}

#endif
