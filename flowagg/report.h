/* SPDX-License-Identifier: MIT
 *
 * One interval as text: a line of the snapshot stream, a table for people,
 * or CSV.
 */
#ifndef FLOWAGG_REPORT_H
#define FLOWAGG_REPORT_H

#include <stdbool.h>
#include <stdint.h>

#include "flowagg/aggregate.h"
#include "lib/buf.h"
#include "lib/protocol.h"

enum report_form { REPORT_JSON, REPORT_TEXT, REPORT_CSV };

/* Where a report goes: appended to `buf`.  Where `drain` is not null it is
 * called whenever much has gathered, to write and empty the buffer; false
 * stops the report. */
struct report_sink {
	struct buf buf;
	bool (*drain)(struct report_sink *);
};

/* The figures of one interval that no formatter has to work out itself. */
struct figures {
	uint64_t at;			/* ns of stream time */
	uint32_t second;		/* windows end before it */
	bool last;
	char time[32];			/* of people, RFC 3339 UTC */
	size_t flow_count;		/* rows in the table and just ended */
	uint64_t all[RATE_WINDOWS][2];	/* bytes in the windows */
	struct sum expired;		/* what is no longer listed */
	struct sum other;		/* what else is not shown */
};

/* Rank the rows of the aggregate (in a->rank) and sum up the rest. */
void report_figures(struct aggregate *, uint64_t at, bool last,
    struct figures *);

/* The flow of row `i`; what is needed for the next rows is brought into the
 * cache, if rows are looked at one after the other.  The first of them that
 * a thread looks at are fetched by themselves. */
const struct flow *report_flow(const struct aggregate *, size_t i);
void report_fetch(const struct aggregate *, size_t i);

/* Its bytes in the windows. */
void report_sums(const struct aggregate *, const struct figures *, size_t i,
    uint64_t sums[RATE_WINDOWS][2]);

/* Bytes per second of a window, by its place in rate_windows. */
uint64_t report_rate(const struct aggregate *, const struct figures *,
    unsigned window, uint64_t bytes);

void report_json(struct aggregate *, const struct figures *,
    struct report_sink *);
void report_text(struct aggregate *, const struct figures *,
    struct report_sink *);
void report_csv(struct aggregate *, const struct figures *,
    struct report_sink *);

/* One row of it. */
void report_json_row(struct buf *, const struct aggregate *,
    const struct figures *, size_t i);

/* The ends of a row as the streams show them, ours first; text is "" for an
 * end that a merged row does not have. */
struct row_ends {
	char src[ADDR_TEXT], dst[ADDR_TEXT];
	uint16_t src_port, dst_port;
};
void report_ends(const struct flow_key *, bool b_is_ours, struct row_ends *);
/* The name of a row's protocol, "" where a row may have several. */
void report_protocol(const struct flow_key *, char text[PROTOCOL_TEXT]);

/* What the streams call its direction and its interface, "" for none. */
const char *report_direction(const struct flow *);
const char *report_interface(const struct aggregate *, const struct flow *);

#endif
