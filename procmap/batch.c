/* SPDX-License-Identifier: MIT
 *
 * Batches: growing lists, sorted at the end.
 */
#include "procmap/batch.h"

#include <stdlib.h>
#include <string.h>

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
	addresses_done(&b->addresses);
	free(b);
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

void
batch_finish(struct batch *b)
{
	if (b->holder_count > 0)
		qsort(b->holders, b->holder_count, sizeof(*b->holders),
		    by_inode);
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

void
batch_merge(struct batch *b, struct owners *owners,
    struct processes *processes)
{
	uint32_t *ids = xcalloc(b->proc_count + 1, sizeof(*ids));
	for (size_t i = 0; i < b->proc_count; i++)
		ids[i + 1] = processes_add(processes, &b->procs[i]);
	for (size_t i = 0; i < b->count; i++)
		b->socks[i].process = ids[b->socks[i].process];
	for (size_t i = 0; i < b->holder_count; i++)
		b->holders[i].process = ids[b->holders[i].process];
	owners_poll_begin(owners, b->begin);
	owners_poll_add(owners, b->socks, b->count);
	owners_poll_end(owners, !b->cut);
	free(ids);
	free(b->socks);
	free(b->procs);
	b->socks = NULL;
	b->procs = NULL;
	b->count = b->size = b->proc_count = b->proc_size = 0;
}
