/* SPDX-License-Identifier: MIT
 *
 * Write the lines of a file at a steady rate, over and over:
 *
 *	pace LINES-A-SECOND SECONDS FILE
 *
 * into a pipe as wide as the filters make theirs.
 */
#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static double
number(const char *text)
{
	char *end;
	double value = strtod(text, &end);
	if (*text == '\0' || *end != '\0' || value <= 0)
		errx(2, "'%s' is no positive number", text);
	return value;
}

static void
sleep_until(struct timespec *at, double more)
{
	at->tv_nsec += (long)(more * 1e9);
	while (at->tv_nsec >= 1000000000) {
		at->tv_nsec -= 1000000000;
		at->tv_sec++;
	}
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, at, NULL);
}

int
main(int argc, char **argv)
{
	if (argc != 4)
		errx(2, "usage: pace LINES-A-SECOND SECONDS FILE");
	double rate = number(argv[1]), left = rate * number(argv[2]);
	FILE *f = fopen(argv[3], "r");
	if (f == NULL)
		err(1, "%s", argv[3]);
	fcntl(STDOUT_FILENO, F_SETPIPE_SZ, 256 * 1024);
	char *line = NULL;
	size_t size = 0;
	struct timespec at;
	clock_gettime(CLOCK_MONOTONIC, &at);
	for (; left > 0; left--) {
		ssize_t len = getline(&line, &size, f);
		if (len <= 0) {
			rewind(f);
			len = getline(&line, &size, f);
		}
		if (len <= 0)
			errx(1, "%s has no line", argv[3]);
		if (write(STDOUT_FILENO, line, (size_t)len) != len)
			return 0;
		sleep_until(&at, 1 / rate);
	}
	return 0;
}
