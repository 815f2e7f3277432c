/* SPDX-License-Identifier: MIT
 *
 * Names that expire, failures that are tried again, a bound that holds.
 *
 * uses: namemap/cache.c
 */
#include <stdio.h>
#include <string.h>

#include "namemap/cache.h"

static int failures;

#define CHECK(claim) do { \
	if (!(claim)) { \
		printf("namemap_cache: line %d: not %s\n", __LINE__, #claim); \
		failures++; \
	} \
} while (0)

static struct addr
address(unsigned n)
{
	return (struct addr){ ADDR_IPV4, { 198, 51, (uint8_t)(n >> 8),
	    (uint8_t)n } };
}

static void
names_expire(void)
{
	struct cache *c = cache_new(10);
	struct addr a = address(1);
	struct cache_entry *e = cache_touch(c, &a, 1);
	CHECK(cache_is_due(e, 0));
	cache_asked(e);
	CHECK(!cache_is_due(e, 999999));
	cache_named(e, "a.example", 60, 1000);
	CHECK(strcmp(e->name, "a.example") == 0 && e->name_len == 9);
	CHECK(!cache_is_due(e, 60999));
	CHECK(cache_is_due(e, 61000));
	cache_asked(e);
	CHECK(e->name != NULL);		/* the old one while asking */
	cache_unanswered(e, 61000);
	CHECK(e->name != NULL);		/* and while nobody answers */
	cache_unanswered(e, 61000 + 3600000);
	CHECK(e->name == NULL);		/* for an hour */
	cache_named(e, "c.example", 60, 0);
	cache_withheld(e, 60000 + 3599999);
	CHECK(e->name != NULL && e->state == CACHE_KNOWN);
	cache_withheld(e, 60000 + 3600000);
	CHECK(e->name == NULL && e->state == CACHE_NEW);
	cache_set_hosts(e, "d.example");
	cache_withheld(e, UINT64_MAX);
	CHECK(e->name != NULL);
	cache_set_hosts(e, NULL);
	cache_named(e, "b.example", 0, 0);
	CHECK(!cache_is_due(e, 4999) && cache_is_due(e, 5000));
	cache_named(e, "b.example", UINT32_MAX, 0);
	CHECK(cache_is_due(e, 24 * 3600 * 1000));
	cache_free(c);
}

static void
failures_are_tried_again(void)
{
	struct cache *c = cache_new(10);
	struct addr a = address(1);
	struct cache_entry *e = cache_touch(c, &a, 1);
	uint64_t now = 0;
	for (unsigned wait = 15000; wait <= 960000; wait *= 2) {
		cache_asked(e);
		cache_unanswered(e, now);
		CHECK(!cache_is_due(e, now + wait - 1));
		CHECK(cache_is_due(e, now + wait));
		now += wait;
	}
	for (int i = 0; i < 200; i++)
		cache_unanswered(e, now);
	CHECK(cache_is_due(e, now + 960000));
	cache_retry(c);
	CHECK(cache_is_due(e, 0));
	cache_named(e, "a.example", 60, now);
	cache_denied(e, 0, now);
	cache_retry(c);			/* there was an answer: it holds */
	CHECK(e->name == NULL && e->state == CACHE_FAILED);
	CHECK(!cache_is_due(e, now + 299999) && cache_is_due(e, now + 300000));
	cache_denied(e, 1, now);
	CHECK(!cache_is_due(e, now + 29999) && cache_is_due(e, now + 30000));
	cache_denied(e, 1000000, now);
	CHECK(cache_is_due(e, now + 3600000));
	cache_flush(c);
	CHECK(cache_is_due(e, 0));
	cache_free(c);
}

static void
the_bound_holds(void)
{
	struct cache *c = cache_new(100);
	for (unsigned n = 0; n < 1000; n++) {
		struct addr a = address(n);
		CHECK((cache_touch(c, &a, 1) != NULL) == (n < 100));
	}
	CHECK(cache_count(c) == 100);
	struct addr first = address(0), second = address(1);
	cache_touch(c, &first, 2);	/* shown again: stays */
	struct addr more = address(5000);
	CHECK(cache_touch(c, &more, 2) != NULL);
	CHECK(cache_count(c) == 100);
	CHECK(cache_find(c, &first) != NULL);
	CHECK(cache_find(c, &second) == NULL);
	for (unsigned round = 3; round < 2000; round++) {
		struct addr a = address(round * 7 % 999);
		CHECK(cache_touch(c, &a, round) != NULL);
		CHECK(cache_find(c, &a) != NULL);
	}
	CHECK(cache_count(c) == 100);
	cache_free(c);
}

static void
the_hosts_file_wins(void)
{
	struct cache *c = cache_new(10);
	struct addr a = address(1);
	struct cache_entry *e = cache_touch(c, &a, 1);
	cache_asked(e);
	cache_set_hosts(e, "by.hand");
	cache_named(e, "by.dns", 60, 0);
	cache_denied(e, 60, 0);
	CHECK(strcmp(e->name, "by.hand") == 0);
	CHECK(!cache_is_due(e, 1000000000));
	cache_recheck_hosts(c);
	CHECK(!e->hosts_checked);
	cache_set_hosts(e, NULL);
	CHECK(e->name == NULL && cache_is_due(e, 0));
	cache_free(c);
}

int
main(void)
{
	names_expire();
	failures_are_tried_again();
	the_bound_holds();
	the_hosts_file_wins();
	return failures != 0;
}
