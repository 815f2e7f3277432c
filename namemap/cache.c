/* SPDX-License-Identifier: MIT
 *
 * A hash table with chains, and a list by last use.
 */
#include "namemap/cache.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/xalloc.h"

enum { SECOND = 1000 };
enum { NAME_SHORTEST = 5, NAME_LONGEST = 24 * 3600, NAME_STALE = 3600 };
enum { DENIED_SHORTEST = 30, DENIED_LONGEST = 3600, DENIED_USUAL = 300 };
enum { RETRY_FIRST = 15, RETRY_DOUBLINGS = 6 };

struct cache {
	struct cache_entry **buckets;
	size_t mask;
	size_t count, max;
	struct cache_entry *newest, *oldest;
	uint64_t seed[2];	/* strangers choose addresses: no guessing
				 * which of them share a bucket */
};

struct cache *
cache_new(size_t max)
{
	struct cache *c = xcalloc(1, sizeof(*c));
	size_t buckets = 64;
	while (buckets < max)
		buckets *= 2;
	c->buckets = xcalloc(buckets, sizeof(struct cache_entry *));
	c->mask = buckets - 1;
	c->max = max;
	if (getentropy(c->seed, sizeof(c->seed)) == -1)
		c->seed[0] = (uintptr_t)c ^ (uint64_t)getpid();
	return c;
}

void
cache_free(struct cache *c)
{
	if (c == NULL)
		return;
	for (struct cache_entry *e = c->newest, *older; e != NULL;
	    e = older) {
		older = e->older;
		free(e->name);
		free(e);
	}
	free(c->buckets);
	free(c);
}

size_t
cache_count(const struct cache *c)
{
	return c->count;
}

static uint64_t
mix(uint64_t x)
{
	x = (x ^ x >> 32) * UINT64_C(0xd6e8feb86659fd93);
	x = (x ^ x >> 32) * UINT64_C(0xd6e8feb86659fd93);
	return x ^ x >> 32;
}

static struct cache_entry **
bucket(const struct cache *c, const struct addr *a)
{
	uint64_t half[2];
	memcpy(half, a->bytes, sizeof(half));
	uint64_t hash = mix(mix(half[0] ^ c->seed[0]) ^ half[1] ^ c->seed[1]);
	return &c->buckets[hash & c->mask];
}

struct cache_entry *
cache_find(const struct cache *c, const struct addr *a)
{
	struct cache_entry *e = *bucket(c, a);
	while (e != NULL && !addr_equal(&e->addr, a))
		e = e->chain;
	return e;
}

static void
list_remove(struct cache *c, struct cache_entry *e)
{
	*(e->newer != NULL ? &e->newer->older : &c->newest) = e->older;
	*(e->older != NULL ? &e->older->newer : &c->oldest) = e->newer;
}

static void
list_add(struct cache *c, struct cache_entry *e)
{
	e->newer = NULL;
	e->older = c->newest;
	*(c->newest != NULL ? &c->newest->newer : &c->oldest) = e;
	c->newest = e;
}

static void
evict(struct cache *c, struct cache_entry *e)
{
	struct cache_entry **at = bucket(c, &e->addr);
	while (*at != e)
		at = &(*at)->chain;
	*at = e->chain;
	list_remove(c, e);
	c->count--;
	free(e->name);
	free(e);
}

struct cache_entry *
cache_touch(struct cache *c, const struct addr *a, uint32_t round)
{
	struct cache_entry *e = cache_find(c, a);
	if (e != NULL) {
		if (e->round != round) {
			list_remove(c, e);
			list_add(c, e);
			e->round = round;
			e->weight = 0;
		}
		return e;
	}
	if (c->count >= c->max) {
		if (c->oldest == NULL || c->oldest->round == round)
			return NULL;
		evict(c, c->oldest);
	}
	e = xcalloc(1, sizeof(*e));
	e->addr = *a;
	e->round = round;
	struct cache_entry **at = bucket(c, a);
	e->chain = *at;
	*at = e;
	list_add(c, e);
	c->count++;
	return e;
}

bool
cache_is_due(const struct cache_entry *e, uint64_t now)
{
	return e->state == CACHE_NEW ||
	    (e->state != CACHE_PENDING && now >= e->due);
}

static void
set_name(struct cache_entry *e, const char *name)
{
	/* Names come back the same most of the time. */
	if (e->name != NULL && name != NULL && strcmp(e->name, name) == 0)
		return;
	free(e->name);
	e->name = name != NULL ? xstrdup(name) : NULL;
	e->name_len = name != NULL ? (uint8_t)strlen(name) : 0;
}

static uint64_t
later(uint64_t now, uint32_t seconds, uint32_t least, uint32_t most)
{
	seconds = seconds < least ? least : seconds > most ? most : seconds;
	return now + (uint64_t)seconds * SECOND;
}

void
cache_asked(struct cache_entry *e)
{
	e->state = CACHE_PENDING;
}

void
cache_withdrawn(struct cache_entry *e)
{
	if (e->state == CACHE_PENDING)
		e->state = CACHE_NEW;
}

void
cache_named(struct cache_entry *e, const char *name, uint32_t ttl,
    uint64_t now)
{
	if (e->from_hosts)
		return;
	e->state = CACHE_KNOWN;
	e->failures = 0;
	e->due = later(now, ttl, NAME_SHORTEST, NAME_LONGEST);
	e->stale = e->due + NAME_STALE * SECOND;
	set_name(e, name);
}

void
cache_set_hosts(struct cache_entry *e, const char *name)
{
	e->hosts_checked = true;
	if (name != NULL) {
		e->from_hosts = true;
		e->state = CACHE_KNOWN;
		e->due = UINT64_MAX;
		set_name(e, name);
	} else if (e->from_hosts) {
		e->from_hosts = false;
		e->state = CACHE_NEW;
		set_name(e, NULL);
	}
}

void
cache_denied(struct cache_entry *e, uint32_t ttl, uint64_t now)
{
	if (e->from_hosts)
		return;
	e->state = CACHE_FAILED;
	e->failures = 0;
	e->due = later(now, ttl != 0 ? ttl : DENIED_USUAL, DENIED_SHORTEST,
	    DENIED_LONGEST);
	set_name(e, NULL);
}

void
cache_unanswered(struct cache_entry *e, uint64_t now)
{
	if (e->from_hosts)
		return;
	e->state = CACHE_FAILED;
	e->due = now + ((uint64_t)RETRY_FIRST << e->failures) * SECOND;
	if (e->failures < RETRY_DOUBLINGS)
		e->failures++;
	if (e->name != NULL && now >= e->stale)
		set_name(e, NULL);
}

void
cache_withheld(struct cache_entry *e, uint64_t now)
{
	if (e->from_hosts || e->name == NULL || now < e->stale)
		return;
	e->state = CACHE_NEW;
	set_name(e, NULL);
}

void
cache_flush(struct cache *c)
{
	for (struct cache_entry *e = c->newest; e != NULL; e = e->older) {
		/* A question under way stays so: its answer is fresh. */
		if (e->state != CACHE_PENDING)
			e->state = CACHE_NEW;
		e->failures = 0;
		e->hosts_checked = e->from_hosts = false;
		set_name(e, NULL);
	}
}

void
cache_retry(struct cache *c)
{
	for (struct cache_entry *e = c->newest; e != NULL; e = e->older)
		if (e->state == CACHE_FAILED && e->failures > 0) {
			e->failures = 0;
			e->due = 0;
		}
}

void
cache_recheck_hosts(struct cache *c)
{
	for (struct cache_entry *e = c->newest; e != NULL; e = e->older)
		e->hosts_checked = false;
}
