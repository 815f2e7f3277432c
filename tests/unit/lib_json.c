/* SPDX-License-Identifier: MIT
 *
 * Arrays of numbers whose elements nobody asks for are passed over by a
 * shorter way: it takes what the long way takes, and nothing else.  All short
 * texts of what can stand there, at each place within eight bytes.
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

int
main(void)
{
	struct json j = { .skips_numbers = true };
	const char *text = "{\"a\":[1,22,333],\"b\":[1,-2],\"c\":[[4,5]]}";
	try_all("[", "]");
	try_all("[", ",7654321,0,1234]");
	try_all("[1", ",7654321,0,1234]");
	try_all("[12,3", "4,0,0,0,0,0,0,0]");
	try_all("[12,345", "]");
	try_all("[1234567,0,0,0,0", ",9]");
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
