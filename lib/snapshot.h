/* SPDX-License-Identifier: MIT
 *
 * The snapshot stream, iftoprs-snapshot(5), as the filters behind flowagg
 * need it: read one line, look at its flows, and copy it with members
 * added.  All that is not understood is copied byte for byte, in order.
 *
 *	if (!snapshot_read(&s, line, len))
 *		complain(s.error);
 *	snapshot_notes_begin(&n);
 *	for (size_t i = 0; i < s.flow_count; i++) {
 *		json_member_unsigned(&n.flows, "pid", ...s.flows[i]...);
 *		snapshot_notes_next(&n);
 *	}
 *	json_open(&n.object, '{'); ... json_close(&n.object, '}');
 *	snapshot_annotate(&s, &n, &out);
 */
#ifndef LIB_SNAPSHOT_H
#define LIB_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/addr.h"
#include "lib/buf.h"
#include "lib/json_read.h"

enum { SNAPSHOT_SCHEMA = 1 };

/* A longer line is skipped by every reader, bytes; a buffer that grows to
 * hold it has room among the addresses that there are. */
#define SNAPSHOT_LONGEST ((size_t)1 << (SIZE_MAX > UINT32_MAX ? 30 : 28))

/* What a filter asks of a flow; absent members are 0. */
struct snapshot_flow {
	uint32_t node;		/* its object in snapshot.json */
	uint64_t id;
	struct addr src, dst;	/* family 0 when merged rows have none */
	uint16_t src_port, dst_port;
	uint8_t proto;		/* IP protocol number */
	bool has_icmp_id;
	uint16_t icmp_id;
	bool ended;
	uint64_t rate_10s;	/* sent + received, bytes per second */
	uint64_t delta;		/* sent + received, bytes */
	uint64_t total;		/* sent + received, bytes */
	uint64_t first_seen, last_seen;	/* ms since 1970 */
};

struct snapshot {
	struct json json;
	const char *line;	/* borrowed until the next read */
	size_t len;
	const char *error;	/* why snapshot_read() refused */
	bool other;		/* a JSON object, but not a snapshot: pass on */
	uint64_t ts;		/* ms since 1970 */
	uint64_t seq;
	double interval;	/* seconds; 0: none that makes sense */
	bool live;
	size_t flow_count;
	struct snapshot_flow *flows;	/* in the line's order; reused */
	size_t flow_size;
};

/* Read a line; its text must stay until the snapshot is no longer used.
 * False with ->error when it is not JSON, of an unknown schema, or an
 * object that is no snapshot, for which ->other is set. */
bool snapshot_read(struct snapshot *, const char *line, size_t len);
void snapshot_done(struct snapshot *);

/* What the first line (or what there is of it) is instead of a snapshot, and
 * what to do about it, to be told to people; null: it may be one, or just
 * bad. */
const char *snapshot_instead(const char *text, size_t len);

/* What to add to a snapshot. */
struct snapshot_notes {
	const char *name;	/* of the top-level object to add */
	const char *const *members;	/* names that are ours in a flow, ends
				 * with null; earlier ones are replaced */
	struct buf object;	/* its value: JSON text; empty: none */
	struct buf flows;	/* members for each flow in turn, "a":1,"b":2,
				 * closed by snapshot_notes_next() */
	struct buf events;	/* objects for events[], with commas */
};

/* Another snapshot: forget the object and the flows' members.  _next() ends
 * those of a flow, of which there may be none. */
void snapshot_notes_begin(struct snapshot_notes *);
void snapshot_notes_next(struct snapshot_notes *);
void snapshot_notes_done(struct snapshot_notes *);

/* Add a member to what is to be an events[]. */
void snapshot_event(struct buf *events, const char *level, const char *from,
    const char *text);

/* Add an event for the next line's events[]; it survives _begin() until
 * snapshot_annotate() has written it.  Once there are SNAPSHOT_EVENTS bytes of
 * them, further ones are left out, and the last one says so. */
enum { SNAPSHOT_EVENTS = 65536 };
void snapshot_notes_event(struct snapshot_notes *, const char *level,
    const char *from, const char *text);

/* Append the line with the notes, and its newline, to *out.  Fewer notes
 * than flows: the rest stays as it is. */
void snapshot_annotate(const struct snapshot *, struct snapshot_notes *,
    struct buf *out);

#endif
