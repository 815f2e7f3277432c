/* SPDX-License-Identifier: MIT
 *
 * A control file: a FIFO from which a running stage takes one-line text
 * commands, "word argument...", from anyone who may write to it.
 */
#ifndef LIB_CONTROL_H
#define LIB_CONTROL_H

#include <stdbool.h>

#include "lib/lines.h"

struct control {
	int fd;			/* to poll(2) for POLLIN; -1 when closed */
	struct lines lines;
	uint64_t told;		/* of lines.too_long */
};

/* Open the FIFO at `path` for reading, making it (mode 0600) where there is
 * none.  It stays open for writing too, so it never reports an end.  False
 * with errno when it cannot be made or is no FIFO (ENOTSUP). */
bool control_open(struct control *, const char *path);
void control_close(struct control *);

/* The next whole command in *word, with the rest of its line, without
 * surrounding blanks, in *argument ("" when there is none).  False when
 * there is none now.  Both are valid until the next call.  A line that is
 * too long comes as a word that is no command and says so. */
bool control_next(struct control *, char **word, char **argument);

#endif
