/* SPDX-License-Identifier: MIT
 *
 * Sockets from sock_diag joined with holders from /proc by inode; sockets
 * whose holder may not be seen are given to the only process of their
 * cgroup or user, and marked as inferred.
 */
#include "procmap/survey.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/protocol.h"
#include "lib/xalloc.h"
#include "procmap/clock.h"
#include "procmap/diag.h"

enum { MANY = 4096 };	/* descriptors; more are for the full walk only */
enum { WALK = 900000 };		/* us between walks when no socket is new */
enum { LASTS = 400000 };	/* us that a socket lives which was there
				 * in a poll before the last one */

bool
survey_open(struct survey *s, const char *proc_root)
{
	scan_init(&s->scan, proc_root);
	s->full_cost = s->full_at = s->some_cost = s->some_at = 0;
	s->nobodys = s->unknown = (struct inodes){ 0 };
	s->begun = s->walked = 0;
	return diag_tells(PROTOCOL_TCP);
}

static void
take_socket(void *state, const struct diag_socket *d)
{
	struct batch *b = state;
	if (d->inode == 0)
		return;
	struct sighting *s = batch_socket(b);
	if (s == NULL)
		return;
	s->key = d->key;
	s->inode = d->inode;
	s->uid = d->uid;
	s->cgroup = (uint32_t)d->cgroup;
	s->flags = (uint8_t)((d->listens ? SOCK_LISTENS : 0) |
	    (d->v6only ? SOCK_V6ONLY : 0));
}

/* Processes that hold a socket of any kind, with each socket's inode. */
static void
take_holders(struct survey *v, struct batch *b)
{
	for (size_t i = 0; i < v->scan.count; i++) {
		struct scan_process *p = v->scan.list[i];
		if (p->count == 0)
			continue;
		scan_identify(&v->scan, p);
		struct proc_info *info = p->identified ?
		    batch_process(b) : NULL;
		if (info == NULL)
			continue;
		*info = p->info;
		for (size_t j = 0; j < p->count; j++)
			batch_holder(b, p->sockets[j],
			    (uint32_t)b->proc_count, VIA_DIAG);
	}
	batch_finish(b);
}

/* How many processes match, and which: one, or several of one name. */
struct guess {
	const struct scan_process *one;
	size_t count;
	bool same_name;
};

static void
consider(struct guess *g, const struct scan_process *p)
{
	g->same_name = g->count == 0 || (g->same_name &&
	    strcmp(g->one->info.name, p->info.name) == 0);
	if (g->count++ == 0)
		g->one = p;
}

static uint32_t
name_guess(struct batch *b, const struct guess *g)
{
	if (g->count == 0 || !g->same_name)
		return 0;
	struct proc_info *info = batch_process(b);
	if (info == NULL)
		return 0;
	*info = g->one->info;
	if (g->count > 1) {	/* the program is sure, the process is not */
		info->pid = 0;
		info->start = 0;
		for (const char *c = info->name; *c != '\0'; c++)
			info->start = info->start * 31 + (unsigned char)*c;
	}
	return (uint32_t)b->proc_count;
}

static void
infer(struct survey *v, struct batch *b, struct sighting *s)
{
	struct guess by_cgroup = { 0 }, by_uid = { 0 };
	for (size_t i = 0; i < v->scan.count; i++) {
		struct scan_process *p = v->scan.list[i];
		if (p->readable)
			continue;
		scan_identify(&v->scan, p);
		if (!p->identified)
			continue;
		if (p->cgroup != 0 && (uint32_t)p->cgroup == s->cgroup)
			consider(&by_cgroup, p);
		if (p->info.uid == (int64_t)s->uid)
			consider(&by_uid, p);
	}
	s->process = name_guess(b, &by_cgroup);
	s->via = VIA_CGROUP;
	if (s->process == 0) {
		s->process = name_guess(b, &by_uid);
		s->via = VIA_UID;
	}
	if (s->process != 0)
		batch_holder(b, s->inode, s->process, (enum sock_via)s->via);
}

/* Who holds each socket; returns how many have no holder. */
static size_t
join(struct batch *b)
{
	size_t unknown = 0, sockets = b->count;
	for (size_t i = 0; i < sockets; i++) {
		const struct holder *h = batch_find_holder(b,
		    b->socks[i].inode);
		if (h == NULL) {
			unknown++;
			continue;
		}
		b->socks[i].process = h->process;
		const struct holder *end = b->holders + b->holder_count;
		for (h++; h < end && h->inode == b->socks[i].inode; h++) {
			struct sighting *more = batch_socket(b);
			if (more == NULL)
				break;
			*more = b->socks[i];
			more->process = h->process;
		}
	}
	return unknown;
}

static void
rewind_batch(struct batch *b, size_t sockets)
{
	b->count = sockets;
	b->proc_count = b->holder_count = 0;
	for (size_t i = 0; i < sockets; i++)
		b->socks[i].process = 0;
}

void
survey_close(struct survey *v)
{
	scan_done(&v->scan);
	free(v->nobodys.list);
	free(v->unknown.list);
}

static int
by_number(const void *left, const void *right)
{
	const uint32_t *a = left, *b = right;
	return *a < *b ? -1 : *a > *b;
}

static bool
contains(const struct inodes *set, uint32_t inode)
{
	return set->count > 0 && bsearch(&inode, set->list, set->count,
	    sizeof(*set->list), by_number) != NULL;
}

/* Is one without a holder that was not, when all processes were looked at?
 * With `before`, of those that were there in the last poll. */
static bool
has_new(const struct survey *v, const struct batch *b, size_t sockets,
    const struct inodes *before)
{
	for (size_t i = 0; i < sockets; i++)
		if (b->socks[i].process == 0 &&
		    !contains(&v->nobodys, b->socks[i].inode) &&
		    (before == NULL || contains(before, b->socks[i].inode)))
			return true;
	return false;
}

static void
note_unknown(struct inodes *set, const struct batch *b, size_t sockets,
    size_t unknown)
{
	set->count = 0;
	set->list = xreallocarray(set->list, unknown + 1,
	    sizeof(*set->list));
	for (size_t i = 0; i < sockets && set->count < unknown; i++)
		if (b->socks[i].process == 0)
			set->list[set->count++] = b->socks[i].inode;
	qsort(set->list, set->count, sizeof(*set->list), by_number);
}

static size_t
join_again(struct survey *v, struct batch *b, size_t sockets)
{
	rewind_batch(b, sockets);
	take_holders(v, b);
	return join(b);
}

/* A process may have closed one and opened another: look at those that had
 * sockets, then at all, but spend no more than a tenth and a twentieth of
 * the time on it.  Sockets of a moment are not worth it: where polls follow
 * each other closely, one must have been there in the last one. */
static size_t
look_again(struct survey *v, struct batch *b, size_t sockets, size_t unknown)
{
	int64_t now = clock_boot_us();
	bool lasting = unknown > 0 && has_new(v, b, sockets,
	    b->begin - v->begun < LASTS ? &v->unknown : NULL);
	int64_t share = lasting ? 10 : 100;
	if (unknown > 0 && now - v->some_at > v->some_cost * share &&
	    (lasting || has_new(v, b, sockets, NULL))) {
		scan_holders(&v->scan, MANY);
		unknown = join_again(v, b, sockets);
		v->some_at = clock_boot_us();
		v->some_cost = v->some_at - now;
		now = v->some_at;
	}
	if (unknown > 0 && lasting && now - v->full_at > v->full_cost * 20) {
		scan_run(&v->scan, true);
		unknown = join_again(v, b, sockets);
		note_unknown(&v->nobodys, b, sockets, unknown);
		v->full_at = v->walked = clock_boot_us();
		v->full_cost = v->full_at - now + 10000;
	}
	return unknown;
}

/* Walk, unless that was done a moment ago and since then no socket is new;
 * how many have no holder then. */
static bool
walk(struct survey *v, struct batch *b, size_t sockets, size_t *unknown)
{
	if (b->begin - v->walked < WALK) {
		*unknown = join_again(v, b, sockets);
		if (!has_new(v, b, sockets, NULL))
			return true;
	}
	v->walked = b->begin;
	if (!scan_run(&v->scan, false))
		return false;
	*unknown = look_again(v, b, sockets, join_again(v, b, sockets));
	return true;
}

/* Whom a walk through all processes showed no holder of has none; who is new
 * since then may have one that there was no time to find. */
static void
note_nobodys(const struct survey *v, struct batch *b, size_t sockets)
{
	for (size_t i = 0; i < sockets; i++) {
		if (b->socks[i].process != 0)
			continue;
		if (contains(&v->nobodys, b->socks[i].inode))
			batch_holder(b, b->socks[i].inode, 0, VIA_KERNEL);
		else
			b->late = true;
	}
	batch_finish(b);
}

bool
survey_take(struct survey *v, struct batch *b)
{
	b->begin = clock_boot_us();
	b->has_holders = true;
	bool whole = true;
	if (!diag_dump(take_socket, b, &whole)) {
		snprintf(b->problem, sizeof(b->problem), "sock_diag: %s",
		    strerror(errno));
		return false;
	}
	b->cut = b->cut || !whole;
	b->complete = b->complete && whole;
	batch_find_reuse(b);
	size_t sockets = b->count, unknown = 0;
	if (!walk(v, b, sockets, &unknown)) {
		snprintf(b->problem, sizeof(b->problem), "%s: %s",
		    v->scan.root, strerror(errno));
		return false;
	}
	note_unknown(&v->unknown, b, sockets, unknown);
	v->begun = b->begin;
	b->complete = b->complete && v->scan.complete;
	if (b->complete && unknown > 0)
		note_nobodys(v, b, sockets);
	if (!v->scan.hidden && !v->scan.complete && unknown > 0) {
		for (size_t i = 0; i < sockets; i++)
			if (b->socks[i].process == 0)
				infer(v, b, &b->socks[i]);
		batch_finish(b);
	}
	return true;
}
