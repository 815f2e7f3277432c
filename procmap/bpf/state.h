/* SPDX-License-Identifier: MIT
 *
 * What the user's end of the kernel programs has in common: bpf_linux.c loads
 * them, bpf_ring_linux.c takes over events, bpf_look_linux.c reads the
 * iterator.  BPF_HERE is 0 where there is none of it.
 */
#ifndef PROCMAP_BPF_STATE_H
#define PROCMAP_BPF_STATE_H

#include "procmap/bpf.h"

#define BPF_HERE (BPF && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)

#if BPF_HERE

#include "procmap/bpf/event.h"
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpointer-arith"
#pragma GCC diagnostic ignored "-Wsign-compare"
#include "procmap/bpf/skeleton.h"
#pragma GCC diagnostic pop
#include "procmap/netns.h"

enum { BPF_EVENTS = 64 };

struct bpf {
	struct procmap_bpf *skeleton;
	uint32_t own_netns;
	uint8_t *consumer;	/* a page: where we are */
	const uint8_t *producer;	/* a page, then the data */
	struct event_process wrapped;	/* of two halves: end and begin */
	uint64_t lost;		/* events, at `drained` */
	int64_t drained;	/* us since boot */
	int64_t busy_until;	/* us since boot: there were many events */
	uint64_t sends;		/* at `checked` */
	int64_t checked, rest_since, rest_until;
	bool rested;		/* the send hook did */
	int unknown;		/* processes asked of /proc in this drain */
	uint32_t netns[NETNS_MAX];	/* met so far, by inode % NETNS_MAX */
	bool new_netns;
	struct sighting events[BPF_EVENTS];	/* gathered in this drain */
	size_t event_count;
	int64_t newest;		/* when the last one was, that is taken */
	uint32_t last_tgid, last_id;	/* of process_of() in this drain */
	uint64_t last_start;
};

#endif
#endif
