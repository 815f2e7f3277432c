/* SPDX-License-Identifier: MIT
 *
 * Entries in the order in which they came, and chains through them by hash.
 */
#include "procmap/nat_table.h"

#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"

struct place {
	struct nat_entry entry;
	uint32_t chain;		/* that it is in */
	uint32_t next;		/* place + 1 in that; 0: none */
};

struct nat_table {
	size_t count, hand;	/* the hand: who is next to make room */
	struct place *places;
	uint32_t *chains;	/* place + 1 */
};

struct nat_table *
nat_table_new(size_t count)
{
	struct nat_table *t = xcalloc(1, sizeof(*t));
	t->count = count;
	/* Untouched pages cost nothing until they are used. */
	t->places = xcalloc(count, sizeof(*t->places));
	t->chains = xcalloc(count, sizeof(*t->chains));
	return t;
}

void
nat_table_free(struct nat_table *t)
{
	free(t->places);
	free(t->chains);
	free(t);
}

static bool
same_key(const struct sock_key *a, const struct sock_key *b)
{
	return a->proto == b->proto && a->lport == b->lport &&
	    a->rport == b->rport && memcmp(a->local, b->local, 16) == 0 &&
	    memcmp(a->remote, b->remote, 16) == 0;
}

static uint32_t
chain_of(const struct nat_table *t, const struct sock_key *k)
{
	uint32_t h = 2166136261U ^ k->proto;
	for (int i = 0; i < 16; i++)
		h = ((h ^ k->local[i]) * 16777619U ^ k->remote[i]) *
		    16777619U;
	h = (h ^ k->lport) * 2654435761U;
	h = (h ^ h >> 16 ^ k->rport) * 2654435761U;
	return (h ^ h >> 16) & (uint32_t)(t->count - 1);
}

static struct place *
find(const struct nat_table *t, uint32_t chain, const struct sock_key *outer)
{
	for (uint32_t at = t->chains[chain]; at != 0;
	    at = t->places[at - 1].next) {
		struct place *p = &t->places[at - 1];
		if (same_key(&p->entry.outer, outer))
			return p;
	}
	return NULL;
}

static void
unlink_place(struct nat_table *t, struct place *p)
{
	uint32_t number = (uint32_t)(p - t->places) + 1;
	uint32_t *at = &t->chains[p->chain];
	while (*at != 0 && *at != number)
		at = &t->places[*at - 1].next;
	if (*at == number)
		*at = p->next;
}

void
nat_table_put(struct nat_table *t, const struct sock_key *outer,
    const struct sock_key *inner, int64_t now)
{
	uint32_t chain = chain_of(t, outer);
	struct place *p = find(t, chain, outer);
	uint8_t misses = p != NULL && !p->entry.found && inner == NULL ?
	    p->entry.misses + (p->entry.misses < NAT_MISSES) : 0;
	if (p == NULL) {
		p = &t->places[t->hand];
		t->hand = (t->hand + 1) & (t->count - 1);
		if (p->entry.time != 0)
			unlink_place(t, p);
		p->chain = chain;
		p->next = t->chains[chain];
		t->chains[chain] = (uint32_t)(p - t->places) + 1;
	}
	p->entry = (struct nat_entry){ .outer = *outer, .time = now,
		.found = inner != NULL, .misses = misses };
	if (inner != NULL)
		p->entry.inner = *inner;
}

const struct nat_entry *
nat_table_get(const struct nat_table *t, const struct sock_key *outer)
{
	const struct place *p = find(t, chain_of(t, outer), outer);
	return p != NULL ? &p->entry : NULL;
}
