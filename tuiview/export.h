/* SPDX-License-Identifier: MIT
 *
 * What the export key writes: the rows as they are on the screen, as a
 * table to read, as CSV (RFC 4180) or as JSON.  Takes plain structs; knows
 * no screen.
 */
#ifndef TUIVIEW_EXPORT_H
#define TUIVIEW_EXPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"
#include "lib/format.h"

enum export_format { EXPORT_TEXT, EXPORT_CSV, EXPORT_JSON };

/* One way of a flow or of everything: bytes per second, and bytes; in the
 * text format packets, where the unit says so. */
struct export_side {
	uint64_t rate_2s, rate_10s, rate_40s, total, peak;
};

/* Texts are borrowed; null or empty means unknown.  Of a group only what
 * makes it one is known. */
struct export_row {
	const char *name;	/* a group's; null of a flow */
	uint32_t flows;		/* how many a group has */
	const char *src, *dst;	/* addresses */
	uint16_t src_port, dst_port;	/* 0: none */
	const char *src_name, *dst_name;
	const char *src_service, *dst_service;
	const char *protocol;		/* "tcp" */
	uint32_t pid;			/* 0: unknown */
	const char *process, *user;
	struct export_side sent, received;
};

struct export_table {
	const char *view;		/* "flows", "processes" ... */
	const char *group;		/* "PROCESS"...; null of flows */
	const char *time;		/* of the snapshot, RFC 3339 */
	const char *host, *interface, *filter;	/* may be null */
	enum format_unit unit;		/* of the text format */
	const struct export_row *rows;
	size_t count;
	struct export_side sent, received, both;	/* of everything */
};

/* Append the table in a format to the buffer.  Text formats are UTF-8, end
 * with a newline, show control characters as a dot and never cut a
 * character; in CSV and JSON numbers are plain bytes and bytes per second. */
void export_render(const struct export_table *, enum export_format,
    struct buf *);

/* Where the key writes: ~/.iftoprs.export.txt, .csv or .json; the caller
 * frees it.  Null without HOME. */
char *export_path(enum export_format);

/* Write the file: a new one put in the place of the old one, so that a
 * reader never sees half of it; mode 0600 when new.  A symbolic link is
 * followed only to a file of the user's own inside HOME.  False with a
 * message in *why, the caller's to free. */
bool export_write(const char *path, const struct export_table *,
    enum export_format, char **why);

#endif
