/* SPDX-License-Identifier: MIT
 *
 * Asking rpm.
 */
#include "procmap/rpm.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/lines.h"
#include "procmap/text.h"

enum { PATIENCE = 20000, LONGEST = 16384 };	/* ms; bytes */

static bool
has_database(const char *root)
{
	static const char *const places[] = { "/var/lib/rpm",
		"/usr/lib/sysimage/rpm" };
	static const char *const files[] = { "rpmdb.sqlite", "Packages.db",
		"Packages" };
	char path[1024];
	for (size_t i = 0; i < 2; i++) {
		for (size_t j = 0; j < 3; j++) {
			snprintf(path, sizeof(path), "%s%s/%s", root,
			    places[i], files[j]);
			if (access(path, R_OK) == 0)
				return true;
		}
	}
	return false;
}

void
rpm_line(const char *line, size_t len, const char *path, struct package *p)
{
	const char *tab = memchr(line, '\t', len);
	if (tab == NULL) {
		if (p->name[0] == '\0')
			text_clean(p->name, PACKAGE_NAME, line, len);
		return;
	}
	if ((size_t)(tab - line) == strlen(path) &&
	    memcmp(line, path, strlen(path)) == 0)
		text_clean(p->digest, PACKAGE_DIGEST, tab + 1,
		    len - (size_t)(tab + 1 - line));
}

static void
become_rpm(const char *root, const char *path, int out)
{
	const char *const arguments[] = { "rpm", "--root",
		root[0] != '\0' ? root : "/", "-q", "-f", "--qf",
		"%{NAME}\n[%{FILENAMES}\t%{FILEDIGESTS}\n]", "--", path,
		NULL };
	sigset_t none;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	int nothing = open("/dev/null", O_RDWR);
	dup2(nothing, STDIN_FILENO);
	dup2(nothing, STDERR_FILENO);
	dup2(out, STDOUT_FILENO);
	execvp(arguments[0], (char *const *)(uintptr_t)arguments);
	_exit(127);
}

bool
rpm_find(const char *root, const char *path, struct package *p)
{
	struct lines lines;
	int ends[2], status = 0, got = 1;
	char *line;
	size_t len;
	if (!has_database(root) || pipe(ends) == -1)
		return false;
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	pid_t pid = fork();
	if (pid == 0)
		become_rpm(root, path, ends[1]);
	close(ends[1]);
	lines_init(&lines, ends[0], LONGEST);
	while (pid > 0 && got == 1) {
		struct pollfd ready = { .fd = ends[0], .events = POLLIN };
		if (poll(&ready, 1, PATIENCE) != 1) {
			kill(pid, SIGKILL);
			break;
		}
		got = lines_fill(&lines);
		while ((line = lines_next(&lines, &len)) != NULL)
			rpm_line(line, len, path, p);
	}
	lines_done(&lines);
	close(ends[0]);
	while (pid > 0 && waitpid(pid, &status, 0) == -1 && errno == EINTR)
		;
	if (pid <= 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
		*p = (struct package){ 0 };	/* "not owned by any package" */
	return pid > 0 && WIFEXITED(status) && WEXITSTATUS(status) != 127;
}
