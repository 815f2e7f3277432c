/* SPDX-License-Identifier: MIT
 *
 * What the programs in the kernel tell: records in the ring buffer, and the
 * same ones read from the iterator.
 */
#ifndef PROCMAP_BPF_EVENT_H
#define PROCMAP_BPF_EVENT_H

#ifndef __bpf__
#include <stdint.h>
#endif

enum event_kind { EVENT_OWNER = 1, EVENT_PROCESS, EVENT_SOCKET, EVENT_NETNS,
	EVENT_FILES };

enum event_flags {
	EVENT_CLIENT = 1,	/* this end connected */
	EVENT_LISTENS = 2,
	EVENT_ENDED = 4,	/* it has closed already */
	EVENT_RAW = 8,		/* a raw socket: takes all of its protocol */
	EVENT_V6ONLY = 16,
	EVENT_KTHREAD = 32,	/* the process is a kernel thread */
	EVENT_PATH_CUT = 64,	/* the executable's path is not whole */
	EVENT_SHORT = 128,	/* IPv4: only EVENT_SHORT_SIZE bytes of it */
};

/* An owner of a socket, from `ts` on (EVENT_OWNER), or a holder now
 * (EVENT_SOCKET); EVENT_NETNS only says which namespace `tgid` is in, and
 * EVENT_FILES that it may hold sockets which nobody tells of. */
struct event_owner {
	uint8_t kind, proto, flags;
	uint8_t reuse;		/* others may be bound to its port, too */
	uint32_t netns;
	uint64_t ts;		/* ns since boot: since when it owns it */
	uint64_t start;		/* of the process, ns since boot */
	uint32_t tgid;
	uint16_t lport, rport;
	union {
		uint64_t inode;	/* EVENT_SOCKET */
		uint64_t end;	/* EVENT_ENDED: when, ns since boot */
	};
	union {
		struct {	/* EVENT_SHORT */
			uint32_t local4, remote4;
		};
		struct {
			uint8_t local[16], remote[16];
		};
	};
};

enum { EVENT_SHORT_SIZE = 48 };	/* up to remote4 */

enum { EVENT_CGROUPS = 192, EVENT_CGROUP = 160, EVENT_PATH = 256,
	EVENT_PART = 128 };

/* Who a process is. */
struct event_process {
	uint8_t kind, unused, flags, parts;
	uint32_t tgid;
	uint64_t start;
	uint32_t uid, ppid;
	char comm[16];		/* of the group leader */
	/* The names of its cgroup and of those above it, and the components
	 * of its executable's path: innermost first, each with its NUL; so
	 * many bytes in all. */
	uint32_t cgroups_len, path_len;
	char cgroups[EVENT_CGROUPS + EVENT_CGROUP];
	char path[EVENT_PATH + EVENT_PART];
};

/* One per processor, to be summed. */
struct event_counter {
	uint64_t sends;		/* runs of the send hook */
	uint64_t lost;		/* the ring was full */
	uint64_t lost_since;	/* the first time since the user's end made
				 * this 0; ns since boot */
	uint64_t unused[5];
};

enum { EVENT_CPUS = 64, EVENT_RING = 2 << 20 };

#endif
