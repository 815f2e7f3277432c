/* SPDX-License-Identifier: MIT
 *
 * What keeper and capture child say to each other: messages of one size
 * over a socket pair, now and then with a descriptor.
 *
 * The pen.  Both write the one record stream, so exactly one of them may
 * at a time, the holder of the pen.  The child gets it with TALK_GO or
 * TALK_RESUME.  TALK_PAUSE asks for it; the child finishes the records it
 * has, answers TALK_PAUSED and writes no more.  A child's end returns it.
 */
#ifndef CAPD_TALK_H
#define CAPD_TALK_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/record.h"

enum talk_type {
	/* From the keeper. */
	TALK_GO = 1,		/* ts: leave out packets before it; 0: none */
	TALK_PAUSE,
	TALK_RESUME,
	TALK_STOP,		/* ts: leave out packets from it on, and end */
	TALK_FILE,		/* with the next file for -w, if there is one */
	/* From the child. */
	TALK_CANNOT,		/* open interface `number`: reason, text */
	TALK_FAILED,		/* start at all: reason, text */
	TALK_READY,		/* linktypes; waits for TALK_GO */
	TALK_PAUSED,
	TALK_LOST,		/* interface `number`: reason, text */
	TALK_ROTATE,		/* the file of -w is full */
	TALK_DONE,		/* all the packets of -n were seen */
	TALK_READER_LEFT,	/* nobody reads standard output */
	TALK_BROKEN,		/* standard output or -w failed: text */
};

enum talk_reason {
	REASON_NONE,
	REASON_DOWN,		/* or gone; may come back: worth a retry */
	REASON_DENIED,
	REASON_LINKTYPE,	/* that is not decoded */
	REASON_FILTER,
	REASON_OTHER,
};

enum { TALK_TEXT = 512 };

struct talk {
	uint32_t type;		/* enum talk_type */
	uint32_t number;
	uint32_t reason;	/* enum talk_reason */
	uint32_t zero;
	uint64_t ts;
	int32_t linktypes[SOURCE_INTERFACES];	/* DLT_; -1: not open */
	char text[TALK_TEXT];
};

/* Both ends; false with errno. */
bool talk_open(int ends[2]);

/* False with errno when the other side is gone or takes no more now. */
bool talk_send(int end, const struct talk *, int fd);
bool talk_say(int end, enum talk_type);

/* The next message without waiting: 1 got one (*fd is -1 or a descriptor,
 * now ours), 0 none is there, -1 the other side is gone. */
int talk_receive(int end, struct talk *, int *fd);

#endif
