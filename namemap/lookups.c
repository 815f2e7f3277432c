/* SPDX-License-Identifier: MIT
 *
 * From addresses to questions, and from replies to the cache.
 */
#include "namemap/lookups.h"

#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"
#include "namemap/dns.h"
#include "namemap/hosts.h"
#include "namemap/nss.h"
#include "namemap/stamp.h"

enum { CHECK_FILES = 5000 };	/* ms between looks at hosts and resolvers */
enum { AT_ONCE = 64 };		/* questions, before snapshots are looked for */

static const char resolv_conf[] = "/etc/resolv.conf";
static const char upstream_conf[] = "/run/systemd/resolve/resolv.conf";

struct list {
	struct cache_entry **entries;
	size_t count, size;
};

struct lookups {
	struct lookups_config config;
	struct cache *cache;
	struct hosts *hosts;
	struct dns *dns;		/* one of these two */
	struct nss *nss;
	struct stamp resolv;
	bool resolvers_are_local;
	uint64_t next_check;
	uint32_t round;
	struct list seen;		/* this round's, each once */
	struct list wanted;		/* to be asked, the first first */
	size_t next;			/* of wanted */
	size_t under_way;
	size_t crowded_out;		/* no room in the cache, this round */
	uint64_t tokens;		/* thousandths of a question */
	uint64_t filled;		/* when tokens were counted */
	uint64_t now;
	uint64_t queries, answers, unanswered, rejected;
};

static void
list_add(struct list *l, struct cache_entry *e)
{
	if (l->count == l->size) {
		l->size = l->size != 0 ? l->size * 2 : 256;
		l->entries = xreallocarray(l->entries, l->size,
		    sizeof(struct cache_entry *));
	}
	l->entries[l->count++] = e;
}

static void
take_reply(void *arg, const struct reply *r)
{
	struct lookups *l = arg;
	struct cache_entry *e = cache_find(l->cache, &r->addr);
	l->under_way--;
	l->answers += r->kind <= REPLY_BAD;
	l->rejected += r->kind == REPLY_BAD;
	l->unanswered += r->kind == REPLY_SILENT;
	if (e == NULL || e->state != CACHE_PENDING)
		return;
	switch (r->kind) {
	case REPLY_NAME:
		cache_named(e, r->name, r->ttl, l->now);
		break;
	case REPLY_NONE:
	case REPLY_BAD:
		cache_denied(e, r->ttl, l->now);
		break;
	case REPLY_SILENT:
		cache_unanswered(e, l->now);
		break;
	case REPLY_WITHDRAWN:
		cache_withdrawn(e);
		break;
	}
}

/* Those that c-ares has: it reads some lines of the file otherwise than we
 * or the C library do, and where it asks is what matters. */
static void
judge_resolvers(struct lookups *l)
{
	struct servers servers;
	if (l->dns != NULL)
		dns_servers(l->dns, &servers);
	else
		servers_read(resolv_conf, &servers);
	l->resolvers_are_local = servers_are_local(&servers, upstream_conf);
}

static void
check_resolvers(struct lookups *l)
{
	if (stamp_update(&l->resolv, resolv_conf) &&
	    l->config.server_count == 0) {
		if (l->dns != NULL)
			dns_reload(l->dns);
		cache_retry(l->cache);
	}
	judge_resolvers(l);
}

struct lookups *
lookups_new(const struct lookups_config *config, const char **why)
{
	struct lookups *l = xcalloc(1, sizeof(*l));
	struct reply_to to = { take_reply, l };
	l->config = *config;
	l->cache = cache_new(config->cache);
	l->hosts = hosts_new(config->hosts);
	stamp_update(&l->resolv, resolv_conf);
	if (config->source == LOOKUPS_NSS)
		l->nss = nss_new(config->in_flight, to);
	else
		l->dns = dns_new(config->servers, config->server_count, to,
		    why);
	if (l->nss == NULL && l->dns == NULL) {
		lookups_free(l);
		return NULL;
	}
	judge_resolvers(l);
	return l;
}

void
lookups_free(struct lookups *l)
{
	if (l == NULL)
		return;
	dns_free(l->dns);
	nss_free(l->nss);
	hosts_free(l->hosts);
	cache_free(l->cache);
	free(l->seen.entries);
	free(l->wanted.entries);
	free(l);
}

void
lookups_begin(struct lookups *l, uint64_t now)
{
	l->now = now;
	l->round++;
	l->seen.count = l->wanted.count = l->next = 0;
	l->crowded_out = 0;
}

static bool
may_ask(const struct lookups *l, const struct cache_entry *e)
{
	return policy_allows(l->config.level, &e->addr,
	    l->resolvers_are_local);
}

static void
want(struct lookups *l, struct cache_entry *e, uint64_t now)
{
	if (!e->hosts_checked)
		cache_set_hosts(e, hosts_find(l->hosts, &e->addr));
	if (!cache_is_due(e, now))
		return;
	if (may_ask(l, e))
		list_add(&l->wanted, e);
	else
		cache_withheld(e, now);
}

const struct cache_entry *
lookups_touch(struct lookups *l, const struct addr *a, uint64_t weight,
    uint64_t now)
{
	if (l->config.level == POLICY_OFF || a->family == ADDR_NONE)
		return NULL;
	struct cache_entry *e = cache_find(l->cache, a);
	bool first = e == NULL || e->round != l->round;
	if (first)
		e = cache_touch(l->cache, a, l->round);
	if (e == NULL) {
		l->crowded_out++;
		return NULL;
	}
	e->weight += weight;
	if (!first)
		return e;
	list_add(&l->seen, e);
	want(l, e, now);
	return e;
}

static int
busier(const void *a, const void *b)
{
	const struct cache_entry *x = *(struct cache_entry *const *)a;
	const struct cache_entry *y = *(struct cache_entry *const *)b;
	if (x->weight != y->weight)
		return x->weight > y->weight ? -1 : 1;
	return addr_compare(&x->addr, &y->addr);
}

void
lookups_end(struct lookups *l)
{
	if (l->wanted.count > 1)
		qsort(l->wanted.entries, l->wanted.count,
		    sizeof(struct cache_entry *), busier);
}

/* What is wanted has changed within a round, for which a snapshot may wait. */
static void
list_again(struct lookups *l)
{
	l->wanted.count = l->next = 0;
	if (l->config.level == POLICY_OFF)
		l->seen.count = l->crowded_out = 0;
	for (size_t i = 0; i < l->seen.count; i++)
		want(l, l->seen.entries[i], l->now);
	lookups_end(l);
}

/* The bucket fills by `rate` a second and holds a tenth of that. */
static void
fill_tokens(struct lookups *l, uint64_t now)
{
	uint64_t most = l->config.rate >= 10 ? l->config.rate * 100 : 1000;
	uint64_t passed = now - l->filled;
	if (passed > 60000)
		passed = 60000;
	l->tokens += passed * l->config.rate;
	if (l->tokens > most)
		l->tokens = most;
	l->filled = now;
}

static void
check_files(struct lookups *l, uint64_t now)
{
	if (l->config.level == POLICY_OFF || now < l->next_check)
		return;
	l->next_check = now + CHECK_FILES;
	check_resolvers(l);
	if (hosts_refresh(l->hosts))
		cache_recheck_hosts(l->cache);
}

/* May one more question be under way? */
static bool
has_room(const struct lookups *l)
{
	return l->under_way < l->config.in_flight &&
	    (l->dns == NULL || dns_is_ready(l->dns));
}

void
lookups_ask(struct lookups *l, uint64_t now)
{
	l->now = now;
	check_files(l, now);
	fill_tokens(l, now);
	for (int asked = 0; l->next < l->wanted.count && l->tokens >= 1000 &&
	    has_room(l) && asked < AT_ONCE; asked++) {
		struct cache_entry *e = l->wanted.entries[l->next++];
		/* The resolvers may be others than when it was listed. */
		if (!cache_is_due(e, now) || !may_ask(l, e))
			continue;
		l->tokens -= 1000;
		l->queries++;
		l->under_way++;
		cache_asked(e);
		if (l->nss != NULL)
			nss_ask(l->nss, &e->addr);
		else
			dns_ask(l->dns, &e->addr);
	}
}

bool
lookups_are_settled(const struct lookups *l)
{
	if (l->next < l->wanted.count)
		return false;
	for (size_t i = 0; i < l->seen.count; i++)
		if (l->seen.entries[i]->state == CACHE_PENDING)
			return false;
	return true;
}

void
lookups_count(const struct lookups *l, struct lookups_counts *c)
{
	*c = (struct lookups_counts){ .queries = l->queries,
		.answers = l->answers, .unanswered = l->unanswered,
		.rejected = l->rejected, .pending = l->crowded_out };
	for (size_t i = 0; i < l->seen.count; i++) {
		const struct cache_entry *e = l->seen.entries[i];
		if (e->name != NULL)
			c->known++;
		else if (e->state == CACHE_FAILED)
			c->failed++;
		else if (e->state == CACHE_PENDING || may_ask(l, e))
			c->pending++;
		else
			c->withheld++;
	}
}

bool
lookups_own(const struct lookups *l, const struct snapshot_flow *f)
{
	return l->dns != NULL && own_has(dns_own(l->dns), f);
}

enum policy_level
lookups_level(const struct lookups *l)
{
	return l->config.level;
}

void
lookups_set_level(struct lookups *l, enum policy_level level)
{
	bool lower = level < l->config.level;
	l->config.level = level;
	if (lower && l->nss != NULL)
		nss_withdraw(l->nss);
	else if (lower)
		dns_withdraw(l->dns);
	list_again(l);
}

void
lookups_flush(struct lookups *l)
{
	cache_flush(l->cache);
	list_again(l);
}

size_t
lookups_fds(const struct lookups *l, struct pollfd *fds, size_t room)
{
	return l->nss != NULL ? nss_fds(l->nss, fds, room) :
	    dns_fds(l->dns, fds, room);
}

int
lookups_timeout(const struct lookups *l, uint64_t now)
{
	int timeout = l->dns != NULL ? dns_timeout(l->dns) : -1;
	if (l->next >= l->wanted.count || !has_room(l))
		return timeout;
	uint64_t short_of = l->tokens < 1000 ? 1000 - l->tokens : 0;
	uint64_t wait = (short_of + l->config.rate - 1) / l->config.rate;
	uint64_t passed = now - l->filled;
	wait = wait > passed ? wait - passed : 0;
	return timeout < 0 || wait < (uint64_t)timeout ? (int)wait : timeout;
}

void
lookups_handle(struct lookups *l, const struct pollfd *fds, size_t count,
    uint64_t now)
{
	l->now = now;
	if (l->nss != NULL)
		nss_handle(l->nss, fds, count);
	else
		dns_handle(l->dns, fds, count);
}
