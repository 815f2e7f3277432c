/* SPDX-License-Identifier: MIT
 *
 * Who holds which socket inode: a walk of /proc that looks again only at
 * processes that are new or whose number of descriptors changed.
 */
#ifndef PROCMAP_SCAN_H
#define PROCMAP_SCAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "procmap/socket.h"

/* A process that the walk has seen. */
struct scan_process {
	uint32_t pid;
	bool readable;		/* its descriptors could be listed */
	bool identified;
	bool seen;
	bool by_thread;		/* its first thread has ended, and with it what
				 * tells how many descriptors there are */
	bool apart;		/* it has sockets besides those of its first
				 * thread's descriptors */
	int fd;			/* /proc/PID/fd, which tells much quicker when it
				 * is kept; -1: too many are */
	uint64_t inode;		/* of /proc/PID/fd: another one, another life */
	int64_t changed;
	uint64_t descriptors;
	uint32_t *sockets;	/* inodes, in no order */
	size_t count, size;
	uint64_t cgroup;	/* id of its cgroup; 0: not known, or the root */
	struct proc_info info;	/* when identified */
};

struct scan {
	const char *root;	/* "/proc" */
	struct scan_process **list;	/* sorted by pid */
	size_t count, size;
	bool hidden;		/* there may be processes that we do not see */
	bool complete;		/* there are none, and all could be read */
	bool in_first_namespace;
	bool counted;		/* the kernel tells how many descriptors */
	size_t kept, keep;	/* descriptors of ours, and how many may be */
};

/* Are we in the first pid namespace?  In others there is no word of the
 * processes outside. */
bool scan_in_first_namespace(void);

void scan_init(struct scan *, const char *root);
void scan_done(struct scan *);

/* Walk.  With `all`, look at every process again. */
bool scan_run(struct scan *, bool all);

/* Look again at those that had sockets: their descriptors may be as many as
 * before, and others.  Not at ones with more than so many. */
void scan_holders(struct scan *, size_t most);

/* Fill in who the process is: name, uid, exe, unit, container. */
void scan_identify(struct scan *, struct scan_process *);

/* Who a process is, from its /proc texts, as far as it may be read. */
bool scan_read_process(const char *root, uint32_t pid, struct proc_info *,
    uint64_t *cgroup);

#endif
