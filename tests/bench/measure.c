/* SPDX-License-Identifier: MIT
 *
 * Run shell commands in turn, A B C A B C ..., and print for each a line of
 * medians: wall, user and system seconds, the peak memory in KiB of its
 * largest process, and of how many runs.
 *
 *	measure [-n runs] [-s seconds] [-t seconds] COMMAND...
 *
 * In turn, because a shared machine's speed drifts: ratios between commands
 * of one call hold, absolute times do not.  Standard output of the commands
 * is thrown away.  A command whose first run took longer than -s (default 5)
 * seconds is not run again.  One that fails is reported as "failed", one
 * that takes longer than -t (default 300) is killed: "timeout".
 */
#include <err.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_RUNS = 101 };

struct figures {
	double wall[MOST_RUNS], user[MOST_RUNS], sys[MOST_RUNS];
	double peak[MOST_RUNS];
	int count;
	int failed, late;
};

static pid_t child;

static void
on_alarm(int number)
{
	(void)number;
	kill(-child, SIGKILL);
}

static double
seconds(struct timeval t)
{
	return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

static double
now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* In a child of our own, so that its rusage is of this run alone. */
static void
run(const char *command, struct figures *f, unsigned limit)
{
	struct rusage usage;
	int status, i = f->count++;
	double start = now();
	child = fork();
	if (child == -1)
		err(1, "fork");
	if (child == 0) {
		int null = open("/dev/null", O_WRONLY);
		setpgid(0, 0);
		if (null == -1 || dup2(null, STDOUT_FILENO) == -1)
			err(127, "/dev/null");
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		err(127, "/bin/sh");
	}
	setpgid(child, child);
	alarm(limit);
	if (wait4(child, &status, 0, &usage) == -1)
		err(1, "wait4");
	alarm(0);
	f->wall[i] = now() - start;
	f->user[i] = seconds(usage.ru_utime);
	f->sys[i] = seconds(usage.ru_stime);
	f->peak[i] = (double)usage.ru_maxrss;
	f->late |= f->wall[i] >= limit;
	f->failed |= !WIFEXITED(status) || WEXITSTATUS(status) != 0;
}

/* Our commands are no longer in our group: they end with us by this. */
static void
on_end(int number)
{
	(void)number;
	if (child > 0)
		kill(-child, SIGKILL);
	_exit(1);
}

static int
ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

static double
median(double *values, int count)
{
	qsort(values, (size_t)count, sizeof(*values), ascending);
	return values[count / 2];
}

/* A positive whole number, or the end. */
static int
number(const char *text, int most)
{
	int value = atoi(text);
	if (value < 1 || value > most)
		errx(2, "'%s': expected a number from 1 to %d", text, most);
	return value;
}

static void
print(struct figures *f)
{
	if (f->late)
		printf("timeout\n");
	else if (f->failed)
		printf("failed\n");
	else
		printf("%.3f %.3f %.3f %.0f %d\n",
		    median(f->wall, f->count), median(f->user, f->count),
		    median(f->sys, f->count), median(f->peak, f->count),
		    f->count);
}

int
main(int argc, char **argv)
{
	int runs = 5, slow = 5, limit = 300;
	for (int c; (c = getopt(argc, argv, "n:s:t:")) != -1;)
		switch (c) {
		case 'n': runs = number(optarg, MOST_RUNS); break;
		case 's': slow = number(optarg, 86400); break;
		case 't': limit = number(optarg, 86400); break;
		default: return 2;
		}
	int count = argc - optind;
	struct figures *f = calloc((size_t)count + 1, sizeof(*f));
	struct sigaction action = { .sa_handler = on_alarm,
		.sa_flags = SA_RESTART };
	if (f == NULL)
		err(1, "calloc");
	sigaction(SIGALRM, &action, NULL);
	action.sa_handler = on_end;
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	for (int i = 0; i < runs; i++)
		for (int c = 0; c < count; c++)
			if (i == 0 || (f[c].wall[0] <= slow && !f[c].failed))
				run(argv[optind + c], &f[c], (unsigned)limit);
	for (int c = 0; c < count; c++)
		print(&f[c]);
	return 0;
}
