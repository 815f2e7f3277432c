/* SPDX-License-Identifier: MIT
 *
 * One snapshot: read it, see what its flows need, write it with the names
 * known by then.
 */
#ifndef NAMEMAP_ANNOTATE_H
#define NAMEMAP_ANNOTATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"
#include "lib/snapshot.h"
#include "namemap/lookups.h"
#include "namemap/services.h"

struct annotator {
	struct lookups *lookups;	/* both are the caller's */
	const struct services *services;
	const char *source;		/* "dns" or "nss" */
	bool show_services;
	bool show_own;
	uint64_t bad_lines;		/* set by the caller */

	struct snapshot snapshot;
	struct snapshot_notes notes;
	struct buf folded;		/* the line without our own flows */
	size_t own_flows;
	const struct cache_entry **ends;	/* two a flow, may be null */
	size_t ends_size;
};

void annotator_init(struct annotator *, struct lookups *,
    const struct services *, const char *source);
void annotator_done(struct annotator *);

/* Read a line, which must stay until _write(), and see what it lacks.
 * False when it is none: ->snapshot.other and .error say what it is. */
bool annotator_read(struct annotator *, const char *line, size_t len,
    uint64_t now);

/* Append it with its notes to *out. */
void annotator_write(struct annotator *, struct buf *out);

/* Tell the reader something, in the next snapshot's events. */
void annotator_event(struct annotator *, const char *level,
    const char *text);

#endif
