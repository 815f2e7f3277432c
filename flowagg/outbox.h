/* SPDX-License-Identifier: MIT
 *
 * Where finished reports wait for the reader.  A file source waits with
 * them; a live one does so only at its end: while a report is still on its
 * way, the reader is not ready, and the next ones are skipped and counted.
 */
#ifndef FLOWAGG_OUTBOX_H
#define FLOWAGG_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "flowagg/report.h"

struct outbox {
	struct report_sink sink;	/* must be the first member */
	int fd;
	bool waits;		/* block until the reader has taken it all */
	size_t sent;		/* bytes of the sink already written */
	int error;		/* errno of a failed write; EPIPE: left */
};

void outbox_init(struct outbox *, int fd);
void outbox_done(struct outbox *);

/* Has the reader taken the last report whole? */
bool outbox_is_ready(struct outbox *);

/* A report is in the sink: send it, or as much as goes without waiting. */
void outbox_send(struct outbox *);

/* Is something waiting to be written?  Then poll(2) for POLLOUT. */
bool outbox_is_pending(const struct outbox *);

#endif
