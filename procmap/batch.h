/* SPDX-License-Identifier: MIT
 *
 * What one poll of the system found, built in a thread of its own and taken
 * over by the main loop.
 */
#ifndef PROCMAP_BATCH_H
#define PROCMAP_BATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "procmap/addresses.h"
#include "procmap/owners.h"
#include "procmap/processes.h"

enum { BATCH_MAX = 1 << 20 };	/* sightings, and processes; more are left
				 * out and the batch is not complete */

struct holder {
	uint32_t inode;
	uint32_t process;	/* index + 1; when merged an id; 0: nobody */
	uint8_t via;
};

struct batch {
	enum sock_via via;
	int64_t begin;		/* microseconds since boot */
	bool complete;		/* no process, nor a socket of one, is missing */
	bool late;		/* some holders are left for a later poll */
	bool rings;		/* root has sockets that it does not tell of,
				 * perhaps */
	bool cut;		/* there are more sockets than are in it */
	bool has_holders;	/* inodes were looked at */
	bool blind;		/* the addresses of other namespaces may not be
				 * read */
	bool wanted;		/* somebody asked for this poll */
	bool addresses_only;	/* it was left out but for them */
	struct sighting *socks;	/* process: index + 1 in procs, 0: unknown */
	size_t count, size;
	struct proc_info *procs;
	size_t proc_count, proc_size;
	struct holder *holders;	/* sorted by inode */
	size_t holder_count, holder_size;
	struct addresses addresses;
	char problem[256];	/* why the poll failed; empty: it did not */
	int64_t spent;		/* us of processor time of a child */
	struct batch *next;	/* the keeper's */
	uint32_t *ids;		/* of procs, while it is merged */
	size_t merged;		/* steps done */
};

struct batch *batch_new(enum sock_via);
void batch_free(struct batch *);

/* How much there is to merge. */
size_t batch_size(const struct batch *);

/* Null at the bound. */
struct sighting *batch_socket(struct batch *);
struct proc_info *batch_process(struct batch *);
void batch_holder(struct batch *, uint32_t inode, uint32_t process,
    enum sock_via);

/* Note which of them several sockets have, by their inodes, of those that have
 * no remote.  (A descriptor that was handed on is the same socket.) */
void batch_find_reuse(struct batch *);

/* Sort the holders; the last step of building. */
void batch_finish(struct batch *);
const struct holder *batch_find_holder(const struct batch *, uint32_t inode);

/* Put it into the tables, so many processes and sockets at a time; true when
 * all is done: then holders name process ids. */
bool batch_merge(struct batch *, struct owners *, struct processes *,
    size_t most);

/* What is of no use once it is merged: all but the holders. */
struct batch *batch_rest(struct batch *);

#endif
