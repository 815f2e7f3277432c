/* SPDX-License-Identifier: MIT
 *
 * All sockets at once, from the iterator.
 */
#include "procmap/bpf/state.h"

#if BPF_HERE

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/xalloc.h"
#include "procmap/clock.h"
#include "procmap/events.h"
#include "procmap/proc_file.h"
#include "procmap/text.h"

enum { READ = 65536 };		/* the kernel gives 32768 at most */

static void
take_socket(struct bpf *b, struct batch *batch, const struct event_owner *e)
{
	const struct proc_info *holder = batch->proc_count == 0 ? NULL :
	    &batch->procs[batch->proc_count - 1];
	bool is_holders = holder != NULL && holder->pid == e->tgid &&
	    holder->start == events_ticks(e->start) &&
	    holder->within == events_within(e->start);
	/* Without a port it has no packets, though it may get one; those to
	 * port 0, or of fragments whose port is not known, are not its. */
	bool has_port = e->lport != 0 || (e->flags & EVENT_RAW) != 0;
	struct sighting *s = is_holders && has_port ? batch_socket(batch) :
	    NULL;
	if (!is_holders || (has_port && s == NULL)) {
		batch->complete = false;	/* better nobody than another */
		batch->cut = true;
		return;
	}
	if (s != NULL) {
		events_sighting(e, b->own_netns, s);
		s->process = (uint32_t)batch->proc_count;
	}
	batch_holder(batch, (uint32_t)e->inode, (uint32_t)batch->proc_count,
	    VIA_ITER);
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
		else if (e.owner.kind == EVENT_FILES)
			batch->rings = true;
		else if (e.owner.kind == EVENT_SOCKET)
			take_socket(b, batch, &e.owner);
		else if (e.owner.kind == EVENT_PROCESS &&
		    (p = batch_process(batch)) != NULL)
			events_process(&e.process, p);
	}
	return at;
}

/* Control groups of version 1 only /proc tells of. */
static void
read_cgroups(struct batch *batch)
{
	char text[4096], unit[PROC_UNIT], container[PROC_UNIT];
	size_t n = proc_file_read("/proc", (uint32_t)getpid(), "cgroup", text,
	    sizeof(text));
	if (!text_has_cgroups_v1(text, n))
		return;
	for (size_t i = 0; i < batch->proc_count; i++) {
		struct proc_info *p = &batch->procs[i];
		if (p->container[0] != '\0')
			continue;
		n = proc_file_read("/proc", p->pid, "cgroup", text,
		    sizeof(text));
		text_cgroup(text, n, unit, container);
		if ((container[0] == '\0' && (unit[0] == '\0' ||
		    p->unit[0] != '\0')) || !proc_is_running(p->pid, p->start))
			continue;
		memcpy(p->unit, unit, sizeof(unit));
		memcpy(p->container, container, sizeof(container));
	}
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
	read_cgroups(batch);
	batch->blind = !netns_addresses(&others, "/proc", &batch->addresses);
	netns_done(&others);
	batch_finish(batch);
	return true;
}

#endif
