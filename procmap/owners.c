/* SPDX-License-Identifier: MIT
 *
 * The table of owners: one array, hash chains through it, and a hand that
 * goes round to find ended entries when it is full.
 */
#include "procmap/owners.h"

#include <stdlib.h>

#include "lib/protocol.h"
#include "lib/xalloc.h"
#include "procmap/owners_table.h"

enum { SEARCH = 512, SOME = 16, TOGETHER = 32 };
enum { OLD = 10000000 };	/* us since it ended */

struct owners *
owners_new(size_t max)
{
	struct owners *o = xcalloc(1, sizeof(*o));
	size_t chains = 1024;
	while (chains < max)
		chains *= 2;
	o->max = max;
	o->mask = chains - 1;
	/* Untouched pages cost nothing until they are used.  Those of the
	 * chains are touched now: each of the first events would wait for
	 * another one, and a line for all of these. */
	o->entries = xcalloc(max, sizeof(*o->entries));
	o->chains = xmalloc(chains * sizeof(*o->chains));
	memset(o->chains, 0, chains * sizeof(*o->chains));
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

/* Of the same socket; of raw ones each process has its own. */
static bool
is_same(const struct owner *e, const struct sighting *s)
{
	bool raw = (e->flags & SOCK_RAWICMP) != 0;
	return raw == ((s->flags & SOCK_RAWICMP) != 0) &&
	    (!raw || e->process == s->process);
}

struct owner *
owners_newest(const struct owners *o, uint32_t at, const struct sighting *s,
    bool any)
{
	for (; at != 0; at = o->entries[at - 1].next) {
		struct owner *e = &o->entries[at - 1];
		if (e->netns == s->key.netns && owners_same_tuple(e, &s->key) &&
		    (any || is_same(e, s)))
			return e;
	}
	return NULL;
}

static void
unlink_entry(struct owners *o, struct owner *e)
{
	uint32_t *at = owners_chain(o, e->local, e->remote, e->lport, e->rport,
	    e->proto);
	uint32_t number = (uint32_t)(e - o->entries) + 1;
	for (; *at != 0; at = &o->entries[*at - 1].next) {
		if (*at == number) {
			*at = e->next;
			return;
		}
	}
}

/* (What polls show may be there since ever: now is TIME_ALWAYS then.) */
static bool
is_long_ago(int64_t end, int64_t now)
{
	return now > TIME_ALWAYS + OLD && end < now - OLD;
}

/* Room for one more: null at the bound while all that was looked at lives.
 * Where the hand is there is what has been there longest. */
static struct owner *
room(struct owners *o, int64_t now)
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
		if (best != NULL && (i >= SOME - 1 || is_long_ago(best_end, now)))
			break;
	}
	if (best == NULL)
		o->refused++;
	else
		unlink_entry(o, best);
	return best;
}

/* Processes that share a socket and use it in turns, or open a raw one after
 * the other, would make a chain as long as the table: the one of too many
 * versions that ended first, taken out of it.  How many there are is counted
 * only when there may be too many: going through them is as dear as all the
 * rest.  (A recording has all that it has.) */
static struct owner *
surplus(struct owners *o, const struct sock_key *k, struct owner *newest)
{
	struct owner *oldest = NULL;
	int64_t first = TIME_NEVER;
	unsigned count = 0;
	if (newest == NULL || newest->versions < OWNERS_VERSIONS)
		return NULL;
	for (uint32_t at = *owners_key_chain(o, k); at != 0 &&
	    count < OWNERS_VERSIONS; at = o->entries[at - 1].next) {
		struct owner *e = &o->entries[at - 1];
		if (e->netns != k->netns || !owners_same_tuple(e, k))
			continue;
		count++;
		int64_t end = owners_end(o, e);
		if (end > first)
			continue;
		first = end;
		oldest = e;
	}
	newest->versions = count & 127;
	if (count < OWNERS_VERSIONS)
		return NULL;
	newest->versions--;
	unlink_entry(o, oldest);
	return oldest;
}

struct owner *
owners_insert(struct owners *o, uint32_t *at, const struct sighting *s,
    struct owner *before, bool bounded)
{
	if ((s->flags & SOCK_RAWICMP) != 0)
		before = owners_newest(o, *at, s, true);
	struct owner *e = bounded ? surplus(o, &s->key, before) : NULL;
	unsigned versions = before == NULL ? 0 : before->versions;
	if (e == NULL)
		e = room(o, s->from);
	if (e == NULL)
		return NULL;
	*e = (struct owner){ .from = s->from,
		.to = s->to != TIME_NEVER ? s->to : s->from,
		.open = s->to == TIME_NEVER,
		.versions = (versions < OWNERS_VERSIONS ? versions + 1 :
		    OWNERS_VERSIONS) & 127,
		.lport = s->key.lport, .rport = s->key.rport,
		.netns = s->key.netns, .process = s->process,
		.poll = o->poll, .proto = s->key.proto, .via = s->via & 15,
		.shown = s->via == VIA_ITER,
		.reuse = s->reuse, .flags = s->flags };
	memcpy(e->local, s->key.local, 16);
	memcpy(e->remote, s->key.remote, 16);
	e->next = *at;
	*at = (uint32_t)(e - o->entries) + 1;
	owners_mark(o, at);
	return e;
}

/* When it ended, given that it did by that time. */
static int64_t
end_before(const struct owners *o, const struct owner *e, int64_t time)
{
	int64_t end = owners_end(o, e);
	return end < time ? end : time;
}

/* A process may open one socket after another at the same port: each is told
 * of when it begins, and when another one of the same port began in between
 * only that tells whose a flow is.  What is told of a TCP socket after its
 * connection began is of that one. */
static bool
is_another(const struct sighting *s)
{
	return s->via == VIA_BPF && (s->key.proto != PROTOCOL_TCP ||
	    (s->flags & SOCK_CLIENT) != 0);
}

/* Is it about the socket that we know?  Where events were lost, who asked the
 * kernel knows; who was told may have been told of the next one. */
static bool
goes_on(const struct owners *o, const struct owner *e,
    const struct sighting *s)
{
	if (s->via == VIA_DIAG)
		return e->open && owners_missed(o, e) == 0;
	return owners_end(o, e) == TIME_NEVER && !is_another(s);
}

static void
take_event(struct owners *o, uint32_t *at, const struct sighting *s)
{
	struct owner *e = owners_newest(o, *at, s, false);
	if (e != NULL && e->process == s->process && e->from <= s->from &&
	    goes_on(o, e, s)) {
		e->open = s->to == TIME_NEVER;
		if (!e->open)
			e->to = s->to;
		else if (e->to < s->from)
			e->to = s->from;
		e->shown = e->shown && e->poll == o->poll;
		e->poll = o->poll;
		e->flags |= s->flags;
		return;
	}
	/* Where it is told of only when it begins, both may use the port by
	 * turns, unless the next poll shows one of them only. */
	bool shared = s->reuse && e != NULL && e->process != s->process &&
	    owners_end(o, e) >= s->from;
	if (e != NULL && e->from <= s->from && (e->open || e->to > s->from))
		owners_end_at(e, end_before(o, e, s->from));
	struct owner *fresh = owners_insert(o, at, s, e, true);
	if (shared && fresh != NULL)
		owners_share(fresh);
}

void
owners_event(struct owners *o, const struct sighting *s)
{
	take_event(o, owners_key_chain(o, &s->key), s);
}

/* At the bound as many entries will be taken out of their chains, which are
 * gone through for that: those that the hand points to, most likely.  (As a
 * function without a result it would be left out.) */
static inline __attribute__((always_inline)) void
prefetch_chains(const struct owners *o, size_t count)
{
	enum { DEEP = 12 };
	const uint32_t *at[TOGETHER];
	for (size_t i = 0; i < count; i++) {
		const struct owner *e = &o->entries[(o->hand + i) % o->max];
		at[i] = owners_chain(o, e->local, e->remote, e->lport,
		    e->rport, e->proto);
		__builtin_prefetch(at[i], 1);
	}
	for (int deep = 0; deep < DEEP; deep++) {
		for (size_t i = 0; i < count; i++) {
			if (*at[i] == 0)
				continue;
			at[i] = &o->entries[*at[i] - 1].next;
			__builtin_prefetch(at[i], 1);
		}
	}
}

/* Nearly all the time of one event is waiting for memory, so that of the next
 * ones is fetched meanwhile. */
void
owners_events(struct owners *o, const struct sighting *s, size_t count)
{
	uint32_t *at[TOGETHER];
	for (; count > 0; s += TOGETHER) {
		size_t n = count < TOGETHER ? count : TOGETHER;
		if (o->used == o->max)
			prefetch_chains(o, n);
		for (size_t i = 0; i < n; i++) {
			at[i] = owners_key_chain(o, &s[i].key);
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
	uint32_t *at = owners_key_chain(o, &s->key);
	struct owner *e = owners_newest(o, *at, s, false);
	if (e == NULL || e->process != s->process || s->to < e->from ||
	    (!e->open && s->from > e->to)) {
		owners_insert(o, at, s, e, false);
		return;
	}
	if (e->from > s->from)
		e->from = s->from;
	if (s->to == TIME_NEVER)
		e->open = true;
	else if (!e->open && e->to < s->to)
		e->to = s->to;
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
