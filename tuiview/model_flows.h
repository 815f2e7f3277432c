/* SPDX-License-Identifier: MIT
 *
 * One snapshot as the screen needs it: read from a line of
 * iftoprs-snapshot(5) once, then only looked at.  Text is cleaned of
 * control characters here, so nothing behind this module meets any.
 */
#ifndef TUIVIEW_MODEL_FLOWS_H
#define TUIVIEW_MODEL_FLOWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/addr.h"
#include "lib/json_read.h"

enum { WINDOWS = 3 };			/* 2, 10 and 40 seconds */
enum { HISTORY = 40 };			/* samples of a sparkline */
enum { FLOWS_NAME = 64, FLOWS_FILTER = 256, FLOWS_NOTES = 16 };

/* The most that the stream promises: sums of a thousand still fit. */
#define FIGURE_MAX (((uint64_t)1 << 53) - 1)

/* One direction's or one row's figures: bytes, bytes per second. */
struct figures {
	uint64_t sent[WINDOWS], recv[WINDOWS];
	uint64_t total_sent, total_recv;
	uint64_t packets_sent, packets_recv;
	uint64_t peak_sent, peak_recv;
	bool watched;	/* packets: some were seen to come, rates are known */
};

/* A flow; texts are never null, "" where the stream has none. */
struct flow {
	uint64_t id;
	struct figures n;
	struct addr src_addr, dst_addr;
	const char *src, *dst;		/* addresses as text */
	const char *src_name, *dst_name;
	const char *src_service, *dst_service;
	const char *protocol, *direction, *interface;
	const char *process, *user, *unit, *package, *exe;
	const char *match, *via, *why;
	const char *search;		/* all of it in lower case */
	uint64_t first_seen, last_seen;	/* ms since 1970 */
	uint32_t pid;			/* 0: unknown */
	uint32_t history;		/* place in flows.samples */
	uint16_t history_count;
	uint16_t src_port, dst_port;
	uint16_t icmp_id;
	uint8_t proto;
	bool has_icmp_id;
	bool ended;
};

/* A flow, or all of them together, above the threshold. */
struct flows_alert {
	uint64_t flow;			/* an id; 0: the total */
	uint64_t rate;
	const char *src, *dst;		/* addresses; "" of the total */
};

struct flows_event {
	char level[8], from[16], text[240];
};

/* Where texts live.  Those that are likely to come again are kept once. */
struct texts {
	struct chunk *chunks, *spare;
	struct text_slot {
		uint32_t hash, len;
		const char *text;
	} *slots;
	size_t slot_count, count;
};

struct flows {
	/* The stream */
	char host[FLOWS_NAME], session[40], by[12];
	uint64_t seq, ts;		/* ts: ms since 1970 */
	double interval, elapsed;
	bool live, count_network;
	char interfaces[FLOWS_FILTER];	/* names, with commas */
	char filter[FLOWS_FILTER];	/* BPF */
	char local[FLOWS_FILTER];	/* our addresses, with commas */
	/* The capture */
	char state[12];			/* "up", "down", "file", "ended" */
	uint64_t packets, bytes, kernel_dropped, interface_dropped;
	uint64_t malformed, unsupported, non_ip;
	uint64_t skipped, evicted;
	uint64_t own_flows;	/* of namemap's questions, summed up */
	double coverage;		/* -1: unknown */
	/* Everything captured, whatever is shown */
	struct figures total;
	uint64_t peak_total;
	uint64_t flow_count, expired;

	struct flows_alert *alerts;	/* raised now, by id, each once */
	size_t alert_count;
	struct flows_event events[FLOWS_NOTES];
	unsigned event_count;

	struct flow *list;
	size_t count;
	float *samples;			/* history of all flows, bytes/s */
	size_t sample_count;
	/* Inner: memory, which is used again for later snapshots */
	size_t list_size, sample_size, alert_size;
	struct texts texts;
};

/* Read a line.  Null with *error when it is not JSON or of another schema;
 * null with *error null for an object that is no snapshot.  `json` only
 * lends its memory. */
struct flows *flows_parse(struct json *json, const char *line, size_t len,
    const char **error);

/* An empty snapshot, and giving one back; from any thread.  The memory of
 * two is kept, since fresh pages are what costs most. */
struct flows *flows_new(void);
void flows_free(struct flows *);

/* A copy of `text` in the snapshot's memory, kept once however often it comes;
 * control characters and other bytes that could move a cursor become U+00B7. */
const char *flows_intern(struct flows *, const char *text, size_t len);

/* `len` bytes in the snapshot's memory. */
char *flows_room(struct flows *, size_t len);

/* A time such as 2026-11-21T19:28:40.250Z in ms since 1970; 0: none. */
uint64_t flows_time(const char *text);

/* How many flows there are, without namemap's own questions, which nobody
 * asked to see. */
uint64_t flows_known(const struct flows *);

/* Does it say that all totals begin at 0? */
bool flows_is_reset(const struct flows_event *);

/* Is the interface of that name captured?  A null pointer has none. */
bool flows_come_from(const struct flows *, const char *interface);

/* Add b's figures to a's (peaks: the larger one). */
void figures_add(struct figures *a, const struct figures *b);

/* Divide rates by `parts`. */
void figures_round(struct figures *, unsigned parts);

#endif
