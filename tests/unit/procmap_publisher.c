/* SPDX-License-Identifier: MIT
 *
 * When an executable is looked at again, and what that leaves of what was
 * found before.
 *
 * uses: procmap/publisher.c procmap/errands.c procmap/packages.c procmap/proc_file.c
 * uses: procmap/rpm.c procmap/command.c procmap/digest.c procmap/text.c
 * uses: procmap/socket.c procmap/in_root.c procmap/rpm_copy.c
 */
#include <err.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "procmap/clock.h"
#include "procmap/priority.h"
#include "procmap/publisher.h"
#include "procmap/text.h"

static char path[] = "/tmp/procmap_publisher.XXXXXX";
static struct publisher *publisher;
static int64_t later;		/* seconds that have passed at once */
static int failures;

/* In place of the system's. */
int
clock_gettime(clockid_t id, struct timespec *t)
{
	int result = (int)syscall(SYS_clock_gettime, id, t);
	t->tv_sec += later;
	return result;
}

void
priority_background(void)
{
}

static void
write_file(const char *text)
{
	FILE *f = fopen(path, "w");
	if (f == NULL || fputs(text, f) == EOF || fclose(f) == EOF)
		err(EXIT_FAILURE, "%s", path);
}

/* When a process started; of one that has ended as it was. */
static uint64_t
start_of(uint32_t pid)
{
	static struct { uint32_t pid; uint64_t start; } known;
	char name[64], text[1024];
	struct stat_text s;
	snprintf(name, sizeof(name), "/proc/%u/stat", pid);
	FILE *f = fopen(name, "r");
	size_t n = f != NULL ? fread(text, 1, sizeof(text), f) : 0;
	if (f != NULL)
		fclose(f);
	if (n > 0 && text_stat(text, n, &s)) {
		known.pid = pid;
		known.start = s.start;
	}
	return known.pid == pid ? known.start : 0;
}

static struct publisher_answer
ask(const char *container, uint32_t pid, const char *exe)
{
	const struct process p = { .pid = pid, .container = container,
		.start = container[0] != '\0' ? start_of(pid) : 0,
		.exe = exe };
	struct publisher_answer a;
	publisher_ask(publisher, &p, &a);
	return a;
}

/* Until its file has a checksum, which is not `before`. */
static const char *
becomes_known(const char *container, uint32_t pid, const char *exe,
    const char *before)
{
	for (int tries = 0; tries < 1000; tries++) {
		struct publisher_answer a = ask(container, pid, exe);
		if (a.sha256 != NULL && a.sha256 != before &&
		    a.sha256[0] != '\0')
			return a.sha256;
		usleep(10000);
	}
	printf("%s of \"%s\" does not become known\n", exe, container);
	exit(EXIT_FAILURE);
}

/* A minute later it is asked for again; and that is over when another one,
 * asked for behind it, is known. */
static const char *
minutes_later(const char *container, uint32_t pid, const char *other)
{
	later += 61;
	ask(container, pid, path);
	becomes_known("", 1, other, NULL);
	return ask(container, pid, path).sha256;
}

static void
same(const char *what, const void *got, const void *wanted)
{
	if (got == wanted)
		return;
	printf("%s\n", what);
	failures++;
}

static pid_t
start_process(void)
{
	pid_t pid = fork();
	if (pid == 0)
		for (;;)
			pause();
	return pid;
}

static void
end_process(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

/* What was found of a container's program stays. */
static void
containers(void)
{
	pid_t pid = start_process();
	const char *first = becomes_known("c", (uint32_t)pid, path, NULL);
	same("what did not change is found again", minutes_later("c",
	    (uint32_t)pid, "/bin/sh"), first);
	end_process(pid);
	same("with its process a container's is forgotten", minutes_later("c",
	    (uint32_t)pid, "/bin/cat"), first);
	/* Nothing is found by one that has ended, so the next one's turn
	 * comes soon. */
	ask("d", (uint32_t)pid, path);
	becomes_known("", 1, "/bin/ls", NULL);
	later += 2;
	pid = start_process();
	becomes_known("d", (uint32_t)pid, path, NULL);
	end_process(pid);
}

/* Another one has its PID. */
static void
another(void)
{
	const struct process before = { .pid = (uint32_t)getpid(),
		.start = 1, .container = "b", .exe = path };
	struct publisher_answer a;
	publisher_ask(publisher, &before, &a);
	becomes_known("", 1, "/bin/ln", NULL);
	publisher_ask(publisher, &before, &a);
	same("what is found is another one's", a.sha256, NULL);
}

static void
changes(void)
{
	const char *first = becomes_known("", 1, path, NULL);
	later += 61;
	write_file("other");
	becomes_known("", 1, path, first);
	unlink(path);
	const char *none = minutes_later("", 1, "/bin/cp");
	if (none == NULL || none[0] != '\0') {
		printf("a file that has gone has its checksum still\n");
		failures++;
	}
	same("that a file has gone is found again and again",
	    minutes_later("", 1, "/bin/mv"), none);
}

int
main(void)
{
	int fd = mkstemp(path);
	if (fd == -1)
		err(EXIT_FAILURE, "%s", path);
	close(fd);
	write_file("one");
	publisher = publisher_new();
	containers();
	another();
	changes();
	if (!publisher_stop(publisher, 10000))
		return EXIT_FAILURE;
	return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
