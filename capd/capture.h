/* SPDX-License-Identifier: MIT
 *
 * What the capture child knows, and its reading half: frames in, records
 * and counters out.  Used by child.c, and by waiting.c for it.
 */
#ifndef CAPD_CAPTURE_H
#define CAPD_CAPTURE_H

#include <stdbool.h>
#include <stdint.h>

#include "capd/batch.h"
#include "capd/child.h"
#include "capd/decode.h"
#include "capd/output.h"
#include "capd/pcapwrite.h"
#include "capd/source_live.h"

struct capture {
	const struct child_start *start;
	struct output output;
	struct source_live sources[SOURCE_INTERFACES];
	unsigned alive;		/* sources that are open */
	unsigned reading;	/* which one */
	struct decoder *decoder;
	struct pcapwrite file;
	uint64_t file_most;	/* bytes, then comes the next; 0: no end */
	bool asked_file;	/* for the next one */
	int netlink;		/* for wire_read() */
	uint64_t from, until;	/* ts: only packets in between are ours; 0: no
				 * older ones come any more */
	uint64_t stop_due;	/* ms: `until` and the hold are over */
	bool settled;		/* the wire's counters are those of `until` */
	uint64_t left;		/* of -n */
	struct shared_totals totals;
	struct batch batch;
	bool reader_left;	/* only the file of -w is still written */
	int error;		/* errno of a failed write ... */
	const char *failed;	/* ... of the file of -w, or null */
};

/* We have the pen for the first time: take over totals. */
void capture_begin(struct capture *);

/* Told to stop, and the time has come: what the interfaces count from here
 * on is no longer ours. */
void capture_settle(struct capture *);

/* The keeper may have changed the interface list while it had the pen. */
void capture_interfaces(struct capture *);

/* A write to the file of -w failed, with errno. */
void capture_file_failed(struct capture *);

/* Is the file of -w due to be followed by the next one? */
bool capture_is_full(const struct capture *);

/* Read what source `i` has, as far as the file of -w takes it.  False when
 * it is lost, with a message. */
bool capture_read(struct capture *, unsigned i, char text[TALK_TEXT]);

/* Nobody reads the records any more.  True with ->reader_left when there is a
 * file of -w to go on with, else false with ->error. */
bool capture_reader_left(struct capture *);

/* Write what was read, and make it count.  False with ->error. */
bool capture_flush(struct capture *);

/* Write a tick: all older than `wall` minus the hold was read.  False with
 * ->error. */
bool capture_tick(struct capture *, uint64_t wall);

#endif
