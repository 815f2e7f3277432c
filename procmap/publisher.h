/* SPDX-License-Identifier: MIT
 *
 * Whose program is it: the package that owns an executable, its SHA-256, and
 * whether it is what the package installed.  Found in a thread; each
 * executable once, and again when the file has changed.  Of a container's,
 * what was found stays when the process has ended through which it was.  At
 * most PUBLISHER_MAX executables are remembered, later ones stay unknown.
 */
#ifndef PROCMAP_PUBLISHER_H
#define PROCMAP_PUBLISHER_H

#include <stdbool.h>

#include "procmap/processes.h"

enum { PUBLISHER_MAX = 4096 };

struct publisher_answer {
	const char *package;	/* all null while not known yet */
	const char *publisher;	/* the package, or "unpackaged" */
	const char *sha256;
	bool checked;		/* the database has a digest of the file */
	bool verified;		/* and it is the file's */
};

struct publisher;

struct publisher *publisher_new(void);

/* False when its thread does not end within so many milliseconds. */
bool publisher_stop(struct publisher *, int milliseconds);

/* Texts stay valid as long as the program runs. */
void publisher_ask(struct publisher *, const struct process *,
    struct publisher_answer *);

#endif
