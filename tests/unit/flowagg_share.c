/* SPDX-License-Identifier: MIT
 *
 * A share is that of the exact product, however large this is on the way.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>

#include "flowagg/share.h"

static uint64_t
random_number(void)
{
	static uint64_t state = 1;
	state = state * 6364136223846793005 + 1442695040888963407;
	uint64_t high = state >> 32 << 32;
	state = state * 6364136223846793005 + 1442695040888963407;
	return (high | state >> 32) >> (state >> 26) % 64;
}

static int
expect(const char *what, uint64_t got, uint64_t wanted)
{
	if (got == wanted)
		return 0;
	printf("flowagg_share: %s is %" PRIu64 ", not %" PRIu64 "\n", what,
	    got, wanted);
	return 1;
}

/* What division leaves over is less than the divisor; modulo 2^64 tells. */
static bool
is_right(uint64_t value, uint64_t part, uint64_t more, uint64_t whole)
{
	uint64_t result = share_and(value, part, more, whole);
	return value * part + more - result * whole < whole;
}

int
main(void)
{
	const uint64_t most = UINT64_MAX, second = 1000000000;
	int failures = expect("all", share_of(most, most, most), most) +
	    expect("nothing", share_of(0, most, most), 0) +
	    expect("half", share_of(most, second, 2 * second), most / 2) +
	    expect("half, rounded", share_rounded(most, second, 2 * second),
	    most / 2 + 1) +
	    expect("what needs 128 bits", share_of(UINT64_C(1) << 60, second,
	    40 * second), (UINT64_C(1) << 60) / 40) +
	    expect("a carry", share_and(most, 2, 2, 4), most / 2 + 1) +
	    expect("too much", share_of(most, 3, 2), most);
	for (unsigned i = 0; i < 200000 && failures < 10; i++) {
		/* The result is to have room. */
		uint64_t whole = random_number() / 2 + 1,
		    value = random_number(),
		    part = random_number() % whole,
		    more = random_number() % whole;
		if (is_right(value, part, more, whole))
			continue;
		printf("flowagg_share: %" PRIu64 " * %" PRIu64 " + %" PRIu64
		    " / %" PRIu64 "\n", value, part, more, whole);
		failures++;
	}
	return failures != 0;
}
