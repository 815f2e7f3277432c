/* SPDX-License-Identifier: MIT
 *
 * The flow table: find or add by key, expire, make room at the bound, visit.
 *
 * A flow is one conversation, both directions of it.  Its key has the two
 * ends in numeric order, `a` the smaller; which of them is ours is a flag.
 *
 * At the bound (the pool's size) the flow that was idle longest goes first.
 * Flows wait in one queue a second, by when they are due to leave as far as
 * the queue knows; one that was seen since moves on when its turn comes, so
 * a packet costs no list work.
 */
#ifndef FLOWAGG_FLOWS_H
#define FLOWAGG_FLOWS_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "flowagg/hash.h"
#include "flowagg/journal.h"
#include "flowagg/ledger.h"
#include "flowagg/pool.h"
#include "flowagg/prefetch.h"
#include "lib/addr.h"

enum flow_kind {
	KIND_ECHO = 1,		/* ICMP echo: the ports are the identifier */
	KIND_NO_SRC = 2,	/* a merged row without a local address */
	KIND_NO_DST = 4,	/* ... without a remote address */
	KIND_INTERFACE = 8,	/* ... of one interface: its number is port_a */
	KIND_NO_PROTOCOL = 16,	/* ... of any protocol */
};

/* 40 bytes without padding, hashed and compared as bytes. */
struct flow_key {
	uint8_t a[16], b[16];
	uint16_t port_a, port_b;
	uint8_t family, protocol;
	uint8_t kind;		/* enum flow_kind */
	uint8_t zero;
};

enum flow_flag {
	FLOW_B_IS_OURS = 1,	/* `b` is shown as src */
	FLOW_SEEN = 2,		/* since it was queued last */
	FLOW_FIN_A = 4, FLOW_FIN_B = 8,	/* sent by that end */
	FLOW_CLOSED = 16,	/* FIN both ways, or RST */
	FLOW_ENDED = 32,	/* out of the table, shown once more */
	FLOW_FREE = 64,		/* not in use */
	FLOW_QUEUED = 128,	/* in a queue: the number is not free yet */
};

enum flow_direction { FLOW_OUT, FLOW_IN, FLOW_LOCAL, FLOW_TRANSIT,
	FLOW_MERGED };

/* All that a packet touches; what it counts goes to the journal. */
struct flow {
	struct flow_key key;
	uint32_t first_second;
	uint32_t second;	/* newest */
	uint16_t first_ms;	/* of `first_second` */
	uint16_t last_ms;	/* of `second` */
	uint32_t entry;		/* the newest in the journal */
	uint32_t queue_next;
	uint8_t direction : 7;	/* enum flow_direction */
	uint8_t b_opened : 1;	/* `b` opened it, not `a` */
	uint8_t flags;		/* enum flow_flag */
	uint16_t interface;	/* interfaces.h */
};

_Static_assert(sizeof(struct flow_key) == 40, "no holes in a key");
_Static_assert(sizeof(struct flow) == 64, "one cache line");

struct flows {
	struct hash hash;
	struct pool pool;	/* of struct flow */
	struct journal journal;
	struct ledger ledger;
	uint32_t *slots;	/* flow numbers with marks; 0: empty */
	uint32_t mask;		/* slots - 1 */
	uint32_t left;		/* slots that a flow has left, not empty: a
				 * mark without a number */
	uint32_t numbers;	/* bits of a slot that are the number; the
				 * others are those of the flow's hash */
	uint32_t count;		/* in the table */
	uint64_t next_id;
	struct queue { uint32_t head, tail; } *queues;
	uint32_t queue_count;
	uint32_t due;		/* no queue before this second has flows */
	uint32_t waiting;	/* numbers that nothing but a queue has */
	uint32_t idle;		/* seconds that a silent flow is kept */
	uint32_t *ended;	/* out of the table, shown once more */
	uint32_t ended_count, ended_size;
};

/* A table of at most `max` flows that keeps them `idle` seconds. */
void flows_init(struct flows *, uint32_t max, uint32_t idle);
void flows_done(struct flows *);

static inline struct flow *
flows_at(const struct flows *t, uint32_t number)
{
	return (struct flow *)(void *)t->pool.base + number;
}

static inline uint32_t
flows_hash(const struct flows *t, const struct flow_key *key)
{
	return hash_key(&t->hash, key);
}

/* Bring into the cache what flows_find() will look at. */
PREFETCHES
flows_prefetch(const struct flows *t, uint32_t hash)
{
	__builtin_prefetch(&t->slots[hash & t->mask]);
}

/* Once that has come: the first flow whose mark is that of this hash, most
 * likely the one that flows_find() will find; 0 when there is none. */
static inline uint32_t
flows_guess(const struct flows *t, uint32_t hash)
{
	uint32_t at = hash & t->mask;
	while (t->slots[at] != 0 &&
	    ((t->slots[at] ^ hash) & ~t->numbers) != 0)
		at = (at + 1) & t->mask;
	return t->slots[at] & t->numbers;
}

/* Bring into the cache what flows_count() will touch: the flow and, once
 * that has come, what the journal has of it in this second. */
PREFETCHES
flows_prefetch_flow(const struct flows *t, uint32_t number)
{
	__builtin_prefetch(flows_at(t, number), 1);
}

PREFETCHES
flows_prefetch_entry(const struct flows *t, uint32_t number, uint32_t second)
{
	const struct flow *f = flows_at(t, number);
	if (f->second >= second)
		journal_prefetch(&t->journal, number, f->entry);
}

/* Eight bytes of an address, read as a word, as a number in their order. */
static inline uint64_t
flow_big_endian(uint64_t word)
{
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ?
	    __builtin_bswap64(word) : word;
}

static inline uint64_t
flow_key_word(const struct flow_key *k, unsigned i)
{
	uint64_t word;
	memcpy(&word, (const char *)k + i * sizeof(word), sizeof(word));
	return word;
}

static inline bool
flow_key_equal(const struct flow_key *a, const struct flow_key *b)
{
	/* Written out: compilers leave a loop of five a loop. */
	return ((flow_key_word(a, 0) ^ flow_key_word(b, 0)) |
	    (flow_key_word(a, 1) ^ flow_key_word(b, 1)) |
	    (flow_key_word(a, 2) ^ flow_key_word(b, 2)) |
	    (flow_key_word(a, 3) ^ flow_key_word(b, 3)) |
	    (flow_key_word(a, 4) ^ flow_key_word(b, 4))) == 0;
}

/* In the table, neither free nor ended? */
static inline bool
flow_is_in_table(const struct flow *f)
{
	return (f->flags & (FLOW_FREE | FLOW_ENDED)) == 0;
}

/* Is this number, guessed a while ago, still the flow of this key? */
static inline bool
flows_is(const struct flows *t, uint32_t number, const struct flow_key *key)
{
	const struct flow *f = flows_at(t, number);
	return number != 0 && flow_key_equal(&f->key, key) &&
	    flow_is_in_table(f);
}

/* The flow of this key, or 0. */
uint32_t flows_find(const struct flows *, const struct flow_key *,
    uint32_t hash);

/* A new flow first seen then; the key must not be there.  0 when the table
 * is full: flows_oldest() says whom to remove. */
uint32_t flows_add(struct flows *, const struct flow_key *, uint32_t hash,
    uint16_t interface, uint32_t second, uint16_t ms);

/* The flow that was idle longest (to the second; within it, one not seen
 * again after it was new), for the caller to flows_remove().  0 when that is
 * not needed: a number became free on the way. */
uint32_t flows_oldest(struct flows *);

/* A packet lies before the newest of its flow. */
static inline void
flow_begin_sooner(struct flow *f, uint32_t second, uint16_t ms)
{
	if (second > f->first_second ||
	    (second == f->first_second && ms >= f->first_ms))
		return;
	f->first_second = second;
	f->first_ms = ms;
}

/* Count a packet, which may lie before an earlier one. */
static inline void
flows_count(struct flows *t, uint32_t number, unsigned way, uint32_t bytes,
    uint32_t second, uint16_t ms)
{
	struct flow *f = flows_at(t, number);
	f->flags |= FLOW_SEEN;
	if (second > f->second) {
		f->second = second;
		f->last_ms = ms;
		f->entry = journal_append(&t->journal, number, second, way,
		    bytes);
		return;
	}
	if (second == f->second && ms >= f->last_ms)
		f->last_ms = ms;
	else
		flow_begin_sooner(f, second, ms);
	f->entry = journal_add(&t->journal, number, f->entry, second, way,
	    bytes);
}

/* It was seen then, without anything to count. */
void flows_see(struct flows *, uint32_t number, uint32_t second, uint16_t ms);

/* Forget totals and peaks; the windows stay. */
void flows_reset(struct flows *, uint32_t now);

/* Bring the ledger up to date; do some of that beforehand; start a new
 * interval in it. */
void flows_post(struct flows *);
void flows_post_some(struct flows *);
void flows_next_interval(struct flows *);

/* Do a part of what a thread has to post beforehand; false when nothing of
 * that is left. */
bool flows_help_to_post(struct flows *);

/* Bring the ledger up to date; hardly anything will be counted any more. */
void flows_post_last(struct flows *);

/* Take the flow out of the table, so that its key is free; it keeps its
 * number and stands in ->ended until flows_forget_ended(). */
void flows_end(struct flows *, uint32_t number);

/* End every flow that was silent too long at `now`; one that is closed a
 * little sooner, once its windows are empty. */
void flows_expire(struct flows *, uint32_t now);

/* Free one flow, in the table or ended. */
void flows_remove(struct flows *, uint32_t number);

/* Free the flows in ->ended. */
void flows_forget_ended(struct flows *);

#endif
