/* SPDX-License-Identifier: MIT
 *
 * The hosts file: which names of it are taken, and that one which is read
 * again has nothing of what it said before.
 *
 * uses: namemap/hosts.c namemap/hostname.c namemap/stamp.c namemap/textfile.c
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "namemap/hosts.h"

static int failures;
static char path[] = "/tmp/hosts.XXXXXX";

static void
fill(const char *text)
{
	FILE *f = fopen(path, "w");
	if (f == NULL || fputs(text, f) == EOF || fclose(f) == EOF)
		err(EXIT_FAILURE, "%s", path);
}

static void
expect(const struct hosts *h, const char *text, const char *name)
{
	struct addr a;
	if (!addr_parse(text, &a))
		errx(EXIT_FAILURE, "%s", text);
	const char *got = hosts_find(h, &a);
	if (name == NULL ? got == NULL : got != NULL &&
	    strcmp(got, name) == 0)
		return;
	failures++;
	printf("%s is %s\n", text, got != NULL ? got : "without a name");
}

static void
expect_read(struct hosts *h, bool read)
{
	if (hosts_refresh(h) == read)
		return;
	failures++;
	printf("%s again\n", read ? "not read" : "read");
}

int
main(void)
{
	int fd = mkstemp(path);
	if (fd == -1)
		err(EXIT_FAILURE, "%s", path);
	close(fd);
	fill("# 192.0.2.9 comment\n"
	    "192.0.2.2\tsecond.example alias  # and more\n"
	    "192.0.2.1 first.example\r\n"
	    "192.0.2.1 other.example\n"
	    "0.0.0.0 blocked.example\n"
	    ":: blocked.example\n"
	    "192.0.2.3\n"
	    "192.0.2.4 bad\x1bname\n"
	    "192.0.2.256 none.example\n"
	    "  fd00::1 six.example\n"
	    "192.0.2.8 last.example");
	struct hosts *h = hosts_new(path);
	hosts_refresh(h);
	expect(h, "192.0.2.1", "first.example");
	expect(h, "192.0.2.2", "second.example");
	expect(h, "192.0.2.3", NULL);
	expect(h, "192.0.2.4", NULL);
	expect(h, "192.0.2.8", "last.example");
	expect(h, "192.0.2.9", NULL);
	expect(h, "0.0.0.0", NULL);
	expect(h, "::", NULL);
	expect(h, "fd00::1", "six.example");
	expect(h, "fd00::2", NULL);
	expect_read(h, false);
	fill("192.0.2.2 renamed.example\n192.0.2.7 new.example\n");
	expect_read(h, true);
	expect(h, "192.0.2.1", NULL);
	expect(h, "192.0.2.2", "renamed.example");
	expect(h, "192.0.2.7", "new.example");
	expect(h, "fd00::1", NULL);
	/* One address may have all names of a machine, on a single line. */
	FILE *f = fopen(path, "w");
	if (f == NULL)
		err(EXIT_FAILURE, "%s", path);
	fputs("192.0.2.1 first.example", f);
	for (int i = 0; i < 2000; i++)
		fprintf(f, " site%d.example", i);
	fputs("\n192.0.2.2 behind.example\n", f);
	fclose(f);
	expect_read(h, true);
	expect(h, "192.0.2.1", "first.example");
	expect(h, "192.0.2.2", "behind.example");
	unlink(path);
	expect_read(h, true);
	expect(h, "192.0.2.2", NULL);
	expect_read(h, false);
	hosts_free(h);
	return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
