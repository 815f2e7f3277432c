/* SPDX-License-Identifier: MIT
 *
 * The keeper and the files of -w: the first one is opened when it is known
 * that there is something to take the place of what it holds, the next ones
 * when the child asks.
 */
#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "capd/keeper.h"
#include "capd/privilege.h"

bool
keeper_fits_file(struct keeper *k, const struct child *c)
{
	int type = k->file_linktype;
	if (k->ring.path == NULL)
		return true;
	for (unsigned i = 0; i < k->wanted.count; i++) {
		if (c->linktypes[i] == -1)
			continue;
		if (type != -1 && type != c->linktypes[i])
			return false;
		type = c->linktypes[i];
	}
	k->file_linktype = type;
	return true;
}

static bool
open_first(struct keeper *k)
{
	const char *what;
	char *name;
	if (!ring_open(&k->ring, &name)) {
		/* A FIFO waits for its reader, until a signal comes. */
		bool stopped = errno == EINTR;
		if (!stopped)
			warn("%s", name);
		free(name);
		k->status = stopped ? EXIT_SUCCESS : EXIT_FAILURE;
		return false;
	}
	/* A ring of files without root needs a directory of its own user. */
	if (privilege_keep_capture(k->ring.rotates, &what))
		return true;
	warn("cannot %s", what);
	k->status = EXIT_FAILURE;
	return false;
}

bool
keeper_open_file(struct keeper *k)
{
	struct talk t = { .type = TALK_FILE };
	if (!k->file_due)
		return true;
	k->file_due = false;
	if (!open_first(k)) {
		k->over = true;
		return false;
	}
	if (k->candidate.ready)
		talk_send(k->candidate.end, &t, k->ring.fd);
	return true;
}

void
keeper_rotate(struct keeper *k)
{
	struct talk t = { .type = TALK_FILE };
	char *name;
	if (!k->ring.rotates)
		return;		/* a child that is no longer itself */
	if (!ring_next(&k->ring, &name)) {
		keeper_say(k, LEVEL_ERROR, "%s: %s; the file before goes on",
		    name, strerror(errno));
		free(name);
		talk_send(k->current.end, &t, -1);
		return;
	}
	talk_send(k->current.end, &t, k->ring.fd);
	/* One that takes over soon has the file before. */
	if (k->candidate.pid != 0)
		talk_send(k->candidate.end, &t, k->ring.fd);
}
