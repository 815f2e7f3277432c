/* SPDX-License-Identifier: MIT
 *
 * A capture file being turned into records: what the parts of that share.
 */
#ifndef CAPD_FILE_H
#define CAPD_FILE_H

#include "capd/capd.h"
#include "capd/decode.h"
#include "capd/filter.h"
#include "capd/pace.h"
#include "capd/pcapfile.h"
#include "capd/ticks.h"
#include "lib/control.h"
#include "lib/record.h"

struct file {
	const struct capd *c;
	const char *name;		/* for messages */
	int fd;
	bool waits;			/* reading may wait: no regular file */
	struct pcapfile *in;
	struct decoder *decoder;
	struct filter *filter;
	struct control control;
	struct record_writer out;
	struct record_counters counters;
	struct ticks ticks;
	struct pace pace;
	bool started;			/* the source record is written */
	uint16_t interfaces;		/* and tells of so many */
	char session[17];
	uint64_t start, end;		/* of the packets that are wanted */
	uint64_t ts;			/* of the packet at hand */
	uint64_t flushed;		/* real time */
	uint64_t undecoded;		/* frames of unknown link types */
	int status;			/* to exit with */
	bool stop;			/* no more packets are wanted ... */
	bool gone;			/* ... nor anything, the reader left */
};

/* file.c: write these; false when the reader left (->gone, ->stop). */
bool file_tick(struct file *, uint64_t ts);
bool file_event(struct file *, enum record_level, const char *text);
bool file_flush(struct file *);

/* file_wait.c */

/* Until the packet at hand is due; false when it is not wanted any more. */
bool file_wait_packet(struct file *);

/* Until there is input; false when no more is wanted. */
bool file_wait_input(struct file *);

/* Carry out commands from the control file; cheap when there are none. */
void file_commands(struct file *);

/* Monotonic, ns. */
uint64_t file_clock(void);

/* SIGINT and SIGTERM end the reading; a second one ends the program. */
void file_catch_signals(void);

#endif
