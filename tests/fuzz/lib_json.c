/* SPDX-License-Identifier: MIT
 *
 * The JSON reader: what it takes it can walk, read and write again.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json_read.h"
#include "lib/json_write.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
read_node(const struct json *j, uint32_t node)
{
	char text[64];
	double number;
	uint64_t whole;
	bool truth;
	json_read_text(j, node, text, sizeof(text));
	json_read_number(j, node, &number);
	json_read_unsigned(j, node, &whole);
	json_read_bool(j, node, &truth);
	json_get(j, node, "interfaces");
	for (uint32_t n = json_first(j, node); n != JSON_NONE;
	    n = json_next(j, node, n))
		if (n <= node)
			abort();	/* would go round in circles */
}

static uint32_t
keys(const struct json *j, uint32_t object, const struct json_node *list[64])
{
	uint32_t count = 0;
	for (uint32_t key = json_first(j, object); key != JSON_NONE;
	    key = json_next_member(j, object, key), count++)
		if (count < 64)
			list[count] = &j->nodes[key];
	return count;
}

/* Objects of an array are said to be alike where their names are. */
static void
compare_names(const struct json *j, uint32_t array)
{
	const struct json_node *a[64], *b[64];
	uint32_t before = JSON_NONE;
	for (uint32_t n = json_first(j, array); n != JSON_NONE;
	    n = json_next(j, array, n)) {
		if (j->nodes[n].kind != JSON_OBJECT)
			continue;
		if (j->nodes[n].alike) {
			if (before == JSON_NONE)
				abort();
			uint32_t count = keys(j, n, a);
			if (keys(j, before, b) != count)
				abort();
			for (uint32_t i = 0; i < count && i < 64; i++)
				if (a[i]->len != b[i]->len ||
				    memcmp(j->text + a[i]->at,
				    j->text + b[i]->at, a[i]->len) != 0)
					abort();
		}
		before = n;
	}
}

/* Numbers are skipped only where they would be read. */
static void
skip_numbers(const struct json *full, bool good, const char *text, size_t len)
{
	struct json j = { .skips_numbers = true };
	if (json_parse(&j, text, len) != good)
		abort();
	if (good && (j.nodes[0].len != full->nodes[0].len ||
	    j.nodes[0].after != j.count || j.count > full->count))
		abort();
	for (uint32_t i = 0; good && i < j.count; i++)
		read_node(&j, i);
	json_done(&j);
}

/* What was read while it grew is what is read at once. */
static void
grow(const struct json *full, bool good, const char *text, size_t len)
{
	struct json j = { 0 };
	json_begin(&j);
	for (size_t there = 0; there < len; there += 1 + len / 64)
		json_more(&j, text, there);
	if (json_end(&j, text, len)) {
		if (!good || j.count != full->count)
			abort();
		for (uint32_t i = 0; i < j.count; i++)
			if (j.nodes[i].at != full->nodes[i].at ||
			    j.nodes[i].len != full->nodes[i].len ||
			    j.nodes[i].after != full->nodes[i].after ||
			    j.nodes[i].kind != full->nodes[i].kind)
				abort();
	}
	/* The last elements of arrays are as good without the others. */
	json_begin(&j);
	for (size_t there = 0; there < len; there += 1 + len / 64)
		if (json_more(&j, text, there) != JSON_NONE &&
		    j.nodes[json_forget(&j)].kind != JSON_OBJECT)
			abort();
	if (json_end(&j, text, len) &&
	    (!good || j.nodes[0].len != full->nodes[0].len))
		abort();
	json_done(&j);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct json j = { 0 }, again = { 0 };
	struct buf b = { 0 };
	if (len > 1 << 16)
		return 0;
	bool good = json_parse(&j, (const char *)data, len);
	for (uint32_t i = 0; good && i < j.count; i++) {
		read_node(&j, i);
		if (j.nodes[i].kind == JSON_ARRAY)
			compare_names(&j, i);
	}
	skip_numbers(&j, good, (const char *)data, len);
	grow(&j, good, (const char *)data, len);
	/* Any bytes as a string are good JSON. */
	json_text(&b, (const char *)data, len);
	if (!json_parse(&again, b.data, b.len))
		abort();
	buf_done(&b);
	json_done(&again);
	json_done(&j);
	return 0;
}
