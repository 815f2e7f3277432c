/* SPDX-License-Identifier: MIT
 *
 * What unit tests expect, and how many times it was not so.
 */
#ifndef UNIT_EXPECT_H
#define UNIT_EXPECT_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

static int failures;

/* So many are told. */
enum { EXPECT_TELLS = 20 };

static inline void
expect(const char *what, bool good)
{
	if (!good && failures++ < EXPECT_TELLS)
		printf("%s\n", what);
}

static inline void
equal(const char *what, uint64_t got, uint64_t want)
{
	if (got != want && failures++ < EXPECT_TELLS)
		printf("%s: %" PRIu64 ", not %" PRIu64 "\n", what, got, want);
}

#endif
