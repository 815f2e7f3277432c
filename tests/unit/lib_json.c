/* SPDX-License-Identifier: MIT
 *
 * Arrays of numbers whose elements nobody asks for are passed over by a
 * shorter way: it takes what the long way takes, and nothing else.  All short
 * texts of what can stand there, at several places within sixteen bytes.
 * And names that the object before had are known without looking at them,
 * plain values behind them read by a shorter way.
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

/* Is the last object of `behind` the same as `alone`? */
static bool
same_object(const struct json *alone, const struct json *behind, bool alike)
{
	uint32_t node = 0;
	bool same = true;
	for (uint32_t n = json_first(behind, 0); n != JSON_NONE;
	    n = json_next(behind, 0, n))
		if (behind->nodes[n].kind == JSON_OBJECT)
			node = n;
	if (behind->nodes[node].after - node != alone->count ||
	    behind->nodes[node].alike != alike)
		return false;
	for (uint32_t i = 0; same && i < alone->count; i++) {
		const struct json_node *a = &alone->nodes[i];
		const struct json_node *b = &behind->nodes[node + i];
		same = a->kind == b->kind && a->len == b->len &&
		    a->escaped == b->escaped && a->after + node == b->after &&
		    a->at + behind->nodes[node].at == b->at;
	}
	return same;
}

/* An object is read the same whatever stood before it in an array, and
 * whether or not much text follows. */
static void
try_model_with(const char *before, const char *object, bool alike,
    const char *tail)
{
	struct json alone = { 0 }, behind = { 0 };
	char text[1024];
	snprintf(text, sizeof(text), "[%s,%s,%s%s]", before, before, object,
	    tail);
	bool good = json_parse(&alone, object, strlen(object));
	bool both = json_parse(&behind, text, strlen(text));
	if (both != good)
		printf("%s: %s\n", text, good ? "refused" : "taken");
	else if (good && !same_object(&alone, &behind, alike))
		printf("%s: read otherwise than alone\n", text);
	else
		failures--;
	failures++;
	json_done(&alone);
	json_done(&behind);
}

static void
try_model(const char *before, const char *object, bool alike)
{
	char tail[512] = ",\"";
	try_model_with(before, object, alike, "");
	for (int i = 0; i < 400; i++)
		strcat(tail, "x");
	strcat(tail, "\"");
	try_model_with(before, object, alike, tail);
}

/* Each text of LENGTH characters as a value. */
static void
try_values(void)
{
	static const char choices[CHOICES + 1] = "01-.\"e\\ ";
	for (unsigned n = 0; n < 1U << 3 * LENGTH; n++) {
		char object[64], value[LENGTH + 1] = "";
		for (unsigned i = 0; i < LENGTH; i++)
			value[i] = choices[n >> 3 * i & 7];
		snprintf(object, sizeof(object), "{\"a\":%s,\"b\":2}", value);
		try_model("{\"a\":1,\"b\":2}", object, true);
	}
	static const char *const words[] = { "true", "false", "null", "tru",
		"falsy", "truer", "nul", "-", "-0", "-1", "-01", "1e5", "00",
		"1234567890123456", "12345678901234567",
		"12345678901234567890", "\"12345678901234567890\"",
		"\"1234567\t\"", "\"12345678\\n\"", "\"1234567\xc3\xa9\"",
		"\"\xc3\"", " 1", "1 ", "[1]", "{\"c\":[]}" };
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		char object[64];
		snprintf(object, sizeof(object), "{\"a\":%s,\"b\":2}",
		    words[i]);
		try_model("{\"a\":1,\"b\":2}", object, true);
		snprintf(object, sizeof(object), "{\"a\":0,\"b\":%s}",
		    words[i]);
		try_model("{\"a\":\"\",\"b\":true}", object, true);
	}
}

/* Whole numbers of any length, at any place. */
static void
try_number(const char *digits, const char *before, bool whole)
{
	struct json j = { 0 };
	char text[64];
	uint64_t value = 42;
	snprintf(text, sizeof(text), "%s%s", before, digits);
	if (!json_parse(&j, text, strlen(text)) ||
	    json_read_unsigned(&j, 0, &value) != whole ||
	    value != (whole ? strtoull(digits, NULL, 10) : 42)) {
		printf("%s: read as %llu\n", text, (unsigned long long)value);
		failures++;
	}
	json_done(&j);
}

static void
try_numbers(void)
{
	static const char *const before[] = { "", " ", "    ", "       ",
		"        ", "                  " };
	for (size_t b = 0; b < sizeof(before) / sizeof(before[0]); b++) {
		char digits[32] = "";
		for (size_t len = 1; len < 20; len++) {
			digits[len - 1] = (char)('0' + (len * 7 + b) % 10);
			digits[0] = digits[0] == '0' ? '9' : digits[0];
			try_number(digits, before[b], true);
		}
		try_number("0", before[b], true);
		try_number("18446744073709551615", before[b], true);
		try_number("18446744073709551616", before[b], false);
		try_number("-1", before[b], false);
		try_number("1.5", before[b], false);
		try_number("12345678.25", before[b], false);
		try_number("7.0", before[b], true);
		try_number("123456789.0", before[b], true);
	}
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
	try_model(model, "{\"a\" 1,\"name_of_it\":2}", false);
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
	try_values();
	try_numbers();
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
