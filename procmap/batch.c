/* SPDX-License-Identifier: MIT
 *
 * Batches: growing lists, sorted at the end.
 */
#include "procmap/batch.h"

#include <stdlib.h>
#include <string.h>

#include "lib/protocol.h"
#include "lib/xalloc.h"

struct batch *
batch_new(enum sock_via via)
{
	struct batch *b = xcalloc(1, sizeof(*b));
	b->via = via;
	b->complete = true;
	return b;
}

void
batch_free(struct batch *b)
{
	if (b == NULL)
		return;
	free(b->socks);
	free(b->procs);
	free(b->holders);
	free(b->ids);
	addresses_done(&b->addresses);
	free(b);
}

size_t
batch_size(const struct batch *b)
{
	return b->count + b->proc_count + b->holder_count;
}

/* Make room for one more of `each` bytes; false at the bound. */
static bool
grow(struct batch *b, void **list, size_t count, size_t *size, size_t each)
{
	if (count == BATCH_MAX) {
		b->complete = false;
		b->cut = true;
		return false;
	}
	if (count == *size) {
		*size = *size != 0 ? *size * 2 : 256;
		*list = xreallocarray(*list, *size, each);
	}
	return true;
}

struct sighting *
batch_socket(struct batch *b)
{
	void *list = b->socks;
	bool fits = grow(b, &list, b->count, &b->size, sizeof(*b->socks));
	b->socks = list;
	if (!fits)
		return NULL;
	struct sighting *s = &b->socks[b->count++];
	*s = (struct sighting){ .from = TIME_ALWAYS, .to = TIME_NEVER,
		.via = (uint8_t)b->via };
	return s;
}

struct proc_info *
batch_process(struct batch *b)
{
	void *list = b->procs;
	bool fits = grow(b, &list, b->proc_count, &b->proc_size,
	    sizeof(*b->procs));
	b->procs = list;
	if (!fits)
		return NULL;
	struct proc_info *p = &b->procs[b->proc_count++];
	*p = (struct proc_info){ .uid = -1 };
	return p;
}

void
batch_holder(struct batch *b, uint32_t inode, uint32_t process,
    enum sock_via via)
{
	void *list = b->holders;
	bool fits = grow(b, &list, b->holder_count, &b->holder_size,
	    sizeof(*b->holders));
	b->holders = list;
	if (fits)
		b->holders[b->holder_count++] = (struct holder){ inode,
			process, (uint8_t)via };
}

static int
by_inode(const void *left, const void *right)
{
	const struct holder *a = left, *b = right;
	if (a->inode != b->inode)
		return a->inode < b->inode ? -1 : 1;
	return a->process < b->process ? -1 : a->process > b->process;
}

static bool
may_be_reused(const struct sighting *s)
{
	return s->key.rport == 0 && (s->key.proto != PROTOCOL_TCP ||
	    (s->flags & SOCK_LISTENS) != 0);
}

static int
by_local(const void *left, const void *right)
{
	const struct sighting *a = *(struct sighting *const *)left;
	const struct sighting *b = *(struct sighting *const *)right;
	if (a->key.lport != b->key.lport)
		return a->key.lport < b->key.lport ? -1 : 1;
	if (a->key.proto != b->key.proto)
		return a->key.proto < b->key.proto ? -1 : 1;
	return memcmp(a->key.local, b->key.local, sizeof(a->key.local));
}

/* An inode that is not known may be any. */
void
batch_find_reuse(struct batch *b)
{
	struct sighting **list = xcalloc(b->count + 1, sizeof(*list));
	size_t count = 0;
	for (size_t i = 0; i < b->count; i++)
		if (may_be_reused(&b->socks[i]))
			list[count++] = &b->socks[i];
	if (count > 1)
		qsort(list, count, sizeof(struct sighting *), by_local);
	for (size_t i = 0, next; i < count; i = next) {
		bool several = false;
		for (next = i + 1; next < count &&
		    by_local(&list[i], &list[next]) == 0; next++)
			several = several || list[next]->inode == 0 ||
			    list[next]->inode != list[i]->inode;
		for (size_t j = i; several && j < next; j++)
			list[j]->reuse = true;
	}
	free(list);
}

/* A process may have a socket by several descriptors, and holds it once. */
void
batch_finish(struct batch *b)
{
	size_t kept = 0;
	if (b->holder_count == 0)
		return;
	qsort(b->holders, b->holder_count, sizeof(*b->holders), by_inode);
	for (size_t i = 1; i < b->holder_count; i++)
		if (by_inode(&b->holders[kept], &b->holders[i]) != 0)
			b->holders[++kept] = b->holders[i];
	b->holder_count = kept + 1;
}

const struct holder *
batch_find_holder(const struct batch *b, uint32_t inode)
{
	size_t low = 0, high = b->holder_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (b->holders[middle].inode < inode)
			low = middle + 1;
		else
			high = middle;
	}
	return low < b->holder_count && b->holders[low].inode == inode ?
	    &b->holders[low] : NULL;
}

/* The next part of a list of `count`, which begins at step `first`. */
static bool
part(const struct batch *b, size_t first, size_t count, size_t most,
    size_t *from, size_t *n)
{
	if (b->merged < first || b->merged >= first + count)
		return false;
	*from = b->merged - first;
	*n = count - *from < most ? count - *from : most;
	return true;
}

/* Sockets are gone through twice: first those that are known already. */
bool
batch_merge(struct batch *b, struct owners *owners,
    struct processes *processes, size_t most)
{
	size_t i = 0, n = 0, confirm = b->proc_count;
	size_t add = confirm + b->count, holders = add + b->count;
	if (b->ids == NULL) {
		b->ids = xcalloc(b->proc_count + 1, sizeof(*b->ids));
		owners_poll_begin(owners, b->begin);
	}
	if (part(b, 0, b->proc_count, most, &i, &n)) {
		for (size_t end = i + n; i < end; i++)
			b->ids[i + 1] = processes_add(processes,
			    &b->procs[i]);
	} else if (part(b, confirm, b->count, most, &i, &n)) {
		for (size_t at = i; at < i + n; at++)
			b->socks[at].process = b->ids[b->socks[at].process];
		owners_poll_confirm(owners, b->socks + i, n);
	} else if (part(b, add, b->count, most, &i, &n)) {
		owners_poll_add(owners, b->socks + i, n);
	} else if (part(b, holders, b->holder_count, most, &i, &n)) {
		for (size_t end = i + n; i < end; i++)
			b->holders[i].process = b->ids[b->holders[i].process];
	}
	b->merged += n;
	if (b->merged < holders + b->holder_count)
		return false;
	owners_poll_end(owners, !b->cut);
	return true;
}

struct batch *
batch_rest(struct batch *b)
{
	struct batch *rest = batch_new(b->via);
	rest->socks = b->socks;
	rest->procs = b->procs;
	rest->ids = b->ids;
	b->socks = NULL;
	b->procs = NULL;
	b->ids = NULL;
	b->count = b->size = b->proc_count = b->proc_size = 0;
	return rest;
}
