/* SPDX-License-Identifier: MIT
 *
 * Who owned a socket at a time, and how long that is sure.
 */
#include "lib/protocol.h"
#include "procmap/owners_table.h"

void
owners_lost(struct owners *o, int64_t since, int64_t until)
{
	struct owners_loss *last =
	    &o->losses[(o->lost + OWNERS_LOSSES - 1) % OWNERS_LOSSES];
	if (o->lost > 0 && since <= last->until) {
		last->until = until;
		return;
	}
	/* The oldest is not forgotten, but becomes one with the next. */
	if (o->lost >= OWNERS_LOSSES) {
		struct owners_loss *oldest =
		    &o->losses[o->lost % OWNERS_LOSSES];
		o->losses[(o->lost + 1) % OWNERS_LOSSES].since =
		    oldest->since;
	}
	o->losses[o->lost++ % OWNERS_LOSSES] = (struct owners_loss){
		since, until };
}

/* When the last poll that showed it began. */
static int64_t
shown(const struct owners *o, const struct owner *e)
{
	return e->shown && o->poll - e->poll < OWNERS_POLLS ?
	    o->begun[e->poll % OWNERS_POLLS] : TIME_ALWAYS;
}

/* Where events were lost, that of the next owner may have been among them:
 * what was told before is sure only until then, unless a poll showed it
 * again. */
static int64_t
sure_until(const struct owners *o, const struct owner *e)
{
	int64_t end = TIME_NEVER;
	for (unsigned i = 0; i < OWNERS_LOSSES && i < o->lost; i++) {
		const struct owners_loss *l = &o->losses[i];
		if (e->to < l->until && l->since < end &&
		    shown(o, e) < l->until)
			end = l->since;
	}
	return end > e->to ? end : e->to;
}

int64_t
owners_end(const struct owners *o, const struct owner *e)
{
	if (!e->open)
		return e->to;
	int64_t sure = sure_until(o, e);
	if ((int32_t)(o->complete - e->poll) <= 0)
		return sure;
	/* The first poll that could have shown it and did not. */
	uint32_t missed = e->poll + 1;
	if (o->poll - missed >= OWNERS_POLLS)
		missed = o->poll - OWNERS_POLLS + 1;
	int64_t end = o->begun[missed % OWNERS_POLLS];
	if (end < e->to)
		end = e->to;
	return end < sure ? end : sure;
}

struct window {
	int64_t since, until;	/* widened by the slack */
	int64_t first, last;	/* not widened */
};

static bool
overlaps(const struct owners *o, const struct owner *e,
    const struct window *w)
{
	return e->from <= w->until && owners_end(o, e) >= w->since;
}

/* The next older version of the same socket key, or null. */
static const struct owner *
older_than(const struct owners *o, const struct owner *e)
{
	const struct owner *older = e;
	while (older->next != 0) {
		older = &o->entries[older->next - 1];
		if (older->netns == e->netns && older->proto == e->proto &&
		    older->lport == e->lport && older->rport == e->rport &&
		    memcmp(older->local, e->local, 16) == 0 &&
		    memcmp(older->remote, e->remote, 16) == 0)
			return older;
	}
	return NULL;
}

enum { CLOCKS = 20, ROUNDED = 1000 };	/* us; times of flows are whole ms */

/* Did it begin when the flow did? */
static bool
begins(const struct owner *e, const struct window *w)
{
	return e->from >= w->first - ROUNDED &&
	    e->from - ROUNDED - CLOCKS <= w->first;
}

/* A TCP client is told of when it connects, right before its first packet.
 * So the owner is the newest one that connected before the flow's last packet.
 * Who connected in that packet's millisecond may be the next user of the port:
 * of those and the one before, the owner is the one that connected when the
 * flow began.  Where that is two, or none, nobody can tell. */
static const struct owner *
client(const struct owners *o, const struct owner *e, const struct window *w,
    bool *ambiguous)
{
	const struct owner *found = NULL;
	bool maybe = false;
	for (; e != NULL; e = older_than(o, e)) {
		bool sure = e->from <= w->last - CLOCKS;
		if (!sure && e->from - ROUNDED - CLOCKS > w->last)
			continue;	/* it connected afterwards */
		if (sure && !overlaps(o, e, w))
			break;
		if (sure && !maybe)
			return e;
		if (begins(e, w)) {
			*ambiguous = found != NULL &&
			    found->process != e->process;
			found = e;
		} else if (sure && found == NULL)
			*ambiguous = true;
		if (sure || *ambiguous)
			break;
		maybe = true;
	}
	*ambiguous = *ambiguous || (maybe && found == NULL);
	return *ambiguous ? NULL : found;
}

/* A user of a UDP port is told of right behind its first packet.  So the owner
 * is the newest one that began before the flow's last packet.  One that began
 * in that packet's millisecond may be the next user of the port.  Where two
 * may have begun when the flow did nobody can tell. */
static const struct owner *
sender(const struct owners *o, const struct owner *e, const struct window *w,
    bool *ambiguous)
{
	enum { AHEAD = 200, LATE = 1200 };	/* us */
	int64_t since = w->first - AHEAD, before_last = w->last - CLOCKS;
	const struct owner *older = e, *found = e;
	/* Where the newer one fits, the older one must without allowance. */
	if (e->from <= w->last + LATE)
		since = w->first;
	while (found->from > before_last &&
	    (older = older_than(o, older)) != NULL) {
		if (!overlaps(o, older, w) || older->from < since)
			break;
		if (found->process != older->process &&
		    older->from >= w->first &&
		    found->from - LATE < w->first) {
			*ambiguous = true;
			return NULL;
		}
		found = older;
	}
	return found;
}

/* Of several that used a port around this flow the one that fits.  (TCP
 * sockets other than clients are handed on: there it is the newest.) */
static const struct owner *
fitting(const struct owners *o, const struct owner *e, const struct window *w,
    bool *ambiguous)
{
	bool unclear = false;
	if (ambiguous == NULL)
		ambiguous = &unclear;
	if (e->proto == PROTOCOL_UDP)
		return sender(o, e, w, ambiguous);
	if (e->proto == PROTOCOL_TCP && (e->flags & SOCK_CLIENT) != 0)
		return client(o, e, w, ambiguous);
	return e;
}

const struct owner *
owners_find(const struct owners *o, const struct sock_key *k, int64_t first,
    int64_t last, enum owners_scope scope,
    bool (*allowed)(void *, uint32_t netns), void *state, bool *ambiguous)
{
	const struct owner *found = NULL;
	bool bounded = false, before = false;
	const uint32_t *chain = owners_key_chain(o, k);
	if (!owners_may_have(o, chain))
		return NULL;
	struct window w = { .first = first, .last = last,
		.until = last < TIME_NEVER - OWNERS_SLACK ?
		last + OWNERS_SLACK : last,
		.since = first > TIME_ALWAYS + OWNERS_SLACK ?
		first - OWNERS_SLACK : first };
	for (uint32_t at = *chain; at != 0;
	    at = o->entries[at - 1].next) {
		const struct owner *e = &o->entries[at - 1];
		if ((e->netns == k->netns) != (scope == SCOPE_NETNS) ||
		    !owners_same_tuple(e, k))
			continue;
		bounded = bounded || e->versions == OWNERS_VERSIONS;
		before = before || e->from <= w.until;
		if (!overlaps(o, e, &w))
			continue;
		if (scope == SCOPE_NETNS) {
			found = e;
			break;
		}
		if (allowed != NULL && !allowed(state, e->netns))
			continue;
		if (found != NULL && found->netns != e->netns) {
			if (ambiguous != NULL)
				*ambiguous = true;
			return NULL;
		}
		if (found == NULL)
			found = e;
	}
	bool among = found != NULL || !before;
	if (found != NULL)
		found = fitting(o, found, &w, ambiguous);
	/* It was before all that are remembered, as far as that tells. */
	if (found == NULL && bounded && among && ambiguous != NULL)
		*ambiguous = true;
	return found;
}
