/* SPDX-License-Identifier: MIT
 *
 * Sets of eight entries.  Each entry has a number that is odd while it is
 * written: who reads it looks at the number before and after.
 */
#include "procmap/nat_table.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>

enum { WAYS = 8 };

struct place {
	atomic_uint number;
	struct nat_entry entry;
};

struct nat_table {
	size_t sets;
	struct place places[];
};

struct nat_table *
nat_table_new(size_t count)
{
	struct nat_table *t = mmap(NULL, sizeof(*t) +
	    count * sizeof(t->places[0]), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (t == MAP_FAILED)
		return NULL;
	t->sets = count / WAYS;
	return t;
}

void
nat_table_free(struct nat_table *t)
{
	munmap(t, sizeof(*t) + t->sets * WAYS * sizeof(t->places[0]));
}

static bool
same_key(const struct sock_key *a, const struct sock_key *b)
{
	return a->proto == b->proto && a->lport == b->lport &&
	    a->rport == b->rport && memcmp(a->local, b->local, 16) == 0 &&
	    memcmp(a->remote, b->remote, 16) == 0;
}

static size_t
first_of(const struct nat_table *t, const struct sock_key *k)
{
	uint32_t h = 2166136261U ^ k->proto;
	for (int i = 0; i < 16; i++)
		h = ((h ^ k->local[i]) * 16777619U ^ k->remote[i]) *
		    16777619U;
	h = (h ^ k->lport) * 2654435761U;
	h = (h ^ h >> 16 ^ k->rport) * 2654435761U;
	return (h ^ h >> 16) % t->sets * WAYS;
}

void
nat_table_put(struct nat_table *t, const struct sock_key *outer,
    const struct sock_key *inner, int64_t now)
{
	struct place *set = t->places + first_of(t, outer), *to = set;
	for (struct place *p = set; p < set + WAYS; p++) {
		if (p->entry.time != 0 && same_key(&p->entry.outer, outer)) {
			to = p;
			break;
		}
		if (p->entry.time < to->entry.time)
			to = p;
	}
	unsigned number = atomic_load_explicit(&to->number,
	    memory_order_relaxed);
	atomic_store_explicit(&to->number, number + 1, memory_order_relaxed);
	atomic_thread_fence(memory_order_release);
	to->entry = (struct nat_entry){ .outer = *outer, .time = now,
		.found = inner != NULL };
	if (inner != NULL)
		to->entry.inner = *inner;
	atomic_store_explicit(&to->number, number + 2, memory_order_release);
}

/* A copy that is not half of one thing and half of another. */
static bool
copy(const struct place *p, struct nat_entry *entry)
{
	unsigned before = atomic_load_explicit(&p->number,
	    memory_order_acquire);
	memcpy(entry, &p->entry, sizeof(*entry));
	atomic_thread_fence(memory_order_acquire);
	return (before & 1) == 0 && entry->time != 0 &&
	    atomic_load_explicit(&p->number, memory_order_relaxed) == before;
}

bool
nat_table_get(const struct nat_table *t, const struct sock_key *outer,
    struct nat_entry *entry)
{
	const struct place *set = t->places + first_of(t, outer);
	for (const struct place *p = set; p < set + WAYS; p++)
		if (copy(p, entry) && same_key(&entry->outer, outer))
			return true;
	return false;
}
