/* SPDX-License-Identifier: MIT
 *
 * Run shell commands in turn, A B C A B C ..., and print for each a line of
 * medians: wall, user and system seconds, and the peak memory in KiB of its
 * largest process.
 *
 *	measure [-n runs] COMMAND...
 *
 * In turn, because a shared machine's speed drifts: ratios between commands
 * of one call hold, absolute times do not.  Standard output of the commands
 * is thrown away.  A command that fails is reported as "failed".
 */
#include <err.h>
#include <fcntl.h>
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
	int failed;
};

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
run(const char *command, struct figures *f, int i)
{
	struct rusage usage;
	int status;
	double start = now();
	pid_t pid = fork();
	if (pid == -1)
		err(1, "fork");
	if (pid == 0) {
		int null = open("/dev/null", O_WRONLY);
		if (null == -1 || dup2(null, STDOUT_FILENO) == -1)
			err(127, "/dev/null");
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		err(127, "/bin/sh");
	}
	if (wait4(pid, &status, 0, &usage) == -1)
		err(1, "wait4");
	f->wall[i] = now() - start;
	f->user[i] = seconds(usage.ru_utime);
	f->sys[i] = seconds(usage.ru_stime);
	f->peak[i] = (double)usage.ru_maxrss;
	f->failed |= !WIFEXITED(status) || WEXITSTATUS(status) != 0;
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

int
main(int argc, char **argv)
{
	int runs = 5;
	for (int c; (c = getopt(argc, argv, "n:")) != -1;)
		if (c != 'n' || (runs = atoi(optarg)) < 1 ||
		    runs > MOST_RUNS)
			errx(2, "usage: measure [-n 1..%d] COMMAND...",
			    MOST_RUNS);
	int count = argc - optind;
	struct figures *f = calloc((size_t)count + 1, sizeof(*f));
	if (f == NULL)
		err(1, "calloc");
	for (int i = 0; i < runs; i++)
		for (int c = 0; c < count; c++)
			run(argv[optind + c], &f[c], i);
	for (int c = 0; c < count; c++) {
		if (f[c].failed)
			printf("failed\n");
		else
			printf("%.3f %.3f %.3f %.0f\n",
			    median(f[c].wall, runs), median(f[c].user, runs),
			    median(f[c].sys, runs), median(f[c].peak, runs));
	}
	return 0;
}
