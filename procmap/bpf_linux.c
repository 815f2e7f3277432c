/* SPDX-License-Identifier: MIT
 *
 * The user's end of the kernel programs: load, attach, keep within limits.
 */
#include "procmap/bpf/state.h"

#if BPF_HERE

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/xalloc.h"
#include "procmap/clock.h"
#include "procmap/scan.h"

enum { REST = 30000000 };	/* us without the send hook */

static bool
map_ring(struct bpf *b)
{
	long page = sysconf(_SC_PAGESIZE);
	int fd = b->skeleton->maps.ring.map_fd;
	void *consumer = mmap(NULL, (size_t)page, PROT_READ | PROT_WRITE,
	    MAP_SHARED, fd, 0);
	void *producer = mmap(NULL, (size_t)page + EVENT_RING,
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

struct bpf *
bpf_open(char *problem, size_t size)
{
	struct bpf *b = xcalloc(1, sizeof(*b));
	struct procmap_bpf *s = NULL;
	struct stat st;
	/* Pids in the kernel are those of the first one. */
	if (!scan_in_first_namespace()) {
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

static uint64_t
sends(const struct bpf *b)
{
	uint64_t sum = 0;
	for (int i = 0; i < EVENT_CPUS; i++)
		sum += b->skeleton->bss->counters[i].sends;
	return sum;
}

void
bpf_close(struct bpf *b)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	munmap(b->consumer, page);
	munmap((void *)(uintptr_t)b->producer, page + EVENT_RING);
	procmap_bpf__destroy(b->skeleton);
	free(b);
}

const char *
bpf_limit(struct bpf *b, struct owners *owners, int64_t now)
{
	struct procmap_bpf *s = b->skeleton;
	int64_t passed = now - b->checked;
	if (s->links.on_send_fd == 0)
		owners_lost_sends(owners, b->rest_since, now);
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
		/* Who sends from now on, from a port that another had, is not
		 * told. */
		b->rest_since = now - 2 * OWNERS_SLACK;
		owners_lost_sends(owners, b->rest_since, now);
		const char *news = b->rested ? NULL : "more than 100000 sends "
		    "a second: the process of a short UDP flow may not be "
		    "known while it lasts";
		b->rested = true;
		return news;
	}
	if (s->links.on_send_fd == 0 && now > b->rest_until) {
		b->rest_until = now + REST;
		if (procmap_bpf__on_send__attach(s) > 0)
			owners_lost_sends(owners, b->rest_since,
			    clock_boot_us());
	}
	return NULL;
}

#else

#include "procmap/bpf_other.c"	/* as on a system without eBPF */

#endif
