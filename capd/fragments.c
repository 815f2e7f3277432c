/* SPDX-License-Identifier: MIT
 *
 * A chained hash table over a ring of entries: a new one takes the place of
 * the oldest.  The hash is seeded, so nobody can aim at one chain.
 */
#include "capd/fragments.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/xalloc.h"

enum { ABOUT_PORTS = RECORD_ICMP_ECHO | RECORD_NO_PORTS };

struct key {
	uint8_t src[16], dst[16];
	uint32_t id;
	uint8_t family, protocol;
	uint8_t zero[2];	/* no padding: keys are compared as bytes */
};

_Static_assert(sizeof(struct key) == 40, "key");

struct entry {
	struct key key;
	uint16_t src_port, dst_port;
	uint8_t flags;
	uint32_t next;		/* in its chain; place + 1, 0 ends */
};

struct fragments {
	uint64_t seed;
	uint32_t used;		/* entries that hold something */
	uint32_t oldest;	/* the place to be taken next */
	uint32_t chains[FRAGMENTS_MOST];	/* place + 1, 0: empty */
	struct entry entries[FRAGMENTS_MOST];
};

struct fragments *
fragments_new(void)
{
	struct fragments *f = xcalloc(1, sizeof(*f));
	if (getentropy(&f->seed, sizeof(f->seed)) == -1)
		f->seed = (uint64_t)(uintptr_t)f;	/* an old kernel */
	return f;
}

void
fragments_free(struct fragments *f)
{
	free(f);
}

static struct key
make_key(const struct record_packet *p, uint32_t id)
{
	struct key k = { .id = id, .family = p->family,
		.protocol = p->protocol };
	memcpy(k.src, p->src, sizeof(k.src));
	memcpy(k.dst, p->dst, sizeof(k.dst));
	return k;
}

/* Every word is mixed in fully, so that no difference cancels another one
 * without the seed being known. */
static uint32_t
chain_of(const struct fragments *f, const struct key *k)
{
	uint64_t words[sizeof(*k) / 8], h = f->seed;
	memcpy(words, k, sizeof(words));
	for (size_t i = 0; i < sizeof(*k) / 8; i++) {
		h ^= words[i];
		h = (h ^ h >> 33) * 0xff51afd7ed558ccd;
		h = (h ^ h >> 33) * 0xc4ceb9fe1a85ec53;
		h ^= h >> 33;
	}
	return (uint32_t)(h % FRAGMENTS_MOST);
}

static uint32_t
find(const struct fragments *f, const struct key *k)
{
	uint32_t at = f->chains[chain_of(f, k)];
	while (at != 0 && memcmp(&f->entries[at - 1].key, k, sizeof(*k)) != 0)
		at = f->entries[at - 1].next;
	return at;
}

static void
unlink_entry(struct fragments *f, uint32_t place)
{
	const struct entry *e = &f->entries[place - 1];
	uint32_t *at = &f->chains[chain_of(f, &e->key)];
	while (*at != place)
		at = &f->entries[*at - 1].next;
	*at = e->next;
}

/* The place of a fresh entry, in its chain. */
static uint32_t
take_place(struct fragments *f, const struct key *k)
{
	uint32_t place = f->oldest + 1;
	if (f->used == FRAGMENTS_MOST)
		unlink_entry(f, place);
	else
		f->used++;
	f->oldest = place % FRAGMENTS_MOST;
	struct entry *e = &f->entries[place - 1];
	uint32_t *chain = &f->chains[chain_of(f, k)];
	e->key = *k;
	e->next = *chain;
	*chain = place;
	return place;
}

void
fragments_add(struct fragments *f, const struct record_packet *p,
    uint32_t id)
{
	struct key k = make_key(p, id);
	uint32_t at = find(f, &k);
	if (at == 0)
		at = take_place(f, &k);
	struct entry *e = &f->entries[at - 1];
	e->src_port = p->src_port;
	e->dst_port = p->dst_port;
	e->flags = p->flags & ABOUT_PORTS;
}

void
fragments_find(const struct fragments *f, struct record_packet *p,
    uint32_t id)
{
	struct key k = make_key(p, id);
	uint32_t at = find(f, &k);
	if (at == 0)
		return;
	const struct entry *e = &f->entries[at - 1];
	p->src_port = e->src_port;
	p->dst_port = e->dst_port;
	p->flags = (uint8_t)((p->flags & ~ABOUT_PORTS) | e->flags);
}
