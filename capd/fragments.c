/* SPDX-License-Identifier: MIT
 *
 * A chained hash table over a list of entries by age: a new one takes the
 * place of the oldest.  The hash is seeded, so nobody can aim at one chain.
 */
#include "capd/fragments.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/xalloc.h"

enum { ABOUT_PORTS = RECORD_ICMP_ECHO | RECORD_NO_PORTS };

/* Later ones are no part of that datagram: RFC 8200 section 4.5. */
static const uint64_t life = UINT64_C(60000000000);	/* ns */

struct key {
	uint8_t src[16], dst[16];
	uint32_t id;
	uint16_t vlan, interface;
	uint8_t family;
	uint8_t protocol;	/* 0 for IPv6 */
	uint8_t zero[6];	/* no padding: keys are compared as bytes */
};

_Static_assert(sizeof(struct key) == 48, "key");

/* Entries are numbered from 1; number 0 is none. */
struct entry {
	struct key key;
	uint64_t ts;
	uint16_t src_port, dst_port;
	uint8_t flags, protocol;
	uint32_t next;		/* in its chain */
	uint32_t older, newer;	/* by when they were seen last */
};

struct fragments {
	uint64_t seed;
	uint32_t used;		/* entries that hold something */
	uint32_t chains[FRAGMENTS_MOST];
	struct entry entries[FRAGMENTS_MOST + 1];	/* 0: both ends of the
							 * list by age */
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
	struct key k = { .id = id, .vlan = p->vlan,
		.interface = p->interface, .family = p->family };
	/* RFC 791 section 3.2; RFC 8200 section 4.5 has no protocol in it, and
	 * only the first fragment tells what is behind all headers. */
	if (p->family == ADDR_IPV4)
		k.protocol = p->protocol;
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
	while (at != 0 && memcmp(&f->entries[at].key, k, sizeof(*k)) != 0)
		at = f->entries[at].next;
	return at;
}

static void
unchain(struct fragments *f, uint32_t number)
{
	const struct entry *e = &f->entries[number];
	uint32_t *at = &f->chains[chain_of(f, &e->key)];
	while (*at != number)
		at = &f->entries[*at].next;
	*at = e->next;
}

static void
unlist(struct fragments *f, uint32_t number)
{
	const struct entry *e = &f->entries[number];
	f->entries[e->older].newer = e->newer;
	f->entries[e->newer].older = e->older;
}

static void
list_newest(struct fragments *f, uint32_t number)
{
	struct entry *e = &f->entries[number], *ends = &f->entries[0];
	e->newer = 0;
	e->older = ends->older;
	f->entries[e->older].newer = number;
	ends->older = number;
}

/* A fresh entry, in its chain but not in the list. */
static uint32_t
take_entry(struct fragments *f, const struct key *k)
{
	uint32_t number = f->entries[0].newer;	/* the oldest */
	if (f->used < FRAGMENTS_MOST) {
		number = ++f->used;
	} else {
		unchain(f, number);
		unlist(f, number);
	}
	struct entry *e = &f->entries[number];
	uint32_t *chain = &f->chains[chain_of(f, k)];
	e->key = *k;
	e->next = *chain;
	*chain = number;
	return number;
}

void
fragments_add(struct fragments *f, const struct record_packet *p,
    uint32_t id)
{
	struct key k = make_key(p, id);
	uint32_t at = find(f, &k);
	if (at == 0)
		at = take_entry(f, &k);
	else
		unlist(f, at);
	list_newest(f, at);
	struct entry *e = &f->entries[at];
	e->ts = p->ts;
	e->src_port = p->src_port;
	e->dst_port = p->dst_port;
	e->flags = p->flags & ABOUT_PORTS;
	e->protocol = p->protocol;
}

void
fragments_find(const struct fragments *f, struct record_packet *p,
    uint32_t id)
{
	struct key k = make_key(p, id);
	uint32_t at = find(f, &k);
	const struct entry *e = &f->entries[at];
	/* The clock may step back, too. */
	if (at == 0 || (p->ts > e->ts ? p->ts - e->ts : e->ts - p->ts) > life)
		return;
	p->protocol = e->protocol;
	p->src_port = e->src_port;
	p->dst_port = e->dst_port;
	p->flags = (uint8_t)((p->flags & ~ABOUT_PORTS) | e->flags);
}
