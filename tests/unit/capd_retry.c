/* SPDX-License-Identifier: MIT
 *
 * The backoff: doubles to its bound, forgets only what really worked.
 *
 * uses: capd/retry.c
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "capd/retry.h"
#include "tests/unit/expect.h"

static void
expect_text(uint64_t left, const char *want)
{
	char text[RETRY_TEXT];
	retry_format(1000, 1000 + left, text);
	if (strcmp(text, want) == 0)
		return;
	printf("capd_retry: %u ms: expected %s, got %s\n", (unsigned)left,
	    want, text);
	failures++;
}

static void
doubles_to_its_bound(void)
{
	static const uint32_t want[] = { 250, 500, 1000, 2000, 4000, 8000,
		16000, 30000, 30000 };
	struct retry r;
	uint64_t now = 1000;
	retry_init(&r);
	for (size_t i = 0; i < sizeof(want) / sizeof(*want); i++) {
		equal("failing on and on", retry_failed(&r, now), want[i]);
		now += want[i];
	}
}

static void
forgets_after_working_for_a_while(void)
{
	struct retry r;
	retry_init(&r);
	retry_failed(&r, 1000);
	retry_failed(&r, 2000);
	retry_working(&r, 3000);
	retry_working(&r, 7999);	/* the first call counts */
	equal("worked 5 s", retry_failed(&r, 3000 + RETRY_SETTLED), 250);
	equal("and failed again", retry_failed(&r, 9000), 500);
}

static void
opening_alone_forgives_nothing(void)
{
	struct retry r;
	uint64_t now = 1000;
	retry_init(&r);
	for (uint32_t want = 250; want <= 16000; want *= 2) {
		equal("opens and fails", retry_failed(&r, now), want);
		now += want;
		retry_working(&r, now);
		now += 100;
	}
}

int
main(void)
{
	doubles_to_its_bound();
	forgets_after_working_for_a_while();
	opening_alone_forgives_nothing();
	expect_text(250, "250 ms");
	expect_text(249, "250 ms");
	expect_text(251, "500 ms");
	expect_text(0, "250 ms");	/* it is overdue */
	expect_text(1000, "1 s");
	expect_text(3700, "3 s");
	expect_text(30000, "30 s");
	return failures != 0;
}
