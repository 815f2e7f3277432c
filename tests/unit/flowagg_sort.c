/* SPDX-License-Identifier: MIT
 *
 * Rows come into the order of their words, and where these are equal into
 * that of the flows, however the words are spread and however many rows
 * there are.
 *
 * uses: flowagg/crew.c flowagg/flows.c flowagg/flows_queue.c flowagg/halves.c flowagg/hash.c flowagg/journal.c flowagg/ledger.c flowagg/pages.c flowagg/pool.c flowagg/poster.c flowagg/rank_sort.c flowagg/rate.c flowagg/rate_log.c
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flowagg/rank_sort.h"
#include "lib/xalloc.h"

enum { FLOWS = 20000, START = 1700000000 };

static uint64_t state = 88172645463325252;

static uint64_t
any(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state;
}

/* Flows in an order that is not that of their numbers: by address. */
static uint32_t
place_of(uint32_t number)
{
	return number * 2654435761u;
}

static void
add_flows(struct flows *t)
{
	for (uint32_t n = 1; n <= FLOWS; n++) {
		uint32_t place = place_of(n);
		struct flow_key k = { .family = ADDR_IPV4, .protocol = 6,
			.a = { (uint8_t)(place >> 24), (uint8_t)(place >> 16),
			(uint8_t)(place >> 8), (uint8_t)place },
			.b = { 255, 255, 255, 255 } };
		flows_add(t, &k, flows_hash(t, &k), 1, START, 0);
	}
}

/* A word of one of many rows. */
typedef uint64_t spread_word(uint32_t i);

static uint64_t
same(uint32_t i)
{
	(void)i;
	return 7;
}

static uint64_t
few(uint32_t i)
{
	(void)i;
	return any() % 3;
}

static uint64_t
even(uint32_t i)
{
	(void)i;
	return any();
}

static uint64_t
powers(uint32_t i)
{
	return any() >> i % 64;
}

static uint64_t
quiet(uint32_t i)
{
	return i % 4 != 0 ? UINT64_MAX : ~(any() % 90);
}

static uint64_t
outlier(uint32_t i)
{
	return i == 5 ? UINT64_MAX : any() % 99;
}

static uint64_t
falling(uint32_t i)
{
	return FLOWS - i;
}

static spread_word *const spreads[] = { same, few, even, powers, quiet,
	outlier, falling };
enum { SPREADS = sizeof(spreads) / sizeof(spreads[0]) };

static int
in_order(const void *a, const void *b)
{
	const struct row *x = a, *y = b;
	int order = rank_compare_words(x->words, y->words);
	uint32_t left = place_of(x->number), right = place_of(y->number);
	return order != 0 ? order : left < right ? -1 : left > right;
}

/* So many rows, whose words from `word` on are spread in these ways. */
static bool
is_sorted(const struct flows *t, uint32_t count, unsigned word,
    spread_word *first, spread_word *second)
{
	struct row_list l = { .count = count, .size = FLOWS };
	struct row *expected = xcalloc(FLOWS, sizeof(*expected));
	l.rows = xcalloc(FLOWS, sizeof(*l.rows));
	l.spare = xcalloc(FLOWS, sizeof(*l.spare));
	for (uint32_t i = 0; i < count; i++) {
		l.rows[i].number = i + 1;
		l.rows[i].words[word] = first(i);
		if (word + 1 < RANK_WORDS)
			l.rows[i].words[word + 1] = second(i);
	}
	memcpy(expected, l.rows, count * sizeof(*expected));
	qsort(expected, count, sizeof(*expected), in_order);
	rank_sort(&l, t, RANK_10S);
	bool right = true;
	for (uint32_t i = 0; i < count; i++)
		right &= l.rows[i].number == expected[i].number;
	free(expected);
	free(l.rows);
	free(l.spare);
	return right;
}

/* Each flow here comes behind the one above it, whatever their ids. */
static bool
ends_in_order(void)
{
	static const struct flow list[] = {
		{ .key = { .family = ADDR_IPV4, .a = { 10, 0, 0, 1 },
		    .b = { 192, 0, 2, 1 }, .port_a = 7, .protocol = 6 } },
		{ .key = { .family = ADDR_IPV4, .a = { 10, 0, 0, 1 },
		    .b = { 192, 0, 2, 1 }, .port_a = 7, .protocol = 7 } },
		{ .key = { .family = ADDR_IPV4, .a = { 10, 0, 0, 1 },
		    .b = { 192, 0, 2, 1 }, .port_a = 7, .protocol = 7,
		    .kind = KIND_ECHO } },
		{ .key = { .family = ADDR_IPV4, .a = { 10, 0, 0, 1 },
		    .b = { 192, 0, 2, 1 }, .port_a = 7, .port_b = 1 } },
		{ .key = { .family = ADDR_IPV4, .a = { 10, 0, 0, 1 },
		    .b = { 192, 0, 2, 2 }, .port_a = 7 } },
		{ .key = { .family = ADDR_IPV4, .a = { 10, 0, 0, 1 },
		    .b = { 192, 0, 2, 1 }, .port_a = 8 } },
		{ .key = { .family = ADDR_IPV4, .a = { 192, 0, 2, 1 },
		    .b = { 10, 0, 0, 2 } }, .flags = FLOW_B_IS_OURS },
		{ .key = { .family = ADDR_IPV4, .a = { 10, 0, 0, 3 },
		    .b = { 192, 0, 2, 1 } } },
		{ .key = { .family = ADDR_IPV6, .b = { 1 } } },
	};
	enum { COUNT = sizeof(list) / sizeof(list[0]) };
	bool right = true;
	for (unsigned i = 0; i < COUNT; i++)
		for (unsigned j = 0; j < COUNT; j++)
			right &= rank_is_before(&list[i], COUNT - i, &list[j],
			    COUNT - j, RANK_SRC) == (i < j);
	/* An ended flow and its successor. */
	return right &&
	    rank_is_before(&list[0], 1, &list[0], 2, RANK_SRC) &&
	    !rank_is_before(&list[0], 2, &list[0], 1, RANK_SRC);
}

int
main(void)
{
	static const uint32_t counts[] = { 0, 1, 2, 9, 64, 65, 1000,
		RANK_MANY - 1, RANK_MANY, FLOWS };
	struct flows t;
	int status = EXIT_SUCCESS;
	flows_init(&t, FLOWS, 60);
	add_flows(&t);
	for (unsigned c = 0; c < sizeof(counts) / sizeof(counts[0]); c++)
		for (unsigned s = 0; s < SPREADS * SPREADS * RANK_WORDS; s++) {
			unsigned word = s % RANK_WORDS;
			unsigned one = s / RANK_WORDS % SPREADS;
			unsigned other = s / RANK_WORDS / SPREADS;
			if (is_sorted(&t, counts[c], word, spreads[one],
			    spreads[other]))
				continue;
			fprintf(stderr, "%u rows, words from %u on as %u and "
			    "%u: not in order\n", (unsigned)counts[c], word,
			    one, other);
			status = EXIT_FAILURE;
		}
	flows_done(&t);
	if (!ends_in_order()) {
		fprintf(stderr, "ends are not in order\n");
		status = EXIT_FAILURE;
	}
	return status;
}
