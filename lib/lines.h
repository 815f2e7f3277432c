/* SPDX-License-Identifier: MIT
 *
 * Lines from a descriptor, of bounded length, without ever reading more
 * than once per call: fits a poll(2) loop.
 */
#ifndef LIB_LINES_H
#define LIB_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"

struct lines {
	int fd;
	size_t max;		/* a longer line is skipped and counted */
	struct buf buf;
	size_t next;		/* where the next line starts */
	size_t seen;		/* no newline before here */
	bool skipping;
	bool ended;
	uint64_t number;	/* of the line returned last, from 1 */
	uint64_t too_long;	/* lines skipped for their length */
};

/* Lines of at most `max` bytes from `fd`, which stays the caller's. */
void lines_init(struct lines *, int fd, size_t max);
void lines_done(struct lines *);

/* One read(2).  1: got bytes, 0: end of input, -1: errno (EAGAIN: nothing
 * there on a non-blocking descriptor). */
int lines_fill(struct lines *);

/* The next complete line without its newline, NUL-terminated, valid until
 * the next lines_fill(); a last line without newline counts once the input
 * has ended.  Null when lines_fill() is needed. */
char *lines_next(struct lines *, size_t *len);

/* What is there of the line that lines_next() waits for, valid as long. */
const char *lines_begun(const struct lines *, size_t *len);

#endif
