/* SPDX-License-Identifier: MIT
 *
 * The table of owners: one array, hash chains through it, and a hand that
 * goes round to find ended entries when it is full.
 */
#include "procmap/owners.h"

#include <stdlib.h>
#include <string.h>

#include "lib/protocol.h"
#include "lib/xalloc.h"

enum { POLLS = 256, SEARCH = 512, TOGETHER = 32 };

struct owners {
	struct owner *entries;
	uint32_t *chains;	/* entry + 1 */
	size_t max, mask;
	size_t used;		/* entries ever taken: below are in use */
	size_t hand;
	uint64_t refused;
	uint32_t poll;		/* number of the poll begun last */
	uint32_t complete;	/* of the last complete one */
	int64_t begun[POLLS];	/* when poll n % POLLS began */
};

struct owners *
owners_new(size_t max)
{
	struct owners *o = xcalloc(1, sizeof(*o));
	size_t chains = 1024;
	while (chains < max)
		chains *= 2;
	o->max = max;
	o->mask = chains - 1;
	/* Untouched pages cost nothing until they are used. */
	o->entries = xcalloc(max, sizeof(*o->entries));
	o->chains = xcalloc(chains, sizeof(*o->chains));
	return o;
}

void
owners_free(struct owners *o)
{
	if (o == NULL)
		return;
	free(o->entries);
	free(o->chains);
	free(o);
}

static uint64_t
load(const uint8_t *bytes)
{
	uint64_t value;
	memcpy(&value, bytes, sizeof(value));
	return value;
}

static uint64_t
mix(uint64_t h, uint64_t value)
{
	h = (h ^ value) * 0x9e3779b97f4a7c15U;
	return h ^ (h >> 29);
}

/* Without the namespace, so that all of them are in one chain. */
static uint32_t *
chain(const struct owners *o, const uint8_t *local, const uint8_t *remote,
    uint16_t lport, uint16_t rport, uint8_t proto)
{
	uint64_t h = mix(0x51ed270b, load(local));
	h = mix(h, load(local + 8));
	h = mix(h, load(remote));
	h = mix(h, load(remote + 8));
	h = mix(h, (uint64_t)lport << 32 | (uint64_t)rport << 8 | proto);
	return &o->chains[(h ^ (h >> 32)) & o->mask];
}

static uint32_t *
key_chain(const struct owners *o, const struct sock_key *k)
{
	return chain(o, k->local, k->remote, k->lport, k->rport, k->proto);
}

static bool
same_tuple(const struct owner *e, const struct sock_key *k)
{
	return e->lport == k->lport && e->rport == k->rport &&
	    e->proto == k->proto && memcmp(e->local, k->local, 16) == 0 &&
	    memcmp(e->remote, k->remote, 16) == 0;
}

int64_t
owners_end(const struct owners *o, const struct owner *e)
{
	if (!e->open)
		return e->to;
	if ((int32_t)(o->complete - e->poll) <= 0)
		return TIME_NEVER;
	/* The first poll that could have shown it and did not. */
	uint32_t missed = e->poll + 1;
	if (o->poll - missed >= POLLS)
		missed = o->poll - POLLS + 1;
	int64_t end = o->begun[missed % POLLS];
	return end > e->to ? end : e->to;
}

static struct owner *
newest(const struct owners *o, uint32_t at, const struct sock_key *k)
{
	for (; at != 0; at = o->entries[at - 1].next) {
		struct owner *e = &o->entries[at - 1];
		if (e->netns == k->netns && same_tuple(e, k))
			return e;
	}
	return NULL;
}

static void
unlink_entry(struct owners *o, struct owner *e)
{
	uint32_t *at = chain(o, e->local, e->remote, e->lport, e->rport,
	    e->proto);
	uint32_t number = (uint32_t)(e - o->entries) + 1;
	for (; *at != 0; at = &o->entries[*at - 1].next) {
		if (*at == number) {
			*at = e->next;
			return;
		}
	}
}

/* Room for one more: null at the bound while all that was looked at lives. */
static struct owner *
room(struct owners *o)
{
	struct owner *best = NULL;
	int64_t best_end = TIME_NEVER;
	if (o->used < o->max)
		return &o->entries[o->used++];
	for (size_t i = 0; i < SEARCH && i < o->max; i++) {
		struct owner *e = &o->entries[o->hand];
		o->hand = o->hand + 1 < o->max ? o->hand + 1 : 0;
		int64_t end = owners_end(o, e);
		if (end < best_end) {
			best = e;
			best_end = end;
		}
		if (best != NULL && i >= 15)
			break;
	}
	if (best == NULL)
		o->refused++;
	else
		unlink_entry(o, best);
	return best;
}

static void
insert(struct owners *o, uint32_t *at, const struct sighting *s)
{
	struct owner *e = room(o);
	if (e == NULL)
		return;
	*e = (struct owner){ .from = s->from,
		.to = s->to != TIME_NEVER ? s->to : s->from,
		.open = s->to == TIME_NEVER,
		.lport = s->key.lport, .rport = s->key.rport,
		.netns = s->key.netns, .process = s->process,
		.poll = o->poll, .proto = s->key.proto, .via = s->via,
		.flags = s->flags };
	memcpy(e->local, s->key.local, 16);
	memcpy(e->remote, s->key.remote, 16);
	e->next = *at;
	*at = (uint32_t)(e - o->entries) + 1;
}

static void
end_at(struct owner *e, int64_t time)
{
	e->open = false;
	e->to = time;
}

static void
take_event(struct owners *o, uint32_t *at, const struct sighting *s)
{
	struct owner *e = newest(o, *at, &s->key);
	if (e != NULL && e->process == s->process && e->from <= s->from &&
	    owners_end(o, e) == TIME_NEVER) {
		e->open = s->to == TIME_NEVER;
		e->to = e->open ? s->from : s->to;
		e->poll = o->poll;
		e->flags |= s->flags;
		return;
	}
	if (e != NULL && e->from <= s->from && (e->open || e->to > s->from))
		end_at(e, s->from);
	insert(o, at, s);
}

void
owners_event(struct owners *o, const struct sighting *s)
{
	take_event(o, key_chain(o, &s->key), s);
}

/* Nearly all the time of one event is waiting for memory, so that of the next
 * ones is fetched meanwhile. */
void
owners_events(struct owners *o, const struct sighting *s, size_t count)
{
	uint32_t *at[TOGETHER];
	for (; count > 0; s += TOGETHER) {
		size_t n = count < TOGETHER ? count : TOGETHER;
		for (size_t i = 0; i < n; i++) {
			at[i] = key_chain(o, &s[i].key);
			__builtin_prefetch(at[i], 1);
		}
		for (size_t i = 0; i < n; i++) {
			const char *e = (const char *)
			    &o->entries[*at[i] == 0 ? 0 : *at[i] - 1];
			__builtin_prefetch(e, 1);
			__builtin_prefetch(e + sizeof(struct owner) - 1, 1);
		}
		for (size_t i = 0; i < n; i++)
			take_event(o, at[i], &s[i]);
		count -= n;
	}
}

void
owners_record(struct owners *o, const struct sighting *s)
{
	uint32_t *at = key_chain(o, &s->key);
	struct owner *e = newest(o, *at, &s->key);
	if (e == NULL || e->process != s->process || s->to < e->from ||
	    (!e->open && s->from > e->to)) {
		insert(o, at, s);
		return;
	}
	if (e->from > s->from)
		e->from = s->from;
	if (s->to == TIME_NEVER)
		e->open = true;
	else if (!e->open && e->to < s->to)
		e->to = s->to;
}

void
owners_poll_begin(struct owners *o, int64_t begin)
{
	o->poll++;
	o->begun[o->poll % POLLS] = begin;
}

/* Where one of the holders is the owner that we know, it stays the owner:
 * it was the last to use the socket. */
static void
confirm(struct owners *o, const struct sighting *s)
{
	struct owner *e = newest(o, *key_chain(o, &s->key), &s->key);
	if (e == NULL)
		return;
	if (e->process == s->process) {
		e->poll = o->poll;
		if (s->to == TIME_NEVER && e->to <= o->begun[o->poll % POLLS])
			e->open = true;
		e->flags |= s->flags;
	} else if (s->process != 0) {
		e->flags |= SOCK_SHARED;
	}
}

static void
replace(struct owners *o, const struct sighting *s)
{
	int64_t begin = o->begun[o->poll % POLLS];
	uint32_t *at = key_chain(o, &s->key);
	struct owner *e = newest(o, *at, &s->key);
	if (e != NULL && (e->poll == o->poll || e->from >= begin ||
	    (e->open && e->to >= begin))) {
		if (e->process != s->process && e->from < begin)
			e->flags |= SOCK_SHARED;
		return;
	}
	struct sighting fresh = *s;
	if (e != NULL) {
		int64_t end = owners_end(o, e);
		if (end == TIME_NEVER)
			end_at(e, end = begin);
		if (fresh.from < end)
			fresh.from = end;
		e->flags &= (uint8_t)~SOCK_SHARED;
	} else if (o->complete != 0 &&
	    fresh.from < o->begun[o->complete % POLLS]) {
		/* The poll before did not show it: it is younger. */
		fresh.from = o->begun[o->complete % POLLS];
	}
	insert(o, at, &fresh);
}

void
owners_poll_confirm(struct owners *o, const struct sighting *s, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (s[i].process != 0)
			confirm(o, &s[i]);
}

void
owners_poll_add(struct owners *o, const struct sighting *s, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (s[i].process != 0)
			replace(o, &s[i]);
}

void
owners_poll_end(struct owners *o, bool complete)
{
	if (complete)
		o->complete = o->poll;
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

/* Of two that began to use a port around this flow, the newer one can be the
 * next user of the port: it is the owner only if it began well before the
 * flow's last packet.  That holds where the version began with its first
 * packet: for UDP, where the event comes right behind the packet, and for a
 * TCP client, whose event is the connect.  (Other TCP sockets are handed on:
 * there the newer one is the owner.) */
static const struct owner *
earliest(const struct owners *o, const struct owner *e,
    const struct window *w)
{
	enum { BEFORE_LAST = 2000, CLOCKS = 200, ROUNDED = 1200 };	/* us */
	bool client = e->proto == PROTOCOL_TCP &&
	    (e->flags & SOCK_CLIENT) != 0;
	int64_t since = client ? w->since : w->first - CLOCKS;
	int64_t well_before = w->last - BEFORE_LAST;
	const struct owner *older = e, *found = e;
	if ((!client && e->proto != PROTOCOL_UDP) || e->from <= well_before ||
	    (client && e->from <= w->first + ROUNDED))
		return e;
	if (client && e->from > w->last + ROUNDED)
		found = NULL;		/* it connected afterwards */
	while (older->next != 0) {
		older = &o->entries[older->next - 1];
		if (older->netns != e->netns || older->proto != e->proto ||
		    older->lport != e->lport || older->rport != e->rport ||
		    memcmp(older->local, e->local, 16) != 0 ||
		    memcmp(older->remote, e->remote, 16) != 0)
			continue;
		if (!overlaps(o, older, w) ||
		    (found != NULL && older->from < since))
			break;
		found = older;
		if (found->from <= well_before)
			break;
	}
	return found;
}

const struct owner *
owners_find(const struct owners *o, const struct sock_key *k, int64_t first,
    int64_t last, enum owners_scope scope,
    bool (*allowed)(void *, uint32_t netns), void *state, bool *ambiguous)
{
	const struct owner *found = NULL;
	struct window w = { .first = first, .last = last,
		.until = last < TIME_NEVER - OWNERS_SLACK ?
		last + OWNERS_SLACK : last,
		.since = first > TIME_ALWAYS + OWNERS_SLACK ?
		first - OWNERS_SLACK : first };
	for (uint32_t at = *key_chain(o, k); at != 0;
	    at = o->entries[at - 1].next) {
		const struct owner *e = &o->entries[at - 1];
		if ((e->netns == k->netns) != (scope == SCOPE_NETNS) ||
		    !same_tuple(e, k) || !overlaps(o, e, &w))
			continue;
		if (scope == SCOPE_NETNS)
			return earliest(o, e, &w);
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
	return found != NULL ? earliest(o, found, &w) : NULL;
}

size_t
owners_count(const struct owners *o)
{
	return o->used;
}

uint64_t
owners_refused(const struct owners *o)
{
	return o->refused;
}
