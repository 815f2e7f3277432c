/* SPDX-License-Identifier: MIT
 *
 * vfork(2), because fork(2) makes every page that we touch afterwards be
 * copied, on the way of a line too.
 */
#include "procmap/command.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "lib/lines.h"
#include "procmap/clock.h"

enum { LONGEST = 65536, NOT_FOUND = 127, LOOK = 10000 };	/* us */

/* In the child, whose memory is the parent's: nothing but system calls. */
static void
become(const char *const *arguments, int out, int nothing,
    const sigset_t *none)
{
	signal(SIGINT, SIG_DFL);	/* the parent's would run here */
	signal(SIGTERM, SIG_DFL);
	signal(SIGPIPE, SIG_DFL);
	sigprocmask(SIG_SETMASK, none, NULL);
#ifdef __linux__
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
#endif
	dup2(nothing, STDIN_FILENO);
	dup2(nothing, STDERR_FILENO);
	dup2(out, STDOUT_FILENO);
	execvp(arguments[0], (char *const *)(uintptr_t)arguments);
	_exit(NOT_FOUND);
}

static pid_t
start(const struct command *c, int out)
{
	sigset_t none;
	int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (nothing == -1)	/* it would have our stream */
		return -1;
	sigemptyset(&none);
	pid_t pid = vfork();
	if (pid == 0)
		become(c->arguments, out, nothing, &none);
	int error = errno;
	close(nothing);
	errno = error;
	return pid;
}

/* True at the end of its output. */
static bool
read_lines(const struct command *c, int fd, int64_t deadline)
{
	struct lines lines;
	char *line;
	size_t len;
	int got = 1;
	lines_init(&lines, fd, LONGEST);
	while (got == 1 && clock_boot_us() < deadline) {
		struct pollfd p = { .fd = fd, .events = POLLIN };
		if (poll(&p, 1, 1000) != 1)
			continue;
		got = lines_fill(&lines);
		while ((line = lines_next(&lines, &len)) != NULL)
			c->line(c->state, line, len);
	}
	lines_done(&lines);
	return got == 0;
}

static int64_t
microseconds(struct timeval t)
{
	return t.tv_sec * 1000000LL + t.tv_usec;
}

/* As waitpid(2). */
static pid_t
wait_for(const struct command *c, pid_t pid, int *status, int options)
{
	struct rusage used;
	pid_t got = wait4(pid, status, options, &used);
	if (got == pid && c->spent != NULL)
		*c->spent += microseconds(used.ru_utime) +
		    microseconds(used.ru_stime);
	return got;
}

/* It may go on without its output. */
static bool
wait_until(const struct command *c, pid_t pid, int *status, int64_t deadline)
{
	pid_t got;
	while ((got = wait_for(c, pid, status, WNOHANG)) == 0 ||
	    (got == -1 && errno == EINTR)) {
		if (clock_boot_us() >= deadline)
			return false;
		usleep(LOOK);
	}
	return true;
}

enum command_end
command_run(const struct command *c, int *status)
{
	int ends[2], how = 0;
	int64_t deadline = clock_boot_us() + c->patience * 1000000LL;
	/* At once: another thread may start a child of its own right now. */
	if (pipe2(ends, O_CLOEXEC) == -1)
		return COMMAND_FAILED;
	pid_t pid = start(c, ends[1]);
	int error = errno;
	close(ends[1]);
	if (pid == -1) {
		close(ends[0]);
		errno = error;
		return COMMAND_FAILED;
	}
	if (c->pid != NULL)
		atomic_store(c->pid, pid);
	bool in_time = read_lines(c, ends[0], deadline);
	close(ends[0]);
	in_time = in_time && wait_until(c, pid, &how, deadline);
	if (c->pid != NULL)
		atomic_store(c->pid, 0);
	if (!in_time) {
		kill(pid, SIGKILL);
		while (wait_for(c, pid, &how, 0) == -1 && errno == EINTR)
			;
		return COMMAND_SLOW;
	}
	*status = WIFEXITED(how) ? WEXITSTATUS(how) : WTERMSIG(how);
	if (!WIFEXITED(how))
		return COMMAND_KILLED;
	return *status == NOT_FOUND ? COMMAND_MISSING : COMMAND_EXITED;
}
