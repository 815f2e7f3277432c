/* SPDX-License-Identifier: MIT
 *
 * Running lsof as a child of the polling thread.
 */
#include "procmap/lsof.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "procmap/clock.h"
#include "procmap/command.h"
#include "procmap/scan.h"
#include "procmap/text.h"

enum { PATIENCE = 60 };		/* seconds */

static _Atomic pid_t child;

/* What lsof says of a process, with what /proc adds, if it is the same. */
static void
enrich(struct proc_info *p)
{
	struct proc_info more;
	char name[PROC_NAME];
	if (!scan_read_process("/proc", p->pid, &more, NULL))
		return;
	/* lsof may cut the name, and does not know which ones say nothing. */
	text_name(name, p->name, more.exe);
	if (p->name[0] != '\0' &&
	    strncmp(name, more.name, strlen(name)) != 0)
		return;
	*p = more;
}

static void
take_line(void *state, char *line, size_t len)
{
	lsof_line(state, line, len);
}

static void
explain(struct batch *b, enum command_end end, int status)
{
	size_t size = sizeof(b->problem);
	if (end == COMMAND_SLOW)
		snprintf(b->problem, size,
		    "lsof took more than %d s and was ended", PATIENCE);
	else if (end == COMMAND_MISSING)
		snprintf(b->problem, size,
		    "cannot run lsof: install it, or choose another --source");
	else if (end == COMMAND_KILLED)
		snprintf(b->problem, size,
		    "lsof was ended by signal %d", status);
	else if (end == COMMAND_FAILED)
		snprintf(b->problem, size, "lsof: %s", strerror(errno));
}

bool
lsof_take(void *state, struct batch *b)
{
	static const char *const arguments[] = { "lsof", "-i", "-n", "-P",
		"-F", "pcufPtdTn", NULL };
	struct lsof_parser parser;
	const struct command command = { .arguments = arguments,
		.patience = PATIENCE, .line = take_line, .state = &parser,
		.pid = &child, .spent = &b->spent };
	int status = 0;
	(void)state;
	b->begin = clock_boot_us();
	lsof_begin(&parser, b);
	enum command_end end = command_run(&command, &status);
	explain(b, end, status);
	lsof_end(&parser);
	if (b->problem[0] != '\0')
		return false;
	for (size_t i = 0; i < b->proc_count; i++)
		enrich(&b->procs[i]);
	return true;
}

void
lsof_kill(void)
{
	pid_t pid = atomic_load(&child);
	if (pid > 0)
		kill(pid, SIGKILL);
}
