/* SPDX-License-Identifier: MIT
 *
 * Thresholds crossed: on a flow's 2 s rate, or on that of everything.
 * Raised at the threshold, cleared under 80 % of it, but held for at least
 * ALERT_HOLD seconds.  Looked at once a second of stream time, however
 * rarely snapshots come.
 */
#ifndef FLOWAGG_ALERT_H
#define FLOWAGG_ALERT_H

#include <stdbool.h>
#include <stdint.h>

#include "flowagg/flows.h"

/* Not more than ALERT_MOST are listed at once: a threshold that everything
 * crosses would make snapshots, and the search in them, long. */
enum { ALERT_RULES = 16, ALERT_HOLD = 5, ALERT_MOST = 1000 };

enum alert_what { ALERT_BOTH, ALERT_SENT, ALERT_RECV, ALERT_TOTAL };

struct alert_rule {
	uint64_t threshold;	/* bytes per second */
	enum alert_what what;	/* ALERT_TOTAL: the sum of all flows */
};

/* One that is raised, or was cleared since the last snapshot. */
struct alert {
	struct alert_rule rule;
	uint32_t number;	/* of the flow; 0: everything */
	uint64_t id;		/* of the flow; 0: everything */
	struct flow_key key;
	bool b_is_ours;
	uint64_t rate;		/* at the last look */
	uint64_t since;		/* ns of stream time, when raised */
	bool cleared;
};

struct alerts {
	struct alert_rule rules[ALERT_RULES];
	unsigned rule_count;
	uint64_t suspicion;	/* bytes in one second worth a look */
	struct alert *list;	/* owned */
	uint32_t count, size;
	struct heavy *suspects;	/* owned */
	uint32_t suspect_count, suspect_size;
};

/* Read "RATE" or "RATE:both|sent|recv|total"; false when it is not that. */
bool alert_parse(const char *text, struct alert_rule *);
const char *alert_what_name(enum alert_what);

/* False when there are too many rules. */
bool alerts_add_rule(struct alerts *, const struct alert_rule *);

/* Without rules; what is raised is cleared. */
void alerts_off(struct alerts *);
void alerts_done(struct alerts *);

/* The rules have changed, at the second `now`, with the ledger posted: what
 * is to be noted, and who is a suspect already. */
void alerts_watch(struct alerts *, struct flows *, uint32_t now);

/* Look at every suspect that the ledger has noted (at ->suspicion) and at
 * everything raised, at a whole second, with the ledger posted.  `all`
 * are the 2 s sums over everything, start and now ns of stream time. */
void alerts_look(struct alerts *, struct flows *,
    const uint64_t all[2], uint64_t start, uint64_t now);

/* The flow leaves: its alerts are cleared. */
void alerts_flow_left(struct alerts *, uint64_t id);

/* A snapshot has told of them: forget the cleared ones. */
void alerts_told(struct alerts *);

#endif
