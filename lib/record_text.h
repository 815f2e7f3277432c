/* SPDX-License-Identifier: MIT
 *
 * Records as text: NDJSON, written and read, and TSV, written.  Used by
 * record_read.c and record_write.c alone.
 */
#ifndef LIB_RECORD_TEXT_H
#define LIB_RECORD_TEXT_H

#include "lib/json_read.h"
#include "lib/record.h"

/* Append one line.  `name` is the interface's. */
void record_text_packet(struct buf *, const struct record_packet *,
    const char *name);
void record_text_tick(struct buf *, const struct record_tick *);
void record_text_event(struct buf *, uint64_t ts, enum record_level,
    const char *text);
void record_text_end(struct buf *, uint64_t ts);

/* The TSV form: a heading, then a line a packet; other records are lines
 * that start with '#'. */
void record_tsv_heading(struct buf *);
void record_tsv_packet(struct buf *, const struct record_packet *,
    const char *name);
void record_tsv_note(struct buf *, const char *json_line, size_t len);

/* The source as it came, with the interfaces met since added to it. */
struct record_names {
	struct record_source source;
};

/* Turn one parsed line into slots, appended to `slots`.  A name that is new
 * also appends a fresh source record.  False when it is no record. */
bool record_text_parse(const struct json *, struct record_names *,
    struct buf *slots);

#endif
