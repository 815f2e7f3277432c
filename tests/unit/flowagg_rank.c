/* SPDX-License-Identifier: MIT
 *
 * The first rows are those that sorting all flows gives, whatever happened
 * before: flows that become quiet, come back, end, or give their number to
 * another, more of them than the list of quiet flows holds; and another key,
 * or more rows, in between.
 *
 * uses: flowagg/crew.c flowagg/flows.c flowagg/flows_queue.c flowagg/halves.c flowagg/hash.c flowagg/journal.c flowagg/ledger.c flowagg/pages.c flowagg/pool.c flowagg/poster.c flowagg/rank.c flowagg/rank_all.c flowagg/rank_quiet.c flowagg/rank_sort.c flowagg/rate.c flowagg/rate_log.c
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flowagg/rank.h"

enum { FLOWS = 6000, FRONT = 3000, SECONDS = 500, IDLE = 3000,
	START = 1700000000 };

static uint64_t state = 88172645463325252;

/* A number below `end`. */
static uint32_t
below(uint32_t end)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)((state >> 33) % end);
}

/* In the order of their numbers, but that eight have one source and port, and
 * that IPv6 comes last. */
static struct flow_key
key_of(uint32_t i)
{
	struct flow_key k = { .a = { 10, 0, (uint8_t)(i >> 11),
		(uint8_t)(i >> 3) }, .port_a = 7, .protocol = 17,
		.family = i % 16 == 0 ? ADDR_IPV6 : ADDR_IPV4 };
	uint32_t other = 200 | (i * 2654435761u) << 8;
	memcpy(k.b, &other, sizeof(other));
	memcpy(k.b + 12, &i, sizeof(i));
	return k;
}

static void
touch(struct flows *t, uint32_t i, uint32_t second)
{
	struct flow_key k = key_of(i);
	uint32_t hash = flows_hash(t, &k), number = flows_find(t, &k, hash);
	if (number == 0)
		number = flows_add(t, &k, hash, 1, second, 0);
	if (number == 0 && flows_oldest(t) == 0)
		number = flows_add(t, &k, hash, 1, second, 0);
	flows_count(t, number, i & 1, below(9) * below(9) * 100, second, 0);
}

static void
leave(struct flows *t, uint32_t i, bool shown)
{
	struct flow_key k = key_of(i);
	uint32_t number = flows_find(t, &k, flows_hash(t, &k));
	if (number == 0)
		return;
	if (shown)
		flows_end(t, number);
	else
		flows_remove(t, number);
}

/* One second's traffic: of nearly all; of a few; of those that come first in
 * the order; and of many of which most leave, so that others get their numbers
 * and become quiet, too. */
static void
live(struct flows *t, unsigned n, uint32_t leaving)
{
	static const struct { uint32_t count, among; } phases[] = {
		{ 500, FLOWS }, { 5, FLOWS }, { 2, 60 }, { 30, FRONT } };
	unsigned phase = n / 60 % 4;
	if (phase == 3 && n % 60 >= 15)
		return;
	for (uint32_t i = 0; i < phases[phase].count; i++)
		touch(t, below(phases[phase].among), START + n);
	for (uint32_t i = 0; i < leaving && phase == 3; i++)
		leave(t, below(FRONT), below(2) == 0);
}

/* Sorting all is the measure; it does not use the limits. */
static bool
check(struct rank *r, struct rank *all, struct flows *t, enum rank_key key,
    size_t top, uint32_t now)
{
	rank_rows(r, t, key, top, now);
	rank_rows(all, t, key, 0, now);
	size_t count = all->shown.count < top ? all->shown.count : top;
	if (r->shown.count != count) {
		fprintf(stderr, "%u: %zu rows, not %zu\n", now - START,
		    r->shown.count, count);
		return false;
	}
	for (size_t i = 0; i < count; i++)
		if (r->shown.rows[i].number != all->shown.rows[i].number) {
			fprintf(stderr, "%u: key %d, row %zu of %zu: %u, not "
			    "%u\n", now - START, (int)key, i, top,
			    r->shown.rows[i].number,
			    all->shown.rows[i].number);
			return false;
		}
	return true;
}

/* As long as nothing is wrong; how often there were more quiet flows than the
 * list holds. */
static unsigned
run(uint32_t leaving, bool *right)
{
	struct flows t;
	struct rank r = { 0 }, all = { 0 };
	unsigned cuts = 0;
	flows_init(&t, FLOWS, IDLE);
	for (unsigned n = 0; n < SECONDS && *right; n++) {
		enum rank_key key = (enum rank_key)(n / 450);
		size_t top = n % 7 == 0 ? 40 : 5;
		live(&t, n, leaving);
		flows_post(&t);
		*right = check(&r, &all, &t, key, top, START + n);
		flows_forget_ended(&t);
		flows_next_interval(&t);
		cuts += r.quiet.cut;
	}
	rank_done(&r);
	rank_done(&all);
	flows_done(&t);
	return cuts;
}

/* The number of a quiet flow, which was first, goes to one that is last, and
 * becomes quiet, too. */
static bool
is_right_when_reused(void)
{
	enum { COUNT = 10 };
	struct flows t;
	struct rank r = { 0 }, all = { 0 };
	bool right = true;
	flows_init(&t, COUNT, IDLE);
	for (unsigned n = 0; n < 200 && right; n++) {
		for (uint32_t i = 1; i <= COUNT && n == 0; i++)
			touch(&t, i, START);
		if (n == 100)
			leave(&t, 1, false);
		if (n == 100)
			touch(&t, COUNT + 1, START + n);
		flows_post(&t);
		right = t.count == COUNT &&
		    check(&r, &all, &t, RANK_10S, COUNT / 2, START + n);
		flows_next_interval(&t);
	}
	rank_done(&r);
	rank_done(&all);
	flows_done(&t);
	return right;
}

int
main(void)
{
	bool right = is_right_when_reused();
	for (uint32_t leaving = 400; leaving <= 1600 && right; leaving += 600)
		if (run(leaving, &right) == 0 && right) {
			fprintf(stderr, "the list was never full\n");
			right = false;
		}
	return right ? EXIT_SUCCESS : EXIT_FAILURE;
}
