/* SPDX-License-Identifier: MIT
 *
 * The user's end of the kernel programs: load, attach, drain the ring, read
 * the iterator.  Built with BPF=0 there is none of it.
 */
#include "procmap/bpf.h"

#if BPF && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__

#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/xalloc.h"
#include "procmap/bpf/event.h"
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpointer-arith"
#pragma GCC diagnostic ignored "-Wsign-compare"
#include "procmap/bpf/skeleton.h"
#pragma GCC diagnostic pop
#include "procmap/clock.h"
#include "procmap/events.h"
#include "procmap/netns.h"
#include "procmap/scan.h"

enum { REST = 30000000 };	/* us without the send hook */
enum { UNKNOWN_EACH = 64 };	/* processes read from /proc per drain */
enum { READ = 262144, EVENTS = 64 };

struct bpf {
	struct procmap_bpf *skeleton;
	uint32_t own_netns;
	uint8_t *consumer;	/* a page: where we are */
	const uint8_t *producer;	/* a page, then the data twice */
	uint64_t lost;		/* events, at `drained` */
	int64_t drained;	/* us since boot */
	uint64_t sends;		/* at `checked` */
	int64_t checked, rest_until;
	int unknown;		/* processes asked of /proc in this drain */
	uint32_t netns[NETNS_MAX];	/* met so far, by inode % NETNS_MAX */
	bool new_netns;
	struct sighting events[EVENTS];	/* gathered in this drain */
	size_t event_count;
	uint32_t last_tgid, last_id;	/* of process_of() in this drain */
	uint64_t last_start;
};

static bool
map_ring(struct bpf *b)
{
	long page = sysconf(_SC_PAGESIZE);
	int fd = b->skeleton->maps.ring.map_fd;
	void *consumer = mmap(NULL, (size_t)page, PROT_READ | PROT_WRITE,
	    MAP_SHARED, fd, 0);
	void *producer = mmap(NULL, (size_t)page + 2 * (size_t)EVENT_RING,
	    PROT_READ, MAP_SHARED, fd, page);
	if (consumer == MAP_FAILED || producer == MAP_FAILED)
		return false;
	b->consumer = consumer;
	b->producer = producer;
	return true;
}

static const char *
remedy(int error)
{
	return error == EPERM || error == EACCES ?
	    "; it needs root, or CAP_BPF and CAP_PERFMON" :
	    "; it needs Linux 6.3 or newer with BTF";
}

/* Pids in the kernel are those of the first pid namespace. */
static bool
in_first_pid_namespace(void)
{
	struct stat st;
	return stat("/proc/self/ns/pid", &st) == 0 &&
	    st.st_ino == 0xEFFFFFFCU;
}

struct bpf *
bpf_open(char *problem, size_t size)
{
	struct bpf *b = xcalloc(1, sizeof(*b));
	struct procmap_bpf *s = NULL;
	struct stat st;
	if (!in_first_pid_namespace()) {
		snprintf(problem, size, "eBPF is not used inside a pid "
		    "namespace (a container)");
		goto failed;
	}
	s = procmap_bpf__open();
	if (s == NULL) {
		snprintf(problem, size, "eBPF: %s", strerror(errno));
		goto failed;
	}
	int result = procmap_bpf__load(s);
	b->skeleton = s;
	if (result < 0 || !map_ring(b)) {
		int error = result < 0 ? -result : errno;
		snprintf(problem, size, "cannot load eBPF: %s%s",
		    strerror(error), remedy(error));
		goto failed;
	}
	if (stat("/proc/self/ns/net", &st) == 0)
		s->bss->own_netns = b->own_netns = (uint32_t)st.st_ino;
	result = procmap_bpf__attach(s);
	if (result < 0) {
		snprintf(problem, size, "cannot attach eBPF: %s%s",
		    strerror(errno), remedy(errno));
		goto failed;
	}
	b->checked = b->drained = clock_boot_us();
	return b;
failed:
	procmap_bpf__destroy(s);
	free(b);
	return NULL;
}

/* The process of an event; its own record came before, unless it was lost or
 * the table has forgotten it since. */
static uint32_t
process_of(struct bpf *b, const struct event_owner *e,
    struct processes *processes)
{
	uint64_t start = events_ticks(e->start);
	struct proc_info info;
	if (b->last_id != 0 && b->last_tgid == e->tgid &&
	    b->last_start == start)
		return b->last_id;
	b->last_tgid = e->tgid;
	b->last_start = start;
	b->last_id = processes_find(processes, e->tgid, start);
	if (b->last_id != 0)
		return b->last_id;
	if (b->unknown++ >= UNKNOWN_EACH || !scan_read_process("/proc",
	    e->tgid, &info, NULL) || info.start != start)
		info = (struct proc_info){ .pid = e->tgid, .start = start,
			.uid = -1 };
	return b->last_id = processes_add(processes, &info);
}

static void
flush_events(struct bpf *b, struct owners *owners)
{
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
		if (b->event_count == EVENTS)
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

void
bpf_drain(struct bpf *b, struct owners *owners, struct processes *processes)
{
	_Atomic unsigned long *consumer = (void *)b->consumer;
	const _Atomic unsigned long *producer = (const void *)b->producer;
	const uint8_t *data = b->producer + sysconf(_SC_PAGESIZE);
	unsigned long at = atomic_load_explicit(consumer,
	    memory_order_relaxed);
	unsigned long end = atomic_load_explicit(producer,
	    memory_order_acquire);
	b->unknown = 0;
	b->last_id = 0;
	while (at < end) {
		const uint8_t *record = data + (at & (EVENT_RING - 1));
		uint32_t header = atomic_load_explicit(
		    (const _Atomic uint32_t *)(const void *)record,
		    memory_order_acquire);
		if ((header & BPF_RINGBUF_BUSY_BIT) != 0)
			break;		/* being written */
		uint32_t len = header & ~(uint32_t)BPF_RINGBUF_DISCARD_BIT;
		if ((header & BPF_RINGBUF_DISCARD_BIT) == 0)
			take_record(b, record + BPF_RINGBUF_HDR_SZ, len,
			    owners, processes);
		at += (len + BPF_RINGBUF_HDR_SZ + 7) / 8 * 8;
		atomic_store_explicit(consumer, at, memory_order_release);
	}
	flush_events(b, owners);
	note_lost(b, owners);
}

static void
take_socket(struct bpf *b, struct batch *batch, const struct event_owner *e)
{
	const struct proc_info *holder = batch->proc_count == 0 ? NULL :
	    &batch->procs[batch->proc_count - 1];
	struct sighting *s = NULL;
	if (holder != NULL && holder->pid == e->tgid &&
	    holder->start == events_ticks(e->start))
		s = batch_socket(batch);
	if (s == NULL) {	/* better nobody than another */
		batch->complete = false;
		batch->cut = true;
		return;
	}
	events_sighting(e, b->own_netns, s);
	s->process = (uint32_t)batch->proc_count;
	batch_holder(batch, s->inode, s->process, VIA_ITER);
}

/* Whole records of what was read; returns how many bytes they were. */
static size_t
take_read(struct bpf *b, struct batch *batch, struct netns_list *others,
    const char *bytes, size_t len)
{
	size_t at = 0, size;
	while ((size = events_size(bytes + at, len - at)) > 0) {
		union {
			struct event_owner owner;
			struct event_process process;
		} e;
		memcpy(&e, bytes + at, size);
		at += size;
		struct proc_info *p;
		if (e.owner.kind == EVENT_NETNS)
			netns_note(others, e.owner.netns, e.owner.tgid,
			    e.owner.start);
		else if (e.owner.kind == EVENT_SOCKET)
			take_socket(b, batch, &e.owner);
		else if (e.owner.kind == EVENT_PROCESS &&
		    (p = batch_process(batch)) != NULL)
			events_process(&e.process, p);
	}
	return at;
}

bool
bpf_take(void *state, struct batch *batch)
{
	struct bpf *b = state;
	struct netns_list others = { 0 };
	union bpf_attr attr = { 0 };
	attr.iter_create.link_fd = (__u32)b->skeleton->links.on_file_fd;
	batch->begin = clock_boot_us();
	batch->has_holders = true;
	int fd = loader_call(BPF_ITER_CREATE, &attr);
	if (fd == -1) {
		snprintf(batch->problem, sizeof(batch->problem),
		    "eBPF iterator: %s", strerror(errno));
		return false;
	}
	char *bytes = xmalloc(READ);
	size_t len = 0;
	ssize_t n;
	while ((n = read(fd, bytes + len, READ - len)) > 0) {
		len += (size_t)n;
		size_t used = take_read(b, batch, &others, bytes, len);
		memmove(bytes, bytes + used, len - used);
		len -= used;
		if (len == READ)
			break;
	}
	batch->cut = batch->cut || n != 0;
	batch->complete = batch->complete && !batch->cut;
	free(bytes);
	close(fd);
	netns_addresses(&others, "/proc", &batch->addresses);
	netns_done(&others);
	batch_finish(batch);
	return true;
}

bool
bpf_new_netns(struct bpf *b)
{
	bool new = b->new_netns;
	b->new_netns = false;
	return new;
}

uint64_t
bpf_lost(const struct bpf *b)
{
	uint64_t lost = 0;
	for (int i = 0; i < EVENT_CPUS; i++)
		lost += b->skeleton->bss->counters[i].lost;
	return lost;
}

static uint64_t
sends(const struct bpf *b)
{
	uint64_t sum = 0;
	for (int i = 0; i < EVENT_CPUS; i++)
		sum += b->skeleton->bss->counters[i].sends;
	return sum;
}

const char *
bpf_limit(struct bpf *b, int64_t now)
{
	struct procmap_bpf *s = b->skeleton;
	int64_t passed = now - b->checked;
	if (passed < 1000000)
		return NULL;
	uint64_t all = sends(b);
	double rate = (double)(all - b->sends) * 1e6 / (double)passed;
	b->checked = now;
	b->sends = all;
	if (s->links.on_send_fd > 0 && rate > BPF_SENDS) {
		close(s->links.on_send_fd);
		s->links.on_send_fd = 0;
		b->rest_until = now + REST;
		return "more than 100000 sends a second: the send hook "
		    "rests, short UDP flows may have no owner";
	}
	if (s->links.on_send_fd == 0 && now > b->rest_until) {
		b->rest_until = now + REST;
		procmap_bpf__on_send__attach(s);
	}
	return NULL;
}

#else

#include <stdio.h>

struct bpf *
bpf_open(char *problem, size_t size)
{
	snprintf(problem, size, "built without eBPF");
	return NULL;
}

void
bpf_drain(struct bpf *b, struct owners *owners, struct processes *processes)
{
	(void)b;
	(void)owners;
	(void)processes;
}

bool
bpf_take(void *b, struct batch *batch)
{
	(void)b;
	(void)batch;
	return false;
}

bool
bpf_new_netns(struct bpf *b)
{
	(void)b;
	return false;
}

uint64_t
bpf_lost(const struct bpf *b)
{
	(void)b;
	return 0;
}

const char *
bpf_limit(struct bpf *b, int64_t now)
{
	(void)b;
	(void)now;
	return NULL;
}

#endif
