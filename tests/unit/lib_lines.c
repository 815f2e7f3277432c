/* SPDX-License-Identifier: MIT
 *
 * Lines that come in pieces, are too long, or have no end.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/lines.h"

enum { LONGEST = 8 };

static int failures;
static int out;
static struct lines lines;

static void
put(const char *text)
{
	if (write(out, text, strlen(text)) == -1 || lines_fill(&lines) != 1) {
		perror("lib_lines");
		exit(EXIT_FAILURE);
	}
}

/* The next line is this one, of that number; null: there is none yet. */
static void
expect(const char *want, uint64_t number)
{
	size_t len = 0;
	const char *got = lines_next(&lines, &len);
	if (want == NULL ? got == NULL : got != NULL &&
	    strcmp(got, want) == 0 && len == strlen(want) &&
	    lines.number == number)
		return;
	printf("lib_lines: expected %s, %llu; got %s, %llu\n",
	    want != NULL ? want : "none", (unsigned long long)number,
	    got != NULL ? got : "none", (unsigned long long)lines.number);
	failures++;
}

static void
expect_too_long(uint64_t want)
{
	if (lines.too_long == want)
		return;
	printf("lib_lines: %llu too long, expected %llu\n",
	    (unsigned long long)lines.too_long, (unsigned long long)want);
	failures++;
}

static bool
start(void)
{
	int ends[2];
	if (pipe(ends) == -1)
		return false;
	out = ends[1];
	fcntl(ends[0], F_SETFL, O_NONBLOCK);
	lines_init(&lines, ends[0], LONGEST);
	return true;
}

/* The input ends within a line that is too long. */
static void
end_too_long(void)
{
	put("one\n1234567890");
	expect("one", 1);
	expect(NULL, 0);
	close(out);
	if (lines_fill(&lines) != 0)
		failures++;
	expect(NULL, 0);
	expect(NULL, 0);
	expect_too_long(1);
}

int
main(void)
{
	if (!start())
		return EXIT_FAILURE;
	expect(NULL, 0);
	put("one\ntw");
	expect("one", 1);
	expect(NULL, 0);
	put("o\n\n12345678\n");
	expect("two", 2);
	expect("", 3);
	expect("12345678", 4);	/* just as long as it may be */
	put("123456789\nsix\n");
	expect("six", 6);
	expect_too_long(1);
	put("123456789");	/* skipped before its end has come */
	expect(NULL, 0);
	put("123456789");
	expect(NULL, 0);
	put("9\neight\nlast");
	expect("eight", 8);
	expect_too_long(2);
	if (lines_fill(&lines) != -1)
		failures++;
	close(out);
	if (lines_fill(&lines) != 0)
		failures++;
	expect("last", 9);
	expect(NULL, 0);
	expect_too_long(2);
	lines_done(&lines);
	if (!start())
		return EXIT_FAILURE;
	end_too_long();
	lines_done(&lines);
	return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
