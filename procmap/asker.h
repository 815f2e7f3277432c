/* SPDX-License-Identifier: MIT
 *
 * Exact questions about single flows, a few milliseconds' worth per
 * snapshot: the kernel tells the socket, the last poll tells its holder.
 */
#ifndef PROCMAP_ASKER_H
#define PROCMAP_ASKER_H

#include <stdbool.h>
#include <stdint.h>

#include "procmap/batch.h"
#include "procmap/match.h"

enum { ASKER_MEMORY = 8192 };	/* questions remembered; a newer one takes
				 * an older one's place */

struct asked {
	uint64_t key;		/* hash of the question */
	int64_t first;		/* when it was asked first, */
	int64_t last;		/* and last */
	uint32_t inode;		/* 0: there was no such socket */
};

struct asker {
	int fd;			/* diag_open(), or -1 */
	struct batch *batch;	/* the last one with holders, or null */
	struct owners *owners;
	struct processes *processes;
	int64_t deadline;	/* no question later than this */
	bool wants_poll;	/* a holder is not known yet */
	struct asked memory[ASKER_MEMORY];
};

/* A snapshot begins: so many microseconds may be spent on it. */
void asker_begin(struct asker *, int64_t budget);

/* For match_env.ask; state is a struct asker.  Several sockets may have a port:
 * then s->process is who is known to use it, and stays that where the answer
 * is a socket that it holds with others; and s->reuse says of the answer that
 * another process has such a socket. */
bool asker_ask(void *, const struct sock_key *, int64_t first, int64_t last,
    struct sighting *, enum match_why *);

#endif
