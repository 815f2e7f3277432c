/* SPDX-License-Identifier: MIT
 *
 * Arrays of numbers whose elements nobody asks for are passed over by a
 * shorter way: it takes what the long way takes, and nothing else.  All short
 * texts of what can stand there, at several places within sixteen bytes.
 * And names that the object before had are known without looking at them.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json_read.h"

enum { CHOICES = 8, LENGTH = 5 };

static int failures;

static void
compare(const char *text, struct json *read, struct json *skip)
{
	size_t len = strlen(text);
	bool good = json_parse(read, text, len);
	if (json_parse(skip, text, len) != good)
		printf("%s: %s only by the short way\n", text,
		    good ? "refused" : "taken");
	else if (good && (skip->nodes[0].len != len ||
	    skip->nodes[0].after != skip->count))
		printf("%s: the array ends elsewhere\n", text);
	else
		return;
	failures++;
}

/* Each text of LENGTH characters, as a number to the base of CHOICES. */
static void
try_all(const char *before, const char *after)
{
	static const char choices[CHOICES + 1] = "019,]-. ";
	struct json read = { 0 }, skip = { .skips_numbers = true };
	char text[64];
	size_t at = strlen(before);
	for (unsigned n = 0; n < 1U << 3 * LENGTH; n++) {
		memcpy(text, before, at);
		for (unsigned i = 0; i < LENGTH; i++)
			text[at + i] = choices[n >> 3 * i & 7];
		strcpy(text + at + LENGTH, after);
		compare(text, &read, &skip);
	}
	json_done(&read);
	json_done(&skip);
}

/* An object is read the same whatever stood before it in an array. */
static void
try_model(const char *before, const char *object, bool alike)
{
	struct json alone = { 0 }, behind = { 0 };
	char text[128];
	snprintf(text, sizeof(text), "[%s,%s,%s]", before, before, object);
	bool good = json_parse(&alone, object, strlen(object));
	bool both = json_parse(&behind, text, strlen(text));
	uint32_t node = 0;
	for (uint32_t n = both ? json_first(&behind, 0) : JSON_NONE;
	    n != JSON_NONE; n = json_next(&behind, 0, n))
		node = n;
	if (both != good)
		printf("%s: %s\n", text, good ? "refused" : "taken");
	else if (good && (behind.count - node != alone.count ||
	    behind.nodes[node].alike != alike))
		printf("%s: read otherwise than alone\n", text);
	else
		good = both = false;
	for (uint32_t i = 0; good && both && i < alone.count; i++)
		good = alone.nodes[i].kind == behind.nodes[node + i].kind &&
		    alone.nodes[i].len == behind.nodes[node + i].len &&
		    alone.nodes[i].escaped == behind.nodes[node + i].escaped;
	failures += good || both;
	json_done(&alone);
	json_done(&behind);
}

static void
try_models(void)
{
	const char *model = "{\"a\":1,\"name_of_it\":\"x\"}";
	try_model(model, "{\"a\":[22,{}],\"name_of_it\":null}", true);
	try_model(model, "{\"a\":1,\"name_of_it\":2,\"b\":3}", false);
	try_model(model, "{\"a\":1}", false);
	try_model(model, "{\"a\":1,\"name_of_iT\":2}", false);
	try_model(model, "{\"a\":1,\"name_of_it_\":2}", false);
	try_model(model, "{\"b\":1,\"name_of_it\":2}", false);
	try_model(model, "{\"name_of_it\":1,\"a\":2}", false);
	try_model(model, "{}", false);
	try_model(model, "{\"a\"}", false);
	try_model(model, "{\"a\":}", false);
	try_model(model, "{\"a\":1,}", false);
	try_model(model, "{\"a\":1,\"name_of_it\"", false);
	try_model(model, "{\"a\" :1,\"name_of_it\": 2}", false);
	try_model(model, "{ \"a\":1 , \"name_of_it\":2 }", true);
	try_model("{}", "{}", true);
	try_model("{}", "{\"a\":1}", false);
	try_model("{\"a\":{\"b\":1}}", "{\"a\":{\"c\":1}}", true);
	try_model("{\"\\u0061\":1}", "{\"\\u0061\":1}", true);
	try_model("{\"\\u0061\":1}", "{\"a\":1}", false);
	try_model("{\"a\":1},2,[{\"b\":2}]", "{\"a\":3}", true);
}

/* What was skipped can be read all the same. */
static void
try_skipped(const char *text, size_t size, const char *want)
{
	struct json j = { .skips_numbers = true };
	uint64_t values[8];
	char got[128] = "";
	if (!json_parse(&j, text, strlen(text)))
		failures++;
	size_t count = json_read_skipped(&j, json_get(&j, 0, "a"), values,
	    size);
	for (size_t i = 0; i < count; i++)
		snprintf(got + strlen(got), sizeof(got) - strlen(got),
		    "%llu ", (unsigned long long)values[i]);
	if (strcmp(got, want) != 0) {
		printf("%s: %s\n", text, got);
		failures++;
	}
	json_done(&j);
}

int
main(void)
{
	try_skipped("{\"a\":[1,20,0,345678901234567890,0]}", 8,
	    "1 20 0 345678901234567890 0 ");
	try_skipped("{\"a\":[1,20,3]}", 2, "1 20 ");
	try_skipped("{\"a\":[1,20,-3]}", 8, "");
	try_skipped("{\"a\":[1,[2],3]}", 8, "");
	try_skipped("{\"a\":[7]}", 8, "7 ");
	try_skipped("{\"a\":[]}", 8, "");
	try_skipped("{\"a\":[ ]}", 8, "");
	try_skipped("{\"a\":{}}", 8, "");
	try_skipped("{\"a\":12}", 8, "");
	struct json j = { .skips_numbers = true };
	const char *text = "{\"a\":[1,22,333],\"b\":[1,-2],\"c\":[[4,5]]}";
	try_models();
	try_all("[", "]");
	try_all("[", ",7654321,0,1234]");
	try_all("[1", ",7654321,0,1234]");
	try_all("[12,3", "4,0,0,0,0,0,0,0]");
	try_all("[12,345", "]");
	try_all("[1234567,0,0,0,0", ",9]");
	try_all("[[", ",7654321,0,1234,5,6,7]]");
	try_all("[[0", "4,0,0,0,0,0,0,0,0]]");
	try_all("[[12,3456,7", ",0,0,0,0,0,0,0]]");
	try_all("[[12,3456,789,0", ",0,0,0]]");
	try_all("[[12,3456,789,10,", "]]");
	/* a and c's inner array have no nodes inside, b has two. */
	if (!json_parse(&j, text, strlen(text)) || j.count != 10 ||
	    json_first(&j, json_get(&j, 0, "a")) != JSON_NONE ||
	    json_first(&j, json_get(&j, 0, "b")) == JSON_NONE) {
		printf("%s: %u nodes\n", text, j.count);
		failures++;
	}
	json_done(&j);
	return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
