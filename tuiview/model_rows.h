/* SPDX-License-Identifier: MIT
 *
 * From the flows of a snapshot to the rows of a view: grouped, filtered,
 * sorted in a total order, pinned ones first.  A row is known by its key,
 * which stays the same from snapshot to snapshot.
 */
#ifndef TUIVIEW_MODEL_ROWS_H
#define TUIVIEW_MODEL_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/format.h"
#include "tuiview/filter.h"
#include "tuiview/model_flows.h"
#include "tuiview/model_history.h"
#include "tuiview/prefs.h"

enum { ROWS_NAME = 200 };

struct row {
	uint64_t key;		/* never 0 */
	struct figures n;	/* in the chosen unit: bytes or packets */
	const struct flow *flow;	/* its busiest, of those that live */
	uint32_t flows;		/* how many it holds */
	uint32_t members;	/* processes of a publisher */
	unsigned words;		/* of the filter that its name has */
	bool pinned, alerting, matched;
	bool mixed_process, mixed_protocol;	/* not the same in all flows */
	bool mixed_direction;
	bool mixed_src, mixed_dst;		/* ports likewise */
};

/* Only the flows of one group: what Enter on its row asks for. */
struct drill {
	enum pref_view view;	/* VIEW_FLOWS: none */
	uint64_t key;
	char name[ROWS_NAME];
};

struct rows_how {
	enum pref_view view;
	enum pref_line line;
	enum pref_sort sort;
	bool reverse;
	enum pref_aggregate aggregate;	/* the side whose hosts are merged */
	bool src_ports, dst_ports;	/* told apart by port */
	bool names, services;		/* sort hosts, ports by name */
	enum format_unit unit;
	bool frozen;			/* rows keep the places they had */
	const struct filter *filter;
	const struct drill *drill;
	const struct prefs *prefs;	/* for the pins */
	const struct history *history;	/* for packets */
	const uint64_t *alerts;		/* ids of flows that alert, sorted */
	size_t alert_count;
};

struct rows {
	size_t count;		/* shown: rows_at() of 0 to count - 1 */
	size_t all;		/* before the filter */
	size_t matched;		/* flows that match the filter */
	size_t pinned;
	const struct flows *flows;
	enum pref_view view;	/* of the last build */
	/* Inner: rows stay where they were made, by number; which is where is
	 * found out when it is asked for. */
	struct rows_how how;	/* of the last build */
	bool lazy;		/* row i is flow i, made when looked at */
	size_t numbers;		/* of rows, whether shown or not */
	struct row *groups;
	uint64_t *keys;		/* of all numbers; 0: not in this view */
	uint8_t *state;		/* enum row_state */
	size_t size;
	uint32_t *row_of;	/* a flow's row, or ROWS_NONE; not when lazy */
	struct slot { uint64_t key; uint32_t row; } *slots;
	size_t slot_count;
	struct order *order;
};

enum row_state { ROW_MADE = 1, ROW_PINNED = 2, ROW_ALERTING = 4 };

#define ROWS_NONE UINT32_MAX

/* Build again.  The flows must stay until the next build, and those of the
 * last until this one is done.  100,000 flows take some ten milliseconds:
 * the order is made only as far as it is looked at. */
void rows_build(struct rows *, const struct flows *,
    const struct rows_how *);
void rows_done(struct rows *);

/* A shown row; stays until the next build. */
struct row *rows_at(const struct rows *, size_t place);

/* Where the row of that key is; -1: not shown. */
long rows_find(const struct rows *, uint64_t key);

/* The key of the group a flow belongs to in a view. */
uint64_t rows_key(const struct flow *, const struct rows_how *);

/* A group's name: "[4821] firefox", "example.net", "https (443/TCP)". */
void rows_name(const struct row *, enum pref_view, bool names, bool services,
    char text[ROWS_NAME]);

/* The past of a row, oldest first, bytes per second: the sum of its flows'.
 * Returns how many samples there are, at most HISTORY, and how many seconds
 * they span (0: not known). */
int rows_history(const struct rows *, const struct row *,
    const struct rows_how *, float samples[HISTORY], double *seconds);

/* The window of an order, whose rates bars show; of names and totals 10 s. */
static inline int
rows_window(enum pref_sort sort)
{
	return sort <= SORT_40S ? (int)sort : (int)SORT_10S;
}

/* Is that flow one of those that alert? */
bool rows_alerts(const uint64_t *ids, size_t count, uint64_t id);

/* A row's rate of a window, as its line mode counts: both ways, or one. */
uint64_t rows_rate(const struct row *, enum pref_line, int window);

/* The port that stands for the service of a flow, and its name ("" when it
 * has none). */
uint16_t rows_service(const struct flow *, const char **name);

/* The source of a flow; of a row that stands for an interface, that. */
const char *rows_source(const struct flow *);

/* What a pin of this row is stored as. */
enum { ROWS_PIN = 128 };
void rows_pin(const struct row *, const struct rows_how *,
    char src[ROWS_PIN], char dst[ROWS_PIN]);

#endif
