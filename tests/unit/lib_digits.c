/* SPDX-License-Identifier: MIT
 *
 * Decimal digits, as printf(3) has them, and nothing beside them.
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "lib/digits.h"

static bool
is_right(uint64_t value)
{
	char want[DIGITS_MOST + 1], got[DIGITS_MOST + 2];
	int len = snprintf(want, sizeof(want), "%" PRIu64, value);
	memset(got, '#', sizeof(got));
	const char *end = digits_put(got + 1, value);
	if (end - got == len + 1 && memcmp(got + 1, want, (size_t)len) == 0 &&
	    got[0] == '#' && (len == DIGITS_MOST || *end == '#'))
		return true;
	printf("lib_digits: %s\n", want);
	return false;
}

int
main(void)
{
	int failures = 0;
	for (uint64_t value = 0; value < 100000; value++)
		failures += !is_right(value);
	for (uint64_t power = 1, i = 0; i < DIGITS_MOST; i++, power *= 10)
		for (uint64_t near = 0; near < 3; near++)
			failures += !is_right(power - 1 + near);
	for (unsigned bits = 0; bits < 64; bits++)
		for (uint64_t near = 0; near < 3; near++)
			failures += !is_right(((uint64_t)1 << bits) - 1 + near);
	failures += !is_right(UINT64_MAX);
	return failures != 0;
}
