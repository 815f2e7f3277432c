/* SPDX-License-Identifier: MIT
 *
 * The keeper: keeps a capture running.  It may open captures, so it never
 * looks at a packet; its child reads packets, so it may do nothing else.
 * Between children, and whenever there is something to tell, the keeper
 * writes the stream itself: see the pen in talk.h.
 */
#ifndef CAPD_KEEPER_H
#define CAPD_KEEPER_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "capd/capd.h"
#include "capd/ifaces.h"
#include "capd/retry.h"
#include "capd/ring.h"
#include "capd/settings.h"
#include "capd/shared.h"
#include "capd/talk.h"
#include "lib/control.h"

/* A capture child as the keeper sees it. */
struct child {
	pid_t pid;		/* 0: none */
	int end;		/* our end of the socket pair */
	bool ready;		/* its handles are open, it waits for TALK_GO */
	bool stopping;		/* told to, or it said that it would */
	int32_t linktypes[SOURCE_INTERFACES];
};

/* What a child was started for, while it is not in charge yet. */
enum keeper_why { WHY_START, WHY_RETRY, WHY_COMMAND };

struct keeper {
	const struct capd *capd;
	struct shared *shared;
	struct ring ring;
	bool file_due;		/* the first file of -w, and until it is open
				 * we are who started us */
	struct control control;	/* fd -1: none */
	int signals;		/* readable: somebody wants us to end */

	struct settings settings, wanted;
	struct child current;	/* writes the stream, or did last */
	struct child candidate;	/* is to take over */
	enum keeper_why why;
	char change[TALK_TEXT];	/* what the candidate brings, for an event */
	char trouble[TALK_TEXT];	/* why one of its interfaces is not open */
	uint64_t handover;	/* ts: older packets are the current's */

	bool pen, asked;
	struct record_writer out;	/* what we have to write */
	struct record_source source;
	struct buf described;	/* the source as it was written last */
	struct ifaces ifaces;
	int watch;		/* readable: interfaces changed */
	uint64_t look_at;	/* ms: when to see what did; 0: nothing */
	uint16_t map_count;	/* the interface list for `shared` */
	struct shared_interface map[SOURCE_INTERFACES];

	bool lost[SOURCE_INTERFACES];
	int32_t linktypes[SOURCE_INTERFACES];
	int file_linktype;	/* -1: none yet */
	struct retry retry;
	uint64_t retry_at, tried_at, tick_at, end_at, deadline;	/* ms; 0: not */

	bool started;		/* the source record is written */
	bool gone;		/* the reader left */
	bool ending, finished, over;
	int status;
};

/* Capture until the end; returns the exit status.  Members up to `signals`
 * and the settings are set, privilege is down to the capture's unless
 * `file_due`. */
int keeper_run(struct keeper *);

/*
 * Within the keeper: keeper.c
 */

/* An event for the stream. */
void keeper_say(struct keeper *, enum record_level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Begin the stream with its source record. */
void keeper_begin(struct keeper *);

/* End in good order: final tick, end record. */
void keeper_end(struct keeper *);

/* keeper_source.c: describe the source as it is now, in the stream too when
 * that differs from what was written; look for interfaces that went. */
void keeper_describe(struct keeper *);
void keeper_look(struct keeper *);
void keeper_map(struct keeper *);

/* Is it all interfaces that are captured on, in one? */
bool keeper_is_any(const struct keeper *);

/* keeper_child.c: start a candidate with `wanted`. */
void keeper_spawn(struct keeper *, enum keeper_why, bool partly);
void keeper_hear(struct keeper *, struct child *);
void keeper_take_over(struct keeper *);
void keeper_lose(struct keeper *, unsigned number, const char *text);
void keeper_retry(struct keeper *);
void keeper_stop(struct child *, uint64_t ts);
void keeper_kill(struct child *);

/* keeper_file.c: does every interface of a child fit the file of -w, which
 * has one link type? */
bool keeper_fits_file(struct keeper *, const struct child *);

/* The capture is known to be good, or waited for: open the first file, if it
 * is due, give up privilege and have the candidate write there.  False after
 * a message when all is over. */
bool keeper_open_file(struct keeper *);
void keeper_rotate(struct keeper *);

/* keeper_control.c: take the next command, if there is one. */
void keeper_command(struct keeper *);

#endif
