/* SPDX-License-Identifier: MIT
 *
 * Who owned a socket at a time, and how long that is sure.
 */
#include "lib/protocol.h"
#include "procmap/owners_table.h"

static void
note_loss(struct owners_losses *l, int64_t since, int64_t until)
{
	struct owners_loss *last =
	    &l->list[(l->count + OWNERS_LOSSES - 1) % OWNERS_LOSSES];
	if (l->count > 0 && since <= last->until) {
		last->until = until;
		return;
	}
	/* The oldest is not forgotten, but becomes one with the next. */
	if (l->count >= OWNERS_LOSSES) {
		struct owners_loss *oldest =
		    &l->list[l->count % OWNERS_LOSSES];
		l->list[(l->count + 1) % OWNERS_LOSSES].since = oldest->since;
	}
	l->list[l->count++ % OWNERS_LOSSES] = (struct owners_loss){ since,
		until };
}

void
owners_lost(struct owners *o, int64_t since, int64_t until)
{
	note_loss(&o->lost, since, until);
}

void
owners_lost_sends(struct owners *o, int64_t since, int64_t until)
{
	note_loss(&o->lost_sends, since, until);
}

static bool
is_within(const struct owners_losses *l, int64_t since, int64_t until)
{
	for (unsigned i = 0; i < OWNERS_LOSSES && i < l->count; i++)
		if (l->list[i].since <= until && l->list[i].until > since)
			return true;
	return false;
}

bool
owners_untold(const struct owners *o, uint8_t proto, uint8_t flags,
    int64_t since, int64_t until)
{
	return is_within(&o->lost, since, until) ||
	    (owners_told_by_send(proto, flags) &&
	    is_within(&o->lost_sends, since, until));
}

/* When the last poll that showed it began. */
static int64_t
shown(const struct owners *o, const struct owner *e)
{
	return e->shown && !owners_long_ago(o, e->poll) ?
	    o->begun[e->poll % OWNERS_POLLS] : TIME_ALWAYS;
}

/* What was known at that time is sure until events were lost after it. */
static int64_t
sure_until(const struct owners_losses *l, int64_t time)
{
	int64_t end = TIME_NEVER;
	for (unsigned i = 0; i < OWNERS_LOSSES && i < l->count; i++)
		if (time < l->list[i].until && l->list[i].since < end)
			end = l->list[i].since;
	return end > time ? end : time;
}

int64_t
owners_known(const struct owners *o, const struct owner *e)
{
	int64_t time = shown(o, e);
	return time > e->to ? time : e->to;
}

/* Where events were lost, that of the next owner may have been among them:
 * until when is it sure that there was none? */
static int64_t
sure_end(const struct owners *o, const struct owner *e)
{
	int64_t end = sure_until(&o->lost, owners_known(o, e)), sends;
	if (!owners_told_by_send(e->proto, e->flags))
		return end;
	sends = sure_until(&o->lost_sends, owners_known(o, e));
	return sends < end ? sends : end;
}

int64_t
owners_end(const struct owners *o, const struct owner *e)
{
	if (!e->open)
		return e->to;
	int64_t sure = sure_end(o, e);
	uint32_t missed = owners_missed(o, e);
	if (missed == 0)
		return sure;
	/* At the latest when we heard of it last, where that poll is forgotten:
	 * not later and later. */
	int64_t end = owners_long_ago(o, missed) ? owners_known(o, e) :
	    o->begun[missed % OWNERS_POLLS];
	return end < sure ? end : sure;
}

struct window {
	int64_t first, last;
	int64_t until;		/* the last, and the slack */
	bool bounded;		/* older versions of the key were left out */
};

static struct window
window_of(int64_t first, int64_t last)
{
	return (struct window){ .first = first, .last = last,
		.until = last < TIME_NEVER - OWNERS_SLACK ?
		last + OWNERS_SLACK : last };
}

static bool
overlaps(const struct owners *o, const struct owner *e,
    const struct window *w)
{
	return e->from <= w->until && owners_end(o, e) >= w->first;
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

/* Who is told of behind the flow's last packet had to wait for a processor, or
 * is the port's next user.  That one it may be where the flow's own was not
 * told of, or is no longer known. */
static bool
is_next(const struct owners *o, const struct owner *e, const struct window *w)
{
	if (w->bounded && older_than(o, e) == NULL)
		return true;
	int64_t allowance = e->via == VIA_BPF ? ROUNDED + CLOCKS : 0;
	return e->from > w->last + allowance &&
	    owners_untold(o, e->proto, e->flags, w->first, e->from);
}

enum { AHEAD = 200, LATE = 1200 };	/* us, of a first packet */

bool
owners_began(const struct owner *e, int64_t first)
{
	return e->via == VIA_BPF && e->from + AHEAD >= first &&
	    e->from - LATE <= first;
}

const struct owner *
owners_beginner(const struct owners *o, const struct owner *e, int64_t first)
{
	const struct owner *found = NULL;
	for (; e != NULL; e = older_than(o, e)) {
		if (!owners_began(e, first))
			continue;
		if (found != NULL && found->process != e->process)
			return NULL;
		found = e;
	}
	return found;
}

/* A user of a UDP port, or of an ICMP identifier, is told of right behind its
 * first packet.  So the owner is the newest one that began before the flow's
 * last packet.  One that began in that packet's millisecond may be the next user
 * of the port.  Where two may have begun when the flow did nobody can tell. */
static const struct owner *
sender(const struct owners *o, const struct owner *e, const struct window *w,
    bool *ambiguous)
{
	const struct owner *older;
	for (; e->from > w->last - CLOCKS; e = older) {
		/* Where the newer one fits, the older one must without
		 * allowance. */
		int64_t since = e->from <= w->last + LATE ? w->first :
		    w->first - AHEAD;
		bool next = is_next(o, e, w);
		older = older_than(o, e);
		if (older == NULL || !overlaps(o, older, w))
			return next ? NULL : e;
		if (next)
			continue;
		if (older->from < since)
			return e;
		if (e->process != older->process &&
		    older->from >= w->first && e->from - LATE < w->first) {
			*ambiguous = true;
			return NULL;
		}
	}
	return e;
}

/* While no send is told of, the next user may have begun in what is left of the
 * flow's first millisecond. */
static bool
may_have_ended(const struct owners *o, const struct owner *e,
    const struct window *w)
{
	return e->open &&
	    sure_until(&o->lost_sends, owners_known(o, e)) < w->first + ROUNDED;
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
	if (e->proto != PROTOCOL_TCP) {
		e = sender(o, e, w, ambiguous);
		return e != NULL && may_have_ended(o, e, w) ? NULL : e;
	}
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
	bool before = false;
	const uint32_t *chain = owners_key_chain(o, k);
	if (!owners_may_have(o, chain))
		return NULL;
	struct window w = window_of(first, last);
	for (uint32_t at = *chain; at != 0;
	    at = o->entries[at - 1].next) {
		const struct owner *e = &o->entries[at - 1];
		if ((e->netns == k->netns) != (scope == SCOPE_NETNS) ||
		    !owners_same_tuple(e, k) ||
		    (e->flags & SOCK_RAWICMP) != 0)
			continue;
		w.bounded = w.bounded || e->versions == OWNERS_VERSIONS;
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
	if (found == NULL && w.bounded && among && ambiguous != NULL)
		*ambiguous = true;
	return found;
}

/* One of a raw socket's versions.  Whoever is told of behind the flow's last
 * packet has no part in it. */
static bool
is_open(const struct owners *o, const struct owner *e, const struct window *w)
{
	return overlaps(o, e, w) &&
	    (e->via != VIA_BPF || e->from - LATE <= w->last);
}

void
owners_each_raw(const struct owners *o, const struct sock_key *k,
    int64_t first, int64_t last, enum owners_scope scope,
    void (*take)(void *, const struct owner *), void *state)
{
	const uint32_t *chain = owners_key_chain(o, k);
	struct window w = window_of(first, last);
	if (!owners_may_have(o, chain))
		return;
	for (uint32_t at = *chain; at != 0; at = o->entries[at - 1].next) {
		const struct owner *e = &o->entries[at - 1];
		if ((e->flags & SOCK_RAWICMP) == 0 ||
		    (e->netns == k->netns) != (scope == SCOPE_NETNS) ||
		    !owners_same_tuple(e, k) || !is_open(o, e, &w))
			continue;
		take(state, e);
	}
}
