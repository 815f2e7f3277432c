/* SPDX-License-Identifier: MIT
 *
 * One poll by sock_diag and /proc: all sockets of our network namespace with
 * their holders.
 */
#ifndef PROCMAP_SURVEY_H
#define PROCMAP_SURVEY_H

#include "procmap/batch.h"
#include "procmap/scan.h"

/* Sorted. */
struct inodes {
	uint32_t *list;
	size_t count;
};

struct survey {
	struct scan scan;
	int64_t full_cost, full_at;	/* of the last full walk, us */
	int64_t some_cost, some_at;	/* of that of the holders */
	struct inodes nobodys;	/* without a holder then */
	struct inodes unknown;	/* without one in the last poll */
	int64_t begun;		/* the last poll */
	int64_t walked;		/* the last walk, us since boot */
};

/* False with errno when this system has no sock_diag. */
bool survey_open(struct survey *, const char *proc_root);

void survey_close(struct survey *);

/* Fill an empty batch.  False with batch->problem. */
bool survey_take(struct survey *, struct batch *);

#endif
