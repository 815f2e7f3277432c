/* SPDX-License-Identifier: MIT
 *
 * The flow table: open addressing over flow numbers, in four bytes each.
 * What a number leaves of them is a mark, the highest bits of the flow's
 * hash, so a probe that does not match hardly ever touches the flow itself.
 */
#include "flowagg/flows.h"

#include <err.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "flowagg/flows_queue.h"
#include "flowagg/pages.h"
#include "lib/xalloc.h"

enum { FIRST_SLOTS = 1024 };

static uint32_t *
new_slots(uint32_t mask)
{
	size_t size = ((size_t)mask + 1) * sizeof(uint32_t);
	uint32_t *slots = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (slots == MAP_FAILED)
		err(EXIT_FAILURE, "cannot allocate %zu bytes for the flow "
		    "table (a smaller --max-flows needs less)", size);
	pages_enlarge(slots, size);
	return slots;
}

static void
free_slots(struct flows *t)
{
	if (t->slots != NULL)
		munmap(t->slots, ((size_t)t->mask + 1) *
		    sizeof(*t->slots));
	t->slots = NULL;
}

void
flows_init(struct flows *t, uint32_t max, uint32_t idle)
{
	*t = (struct flows){ .mask = FIRST_SLOTS - 1, .next_id = 1 };
	hash_init(&t->hash);
	pool_init(&t->pool, sizeof(struct flow), max);
	pool_at_random(&t->pool);
	ledger_init(&t->ledger, max);
	journal_init(&t->journal, &t->ledger);
	t->slots = new_slots(t->mask);
	t->numbers = UINT32_MAX >> __builtin_clz(max);
	flows_start_queues(t, idle);
}

void
flows_done(struct flows *t)
{
	pool_done(&t->pool);
	journal_done(&t->journal);
	ledger_done(&t->ledger);
	free_slots(t);
	free(t->queues);
	free(t->ended);
	*t = (struct flows){ 0 };
}

/*
 * Slots.
 */

static uint32_t
hash_of(const struct flows *t, uint32_t number)
{
	return flows_hash(t, &flows_at(t, number)->key);
}

/* The table must have an empty slot, or one that a flow has left. */
static void
place(struct flows *t, uint32_t hash, uint32_t number)
{
	uint32_t at = hash & t->mask;
	while ((t->slots[at] & t->numbers) != 0)
		at = (at + 1) & t->mask;
	t->left -= t->slots[at] != 0;
	t->slots[at] = (hash & ~t->numbers) | number;
}

/* All flows of the table into slots that are empty, each fetched a while
 * before it is looked at. */
static void
place_all(struct flows *t)
{
	enum { AHEAD = 16 };
	uint32_t hashes[AHEAD];
	for (uint32_t n = 1; n <= t->pool.used + AHEAD; n++) {
		uint32_t *hash = &hashes[n % AHEAD];
		if (n > AHEAD && flow_is_in_table(flows_at(t, n - AHEAD)))
			place(t, *hash, n - AHEAD);
		if (n <= t->pool.used) {
			*hash = hash_of(t, n);
			flows_prefetch(t, *hash);
		}
	}
}

/* At most seven of eight slots are in use.  As long as flows are in no more
 * than five of them, the table need not grow: without those left behind there
 * is room. */
static void
make_room(struct flows *t)
{
	if ((uint64_t)(t->count + t->left + 1) * 8 <= (uint64_t)t->mask * 7)
		return;
	free_slots(t);
	if ((uint64_t)t->count * 8 > (uint64_t)t->mask * 5)
		t->mask = t->mask * 2 + 1;
	t->slots = new_slots(t->mask);
	t->left = 0;
	place_all(t);
}

uint32_t
flows_find(const struct flows *t, const struct flow_key *key, uint32_t hash)
{
	uint32_t at = hash & t->mask;
	for (; t->slots[at] != 0; at = (at + 1) & t->mask) {
		uint32_t number = t->slots[at] & t->numbers;
		if (number != 0 &&
		    ((t->slots[at] ^ hash) & ~t->numbers) == 0 &&
		    flow_key_equal(&flows_at(t, number)->key, key))
			return number;
	}
	return 0;
}

/* Leave the flow's slot.  Those at the end of a row of slots in use become
 * empty. */
static void
unlink_slot(struct flows *t, uint32_t number)
{
	uint32_t at = hash_of(t, number) & t->mask;
	while ((t->slots[at] & t->numbers) != number)
		at = (at + 1) & t->mask;
	t->slots[at] = ~t->numbers;
	t->left++;
	t->count--;
	if (t->slots[(at + 1) & t->mask] != 0)
		return;
	for (; t->slots[at] == ~t->numbers; at = (at - 1) & t->mask) {
		t->slots[at] = 0;
		t->left--;
	}
}

/*
 * Flows.
 */

/* The memory of new flows is not in the cache, but which will be the next is
 * known. */
PREFETCHES
prefetch_next(const struct flows *t, uint32_t number)
{
	enum { AHEAD = 8 };
	flows_prefetch_flow(t, number + AHEAD);
	ledger_prefetch(&t->ledger, number + AHEAD);
}

uint32_t
flows_add(struct flows *t, const struct flow_key *key, uint32_t hash,
    uint16_t interface, uint32_t second, uint16_t ms)
{
	make_room(t);
	uint32_t number = pool_take(&t->pool);
	if (number == 0)
		return 0;
	prefetch_next(t, number);
	place(t, hash, number);
	struct flow *f = flows_at(t, number);
	f->key = *key;
	f->second = f->first_second = second;
	f->first_ms = f->last_ms = ms;
	f->entry = journal_open(&t->journal, number);
	f->interface = interface;
	ledger_open(&t->ledger, number, t->next_id++);
	t->count++;
	flows_enqueue(t, number, f);
	return number;
}

void
flows_see(struct flows *t, uint32_t number, uint32_t second, uint16_t ms)
{
	struct flow *f = flows_at(t, number);
	f->flags |= FLOW_SEEN;
	if (second < f->second || (second == f->second && ms < f->last_ms)) {
		flow_begin_sooner(f, second, ms);
		return;
	}
	f->second = second;
	f->last_ms = ms;
}

void
flows_reset(struct flows *t, uint32_t now)
{
	journal_post(&t->journal);
	ledger_reset(&t->ledger, t->pool.used, now);
}

void
flows_post(struct flows *t)
{
	journal_post(&t->journal);
}

void
flows_post_last(struct flows *t)
{
	journal_post_last(&t->journal);
}

void
flows_post_some(struct flows *t)
{
	journal_relieve(&t->journal);
}

bool
flows_help_to_post(struct flows *t)
{
	return journal_help(&t->journal);
}

void
flows_next_interval(struct flows *t)
{
	journal_post(&t->journal);
	ledger_next_interval(&t->ledger, t->pool.used);
}

void
flows_end(struct flows *t, uint32_t number)
{
	struct flow *f = flows_at(t, number);
	unlink_slot(t, number);
	f->flags |= FLOW_ENDED;
	if (t->ended_count == t->ended_size) {
		t->ended_size = t->ended_size != 0 ? t->ended_size * 2 : 256;
		t->ended = xreallocarray(t->ended, t->ended_size,
		    sizeof(*t->ended));
	}
	t->ended[t->ended_count++] = number;
}

void
flows_remove(struct flows *t, uint32_t number)
{
	struct flow *f = flows_at(t, number);
	if ((f->flags & FLOW_ENDED) == 0)
		unlink_slot(t, number);
	journal_close(&t->journal, number);
	flows_give_back(t, number, f);
}

void
flows_forget_ended(struct flows *t)
{
	for (uint32_t i = 0; i < t->ended_count; i++)
		flows_remove(t, t->ended[i]);
	t->ended_count = 0;
}
