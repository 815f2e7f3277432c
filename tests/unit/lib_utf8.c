/* SPDX-License-Identifier: MIT
 *
 * UTF-8: every character there and back, what is none, controls, and texts of
 * strangers cut at whole characters.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/utf8.h"

static int failures;

static void
check(bool good, const char *what, uint32_t c)
{
	if (good)
		return;
	printf("lib_utf8: %s U+%04X\n", what, (unsigned)c);
	failures++;
}

/* RFC 3629 section 3 */
static size_t
bytes_of(uint32_t c)
{
	return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
}

static void
every_character(void)
{
	for (uint32_t c = 0; c <= 0x10ffff; c++) {
		char bytes[4];
		uint32_t got = 1;
		size_t n = utf8_encode(c, bytes);
		bool surrogate = c >= 0xd800 && c <= 0xdfff;
		check(n == bytes_of(c), "is so long", c);
		check(utf8_decode(bytes, n, &got) == (surrogate ? 0 : n) &&
		    (surrogate || got == c), "comes back", c);
		check(utf8_length(bytes, n - 1) == 0, "cut", c);
		check(utf8_is_control(c) == (c < 0x20 ||
		    (c >= 0x7f && c <= 0x9f)), "control", c);
	}
}

/* Written with more bytes than it takes, or beyond the last one. */
static void
no_characters(void)
{
	static const char *const texts[] = { "\x80", "\xbf", "\xc0\x80",
		"\xc1\xbf", "\xe0\x80\x80", "\xe0\x9f\xbf", "\xf0\x80\x80\x80",
		"\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80",
		"\xff", "\xc3(", "\xe2\x82(", "\xf0\x9f\x92(", "\xc3\xc3" };
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		check(utf8_length(texts[i], strlen(texts[i])) == 0,
		    "no character", (uint32_t)i);
}

static void
cleans(const char *from, size_t len, size_t size, const char *want)
{
	char to[16];
	memset(to, 'x', sizeof(to));
	utf8_clean(to, size, from, len, utf8_is_control);
	if (strcmp(to, want) == 0 && to[size] == 'x')
		return;
	printf("lib_utf8: \"%s\" in %zu bytes, not \"%s\"\n", to, size, want);
	failures++;
}

int
main(void)
{
	every_character();
	no_characters();
	cleans("caf\xc3\xa9", 5, 8, "caf\xc3\xa9");
	cleans("caf\xc3\xa9", 5, 6, "caf\xc3\xa9");
	cleans("caf\xc3\xa9", 5, 5, "caf");
	cleans("caf\xc3\xa9", 4, 8, "caf?");
	cleans("a\33[m\xc2\x9b\xff\xf0\x9f", 9, 12, "a?[m????");
	cleans("a\0b", 3, 8, "a");
	cleans("abc", 0, 8, "");
	cleans("abc", 3, 1, "");
	return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
