/* SPDX-License-Identifier: MIT
 *
 * The heart: records in, and at each interval of the stream's own time a
 * call with everything that a snapshot says.  Reads no clock, does no
 * input or output: the same records give the same calls.
 *
 * Stream time never goes back.  When the capturing host's clock does, by
 * more than a second at a tick (without ticks, at ten packets in a row), the
 * difference is added to all later times and an event tells of it; what is
 * shown is the host's time again.  Where a file steps back, what was before
 * that is still shown with its own time; a packet that comes late and lies
 * before the last step counts when its time came before that.
 */
#ifndef FLOWAGG_AGGREGATE_H
#define FLOWAGG_AGGREGATE_H

#include <stdbool.h>
#include <stdint.h>

#include "flowagg/alert.h"
#include "flowagg/flows.h"
#include "flowagg/group.h"
#include "flowagg/interfaces.h"
#include "flowagg/late.h"
#include "flowagg/orient.h"
#include "flowagg/past.h"
#include "flowagg/rank.h"
#include "flowagg/steps.h"
#include "flowagg/totals.h"
#include "lib/record.h"

enum { NS_PER_SECOND = 1000000000, NS_PER_MS = 1000000,
	MS_PER_SECOND = 1000 };

/* What flowagg was asked for. */
struct settings {
	uint64_t interval;	/* ns */
	uint32_t top;		/* rows shown; 0: all */
	enum rank_key sort;
	enum group by;
	unsigned history;	/* samples, 0 to RATE_HISTORY */
	bool final;		/* one snapshot, at the end */
	bool bytes;		/* rates for people in bytes, not bits */
	uint32_t idle;		/* seconds that a silent flow is kept */
	uint32_t max_flows;
};

/* Something to tell in the next snapshot. */
struct event {
	const char *level, *from;	/* constants */
	char *text;
};

struct aggregate {
	struct settings settings;
	struct record_source source;
	bool has_source;
	struct interfaces interfaces;
	struct orient orient;

	struct flows flows;	/* conversations */
	struct flows rows;	/* merged, when ->settings.by asks for it */
	struct past past;
	struct rank rank;
	struct totals totals;
	struct totals before;	/* as they were at the last snapshot */
	struct alerts alerts;
	struct sum expired;	/* rows of another --by, when it changed */

	uint64_t start, now;	/* ns of stream time */
	uint64_t offset;	/* stream time less the records' time: whole
				 * ms, as flows know times */
	struct steps steps;	/* back, in a file */
	struct late late;
	uint64_t next_second;	/* ns: when alerts are looked at next */
	uint64_t next_snapshot;	/* ns */
	uint64_t last_snapshot;	/* ns: up to where the last one told */
	uint64_t seq, skipped, evicted;

	struct record_tick tick;	/* the last one; kind 0: none yet */
	uint64_t record_packets, record_bytes;	/* since the start */
	uint64_t ticked_packets, ticked_bytes;	/* ... up to the last tick */
	uint64_t lost;		/* packets that capd counted, not seen here */
	struct record_counters base;	/* what had been at aggregate_reset() */
	uint64_t uncounted_packets, uncounted_bytes;
	bool text;		/* the records came as text */
	struct event *events;
	unsigned event_count, event_size;

	/* At each interval: false when the reader is not ready, so that this
	 * snapshot is skipped.  And the snapshot itself. */
	bool (*is_ready)(void *context);
	void (*tell)(void *context, struct aggregate *, uint64_t at,
	    bool last);
	void *context;
	bool started, ended;
	bool beyond_end;	/* records came after the end, and were not
				 * taken */
};

void aggregate_init(struct aggregate *, const struct settings *);
void aggregate_done(struct aggregate *);

/* Take whole records in, as record_read() gives them, up to an end record. */
void aggregate_records(struct aggregate *, const union record *,
    size_t slots);

/* There is no input at the moment: do something that waits; false when there
 * is nothing. */
bool aggregate_use_time(struct aggregate *);

/* The input has ended: the last snapshot, unless an end record did it. */
void aggregate_end(struct aggregate *);

/* Tell of something in the next snapshot.  Of more than EVENTS_MOST, it says
 * only that there were more. */
enum { EVENTS_MOST = 1000 };
void aggregate_event(struct aggregate *, const char *level, const char *from,
    const char *text);
void aggregate_forget_events(struct aggregate *);

/* Empty tables for the rows of ->settings. */
void aggregate_start_tables(struct aggregate *);

/* Change a setting while running (aggregate_change.c); no total is lost.  A
 * new --by starts new rows; what was in the old ones counts as expired. */
void aggregate_set_interval(struct aggregate *, uint64_t ns);
void aggregate_set_by(struct aggregate *, enum group);
void aggregate_reset(struct aggregate *);

/* The rules in ->alerts have changed. */
void aggregate_watch(struct aggregate *);

/* What capd counted up to now: its last tick and the records since. */
struct record_counters aggregate_counters(const struct aggregate *);

/* Flows that are no longer listed, since the start; without windows. */
void aggregate_expired(const struct aggregate *, struct sum *);

/* The table whose flows are rows: to change, and to read. */
static inline struct flows *
aggregate_rows(struct aggregate *a)
{
	return a->settings.by == GROUP_FLOW ? &a->flows : &a->rows;
}

const struct flows *aggregate_table(const struct aggregate *);
const struct ledger *aggregate_ledger(const struct aggregate *);

/* What ->tell() needs: the time that people know of a stream time, in ms
 * (clock.c). */
uint64_t aggregate_ms(const struct aggregate *, uint64_t stream_ns);

#endif
