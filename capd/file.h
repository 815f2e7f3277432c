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
#include "capd/pcapwrite.h"
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
	bool takes_all;			/* every packet, and at once */
	uint64_t ts;			/* of the packet at hand */
	uint64_t filtered;		/* packets that the filter left out */
	uint64_t late;			/* the number in the file of the first
					 * late packet in a row */
	uint64_t flushed;		/* real time */
	uint64_t undecoded;		/* frames of unknown link types */
	struct pcapwrite copy;		/* -w */
	int copy_linktype;
	bool copy_begun;		/* the link type is written */
	uint64_t not_copied;		/* of other link types */
	int status;			/* to exit with */
	bool stop;			/* no more packets are wanted ... */
	bool gone;			/* ... nor anything, the reader left */
};

/* file.c: write these; false when that failed (->gone, ->stop). */
bool file_tick(struct file *, uint64_t ts);
bool file_event(struct file *, enum record_level, const char *text);
bool file_flush(struct file *);

/* What became of a write to standard output; the same. */
bool file_wrote(struct file *, bool good);

/* file_open.c */

/* Open the file of -r; false after a message. */
bool file_open(struct file *, const struct capd *);

/* Open the files of -w and --control, and give up privilege: before the
 * first byte is read.  False after a message. */
bool file_open_outputs(struct file *);
void file_close(struct file *);

/* Is it a capture, and does the filter fit?  Reads no further than the first
 * packet, of which *first tells if *status says so.  False when there is
 * nothing to go on with: ->status says whether that is a failure. */
bool file_look(struct file *, struct pcapfile_packet *first,
    enum pcapfile_status *status);

/* Begin what -w writes with this link type, unless it has one. */
void file_begin_copy(struct file *, int linktype);

/* Get ready to decode, and enter the sandbox.  False after a message. */
bool file_prepare(struct file *);

/* file_source.c */

/* Write the source as far as it is known: once, and when there is more. */
bool file_write_source(struct file *);

/* Name the session by the content; `first` is null without packets. */
void file_make_session(struct file *, const struct pcapfile_packet *first);

/* Say on standard error that a link type is not decoded. */
void file_tell_undecoded(const struct file *, int linktype);

/* Say, there and in an event, if the filter can match nothing of a link type;
 * once for each. */
void file_tell_filter(struct file *, int linktype);

/* file_wait.c */

/* Until the packet at hand is due; false when it is not wanted any more. */
bool file_wait_packet(struct file *);

/* Until there is input; false when no more is wanted. */
bool file_wait_input(struct file *);

/* Carry out commands from the control file; cheap when there are none.  Also
 * finds out whether all packets are taken from here on. */
void file_commands(struct file *);

/* Monotonic, ns. */
uint64_t file_clock(void);

/* SIGINT, SIGTERM and SIGHUP end the program, which may be waiting for long
 * for who writes to a FIFO, or for names of a filter.  Once they are answered
 * they end the reading, and a second one the program, as does a reader who
 * does not take the rest for two seconds. */
void file_catch_signals(void);
void file_answer_signals(void);

#endif
