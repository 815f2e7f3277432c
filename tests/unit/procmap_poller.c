/* SPDX-License-Identifier: MIT
 *
 * How long the pause behind a poll is: by the processor time of the poll and
 * its own child, not of other children, such as those that look for packages.
 *
 * uses: procmap/poller.c procmap/batch.c procmap/addresses.c procmap/command.c
 * uses: procmap/owners.c procmap/owners_find.c procmap/owners_poll.c
 * uses: procmap/processes.c procmap/socket.c
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "procmap/command.h"
#include "procmap/poller.h"
#include "procmap/priority.h"

enum { SHARE = 100, FIRST = 10000, SECOND = 20000 };	/* ms */

void
priority_background(void)
{
}

/* A child of somebody else's takes 0.3 s. */
static bool
beside_another(void *state, struct batch *b)
{
	pid_t pid = fork();
	(void)state;
	(void)b;
	while (pid == 0)
		if (clock() > CLOCKS_PER_SEC * 3 / 10)
			_exit(0);
	return waitpid(pid, NULL, 0) == pid;
}

static void
ignore(void *state, char *line, size_t len)
{
	(void)state;
	(void)line;
	(void)len;
}

/* A child of its own: as lsof is run. */
static bool
with_child(void *state, struct batch *b)
{
	static const char *const arguments[] = { "sh", "-c",
		"i=0; while [ $i -lt 200000 ]; do i=$((i + 1)); done", NULL };
	const struct command command = { .arguments = arguments,
		.patience = 60, .line = ignore, .spent = &b->spent };
	int status;
	(void)state;
	return command_run(&command, &status) == COMMAND_EXITED;
}

/* Is there a second poll? */
static bool
polls_again(poller_take *take, unsigned share, int milliseconds)
{
	struct poller *p = poller_start(take, NULL, VIA_LSOF, 0.01, share);
	if (p == NULL)
		err(EXIT_FAILURE, "a thread");
	struct batch *b = poller_wait(p, FIRST);
	if (b == NULL)
		errx(EXIT_FAILURE, "there is no first poll");
	batch_free(b);
	b = poller_wait(p, milliseconds);
	bool again = b != NULL;
	batch_free(b);
	if (!poller_stop(p, FIRST))
		errx(EXIT_FAILURE, "it does not end");
	return again;
}

int
main(void)
{
	if (!polls_again(beside_another, SHARE, SECOND)) {
		printf("another's child counts\n");
		return EXIT_FAILURE;
	}
	if (polls_again(with_child, 200, 1000)) {
		printf("its own child does not count\n");
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}
