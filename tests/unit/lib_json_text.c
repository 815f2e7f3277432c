/* SPDX-License-Identifier: MIT
 *
 * Texts in JSON: escapes undone and made, characters that stay whole.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json_read.h"
#include "lib/json_write.h"

enum { WHOLE = 64 };

static int failures;

static void
check(bool good, const char *what)
{
	if (good)
		return;
	printf("lib_json_text: %s\n", what);
	failures++;
}

/* The JSON string `json`, in `size` bytes, is `want`. */
static void
reads(const char *json, size_t size, const char *want)
{
	struct json j = { 0 };
	char text[WHOLE];
	check(json_parse(&j, json, strlen(json)) &&
	    json_read_text(&j, 0, text, size) && strcmp(text, want) == 0,
	    json);
	if (size == WHOLE)
		check(json_is(&j, 0, want) && !json_is(&j, 0, "else"), json);
	json_done(&j);
}

static void
refuses(const char *json)
{
	struct json j = { 0 };
	check(!json_parse(&j, json, strlen(json)) && j.error != NULL, json);
	json_done(&j);
}

static void
writes(const char *text, size_t len, const char *want)
{
	struct buf b = { 0 };
	json_text(&b, text, len);
	check(strcmp(buf_text(&b), want) == 0, want);
	buf_done(&b);
}

static void
finds_escaped_names(void)
{
	static const char text[] = "{\"\\u0061b\":1,\"c\\/d\":2}";
	struct json j = { 0 };
	uint64_t value = 0;
	check(json_parse(&j, text, strlen(text)) &&
	    json_read_unsigned(&j, json_get(&j, 0, "ab"), &value) &&
	    value == 1 &&
	    json_read_unsigned(&j, json_get(&j, 0, "c/d"), &value) &&
	    value == 2 && json_get(&j, 0, "u0061b") == JSON_NONE, text);
	json_done(&j);
}

int
main(void)
{
	reads("\"plain\"", WHOLE, "plain");
	reads("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", WHOLE, "\"\\/\b\f\n\r\t");
	reads("\"\\u0041\\u00e9\\u20AC\"", WHOLE, "A\xc3\xa9\xe2\x82\xac");
	reads("\"\\ud83d\\ude00\"", WHOLE, "\xf0\x9f\x98\x80");
	/* What is no character becomes U+FFFD. */
	reads("\"\\u0000\"", WHOLE, "\xef\xbf\xbd");
	reads("\"\\ud83d\"", WHOLE, "\xef\xbf\xbd");
	reads("\"\\ud83dx\"", WHOLE, "\xef\xbf\xbdx");
	reads("\"\\ude00\"", WHOLE, "\xef\xbf\xbd");
	reads("\"\\ud83d\\u0041\"", WHOLE, "\xef\xbf\xbd" "A");
	/* Whole characters only. */
	reads("\"abc\"", 3, "ab");
	reads("\"a\\u00e9\"", 3, "a");
	reads("\"a\\u00e9\"", 4, "a\xc3\xa9");
	reads("\"\xe2\x82\xac\xe2\x82\xac\"", 6, "\xe2\x82\xac");

	refuses("\"\\x\"");
	refuses("\"\\u12g4\"");
	refuses("\"\\u12\"");
	refuses("\"tab\t\"");
	refuses("\"\xff\"");
	reads("\"\\ud83d\\udc00\\ud800\\udfff\"", WHOLE,
	    "\xf0\x9f\x90\x80\xf0\x90\x8f\xbf");
	refuses("\"\xed\xa0\x80\"");	/* a surrogate */
	refuses("\"\xc0\xaf\"");	/* longer than need be */
	refuses("\"no end");

	writes("a\"b\\c", 5, "\"a\\\"b\\\\c\"");
	writes("\b\f\n\r\t\v\x1f\x7f", 8,
	    "\"\\b\\f\\n\\r\\t\\u000b\\u001f\\u007f\"");
	writes("\xc3\xa9\xff", 3, "\"\xc3\xa9\xef\xbf\xbd\"");
	writes("\x80\xc2\x80", 3, "\"\xef\xbf\xbd\xc2\x80\"");
	writes("a\0b", 3, "\"a\xef\xbf\xbd" "b\"");
	writes("", 0, "\"\"");
	finds_escaped_names();
	return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
