/* SPDX-License-Identifier: MIT
 *
 * The table of flows finds every flow that is in it and none that is not,
 * while others come and go in the slots beside theirs.
 *
 * uses: flowagg/flows.c flowagg/flows_queue.c flowagg/halves.c flowagg/hash.c flowagg/journal.c flowagg/ledger.c flowagg/pages.c flowagg/pool.c flowagg/poster.c flowagg/rate.c flowagg/rate_log.c
 */
#include <stdio.h>
#include <stdlib.h>

#include "flowagg/flows.h"

enum { KEYS = 3000, STEPS = 200000, START = 1700000000 };

static uint64_t state = 88172645463325252;

static uint32_t
any(uint32_t below)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (uint32_t)(state >> 32) % below;
}

static struct flow_key
key_of(uint32_t i)
{
	return (struct flow_key){ .family = ADDR_IPV4, .protocol = 6,
		.a = { 192, 0, 2, 1 }, .b = { 198, 51, 100, 1 },
		.port_a = (uint16_t)i, .port_b = 443 };
}

/* How many keys are not found where they are, or found where none is. */
static int
wrong(const struct flows *t, const uint32_t *numbers)
{
	int n = 0;
	for (uint32_t i = 0; i < KEYS; i++) {
		struct flow_key k = key_of(i);
		uint32_t hash = flows_hash(t, &k);
		n += flows_find(t, &k, hash) != numbers[i] ||
		    (numbers[i] != 0 && flows_guess(t, hash) == 0);
	}
	return n;
}

int
main(void)
{
	static uint32_t numbers[KEYS];
	struct flows t;
	uint32_t count = 0;
	int bad = 0;
	flows_init(&t, KEYS, 60);
	for (int step = 1; step <= STEPS && bad == 0; step++) {
		uint32_t i = any(KEYS);
		/* In turns the table fills and empties. */
		bool fill = any(8) < (step / 20000 % 2 == 0 ? 6 : 2);
		struct flow_key k = key_of(i);
		if (fill && numbers[i] == 0) {
			numbers[i] = flows_add(&t, &k, flows_hash(&t, &k), 1,
			    START, 0);
			/* All numbers may stand in queues, once. */
			if (numbers[i] == 0 && flows_oldest(&t) == 0)
				numbers[i] = flows_add(&t, &k,
				    flows_hash(&t, &k), 1, START, 0);
			bad += numbers[i] == 0;
			count++;
		} else if (!fill && numbers[i] != 0) {
			flows_end(&t, numbers[i]);
			flows_forget_ended(&t);
			numbers[i] = 0;
			count--;
		}
		bad += t.count != count;
		if (step % 2000 == 0)
			bad += wrong(&t, numbers);
		if (bad != 0)
			printf("%d wrong after %d steps, with %u flows\n",
			    bad, step, (unsigned)count);
	}
	flows_done(&t);
	return bad == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
