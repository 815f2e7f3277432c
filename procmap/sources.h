/* SPDX-License-Identifier: MIT
 *
 * The source of knowledge in use: chosen, opened with privilege, then run
 * without.
 */
#ifndef PROCMAP_SOURCES_H
#define PROCMAP_SOURCES_H

#include <stdbool.h>
#include <stdint.h>

#include "procmap/annotate.h"
#include "procmap/asker.h"
#include "procmap/degraded.h"
#include "procmap/poller.h"
#include "procmap/quiet.h"

enum source_kind { SOURCE_AUTO, SOURCE_BPF, SOURCE_DIAG, SOURCE_LSOF,
	SOURCE_FILE };

struct sources {
	enum source_kind kind;
	const char *path;	/* of SOURCE_FILE, */
	int recording;		/* and that, until it is read */
	double interval;	/* seconds between polls; 0: what suits */
	struct degraded degraded;
	const char *news;	/* to be told in the stream, or null */
	struct bpf *bpf;	/* null: not in use */
	uint64_t lost;		/* events, so far */
	int64_t unsure_from;	/* not all since then is taken over; or 0 */
	struct nat *nat;	/* null: not in use, */
	bool may_not_ask;	/* for want of privilege */
	bool untaken;		/* more translations are told of */
	struct quiet quiet;	/* the poller's */
	struct survey *survey;	/* the poller's; null: not in use */
	struct poller *poller;
	struct asker *asker;
	struct batch *merging;	/* being taken over */
	struct batch *batch;	/* the last one with holders */
	struct addresses addresses;
	struct owners *owners;
	struct processes *processes;
	bool paused;
};

/* Choose and open, with the privilege that we have, then give it up.  A
 * recording that is a FIFO is waited for. */
void sources_open(struct sources *, enum source_kind);

/* Start polling: threads begin here.  Waits a little for the first poll,
 * so that a single snapshot finds something too. */
void sources_start(struct sources *);

/* Take over what polls and events brought, as much as can be done at once;
 * true when there is more. */
bool sources_update(struct sources *);

/* How often the kernel had no room for what it tells. */
uint64_t sources_lost(const struct sources *);

/* Do so many events come that they are to be taken over more often? */
bool sources_busy(const struct sources *);

/* Before a snapshot, and after it: so many flows of ours found no socket. */
void sources_prepare(struct sources *, struct match_env *);
void sources_finish(struct sources *, uint64_t unseen);

void sources_pause(struct sources *, bool paused);

/* End all of it.  False when the polling thread takes longer than so many
 * milliseconds: then nothing is freed. */
bool sources_close(struct sources *, int milliseconds);

/* Descriptor that becomes readable when there is something to update. */
int sources_fd(const struct sources *);

/* The name for the stream. */
const char *sources_name(const struct sources *);

#endif
