/* SPDX-License-Identifier: MIT
 *
 * Running lsof as a child of the polling thread.
 */
#include "procmap/lsof.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "lib/lines.h"
#include "procmap/clock.h"
#include "procmap/scan.h"

enum { PATIENCE = 60, LONGEST = 65536, NOT_FOUND = 127 };

static _Atomic pid_t child;

static void
become_lsof(int out)
{
	static const char *const arguments[] = { "lsof", "-i", "-n", "-P",
		"-F", "pcuPtTn", NULL };
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
#ifdef __linux__
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
#endif
	int nothing = open("/dev/null", O_RDWR);
	dup2(nothing, STDIN_FILENO);
	dup2(nothing, STDERR_FILENO);
	dup2(out, STDOUT_FILENO);
	execvp(arguments[0], (char *const *)(uintptr_t)arguments);
	_exit(NOT_FOUND);
}

/* What lsof says of a process, with what /proc adds, if it is the same. */
static void
enrich(struct proc_info *p)
{
#ifdef __linux__
	struct proc_info more;
	if (!scan_read_process("/proc", p->pid, &more, NULL))
		return;
	/* lsof may cut the name. */
	if (p->name[0] != '\0' &&
	    strncmp(p->name, more.name, strlen(p->name)) != 0)
		return;
	*p = more;
#else
	(void)p;
#endif
}

static bool
read_output(int fd, struct batch *b)
{
	struct lsof_parser parser;
	struct lines lines;
	int64_t end = clock_boot_us() + PATIENCE * 1000000LL;
	char *line;
	size_t len;
	int got = 1;
	lines_init(&lines, fd, LONGEST);
	lsof_begin(&parser, b);
	while (got == 1 && clock_boot_us() < end) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		if (poll(&p, 1, 1000) != 1)
			continue;
		got = lines_fill(&lines);
		while ((line = lines_next(&lines, &len)) != NULL)
			lsof_line(&parser, line, len);
	}
	lsof_end(&parser);
	lines_done(&lines);
	return got == 0;
}

bool
lsof_take(void *state, struct batch *b)
{
	int ends[2], status = 0;
	(void)state;
	b->begin = clock_boot_us();
	if (pipe(ends) == -1) {
		snprintf(b->problem, sizeof(b->problem), "lsof: %s",
		    strerror(errno));
		return false;
	}
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	fcntl(ends[1], F_SETFD, FD_CLOEXEC);
	pid_t pid = fork();
	if (pid == 0)
		become_lsof(ends[1]);
	close(ends[1]);
	if (pid == -1) {
		snprintf(b->problem, sizeof(b->problem), "lsof: %s",
		    strerror(errno));
		close(ends[0]);
		return false;
	}
	atomic_store(&child, pid);
	bool whole = read_output(ends[0], b);
	close(ends[0]);
	if (!whole)
		kill(pid, SIGKILL);
	atomic_store(&child, 0);
	while (waitpid(pid, &status, 0) == -1 && errno == EINTR)
		;
	if (!whole)
		snprintf(b->problem, sizeof(b->problem),
		    "lsof took more than %d s and was ended", PATIENCE);
	else if (WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND)
		snprintf(b->problem, sizeof(b->problem),
		    "cannot run lsof: install it, or choose another --source");
	for (size_t i = 0; i < b->proc_count; i++)
		enrich(&b->procs[i]);
	return b->problem[0] == '\0';
}

void
lsof_kill(void)
{
	pid_t pid = atomic_load(&child);
	if (pid > 0)
		kill(pid, SIGKILL);
}
