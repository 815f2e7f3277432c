/* SPDX-License-Identifier: MIT
 *
 * The short past of each flow as this screen saw it: what the stream does
 * not carry.  Packets per second, sparklines of streams without history, and
 * what ended flows had (model_ended.h).
 *
 * At most HISTORY_FLOWS flows are followed, as many as flowagg(1) keeps unless
 * it is told to; of more, those that come first (the stream is sorted by
 * rate), and of the others nothing is known.  One that is not in a snapshot is
 * forgotten; or, when that leaves some out, remembered as long as there is
 * room, 40 snapshots at most: when it is back, it had the mean of the time
 * between.
 */
#ifndef TUIVIEW_MODEL_HISTORY_H
#define TUIVIEW_MODEL_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tuiview/model_ended.h"
#include "tuiview/model_flows.h"

enum { HISTORY_FLOWS = 1000000 };

/* Rates of packets are summed up in parts of one, and rounded at the end: many
 * slow flows make one fast row. */
enum { HISTORY_PARTS = 1000 };

struct history_flow {
	uint64_t id;
	uint64_t seq;		/* of the snapshot it was in last */
	uint64_t total;		/* bytes by then */
	uint64_t packets_sent, packets_recv;	/* by then */
	uint32_t count;		/* samples */
	float rate[HISTORY];	/* bytes per second, a ring */
	/* Packets before each, modulo 2^32 */
	uint32_t sent[HISTORY], recv[HISTORY];
};

struct history {
	struct history_flow *flows;
	uint32_t count, size;
	struct history_slot { uint64_t id; uint32_t at; } *slots;
	size_t slot_count;
	uint64_t seq;		/* snapshots taken in */
	uint64_t number, ts;	/* of the last one, in the stream's words */
	double elapsed;
	uint64_t kept;		/* snapshots that a flow may be missing from */
	unsigned at;		/* of the newest sample in the rings */
	float seconds[HISTORY];	/* each sample's length, newest last */
	unsigned samples;
	unsigned window[WINDOWS];	/* samples of 2, 10 and 40 s */
	struct history_flow all;	/* the stream's totals */
	uint64_t peak_sent, peak_recv, peak_total;	/* packets, of one */
	struct ended ended;
	char session[40];
};

/* Take in a snapshot.  True: it is the first of another run, a session of its
 * own or the same numbers again (a replay's), and all here starts afresh.  A
 * clock that is set back makes no other run. */
bool history_add(struct history *, const struct flows *);
void history_done(struct history *);

/* As it is now, in place of what was there. */
void history_copy(struct history *to, const struct history *from);

/* Packets per second, times HISTORY_PARTS, over a window of 2, 10 or 40 s, or
 * the time watched when that is shorter.  False, and 0: it was not watched. */
bool history_packets(const struct history *, uint64_t id,
    uint64_t sent[WINDOWS], uint64_t recv[WINDOWS]);

/* Whole packets per second of everything, in place of the rates and peaks in
 * *n; a peak is the fastest snapshot since the totals began, or we watch. */
void history_totals(const struct history *, struct figures *n,
    uint64_t *peak_total);

/* The samples, oldest first; returns how many. */
int history_samples(const struct history *, uint64_t id,
    float samples[HISTORY]);

/* How long the newest `count` of them took together, seconds. */
double history_span(const struct history *, int count);

#endif
