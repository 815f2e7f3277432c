/* SPDX-License-Identifier: MIT
 *
 * When a look at all sockets is left out, and when it is not.
 *
 * uses: procmap/quiet.c
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "procmap/quiet.h"

static char path[] = "/tmp/procmap_quiet.XXXXXX";
static int failures;

static void
set(const char *text)
{
	FILE *f = fopen(path, "w");
	if (f == NULL || fputs(text, f) == EOF || fclose(f) == EOF)
		err(EXIT_FAILURE, "%s", path);
}

/* A turn each five seconds, as in procmap; a look where it is not quiet. */
static void
turn(struct quiet *q, int64_t seconds, const char *state, bool want)
{
	set(state);
	bool is = quiet_is(q, seconds * 1000000);
	if (is != want) {
		printf("at %lld s, %s: %squiet\n", (long long)seconds, state,
		    is ? "" : "not ");
		failures++;
	}
	if (!is)
		quiet_looks(q, seconds * 1000000);
}

int
main(void)
{
	const char *a = "0.08 0.03 0.01 2/345 6789\n";
	const char *busier = "0.10 0.03 0.01 5/345 6789\n";
	const char *forked = "0.10 0.03 0.01 2/346 6790\n";
	const char *ended = "0.10 0.03 0.01 2/345 6790\n";
	struct quiet q = { .path = path };
	int fd = mkstemp(path);
	if (fd == -1)
		err(EXIT_FAILURE, "%s", path);
	close(fd);
	turn(&q, 5, a, false);
	turn(&q, 10, a, false);
	turn(&q, 15, a, true);
	turn(&q, 20, busier, true);	/* the same processes */
	turn(&q, 25, forked, false);
	turn(&q, 30, forked, false);	/* once more */
	turn(&q, 35, forked, true);
	turn(&q, 40, ended, false);
	turn(&q, 45, ended, false);
	turn(&q, 50, ended, true);
	turn(&q, 55, ended, true);
	turn(&q, 60, ended, true);
	turn(&q, 65, ended, true);
	turn(&q, 70, ended, true);
	turn(&q, 75, ended, false);	/* half a minute without a look */
	turn(&q, 80, ended, true);
	turn(&q, 85, "nothing of the kind\n", false);
	turn(&q, 90, ended, false);
	turn(&q, 95, ended, true);
	unlink(path);
	if (quiet_is(&q, 100000000)) {
		printf("quiet without a file\n");
		failures++;
	}
	return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
