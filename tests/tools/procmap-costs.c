/* SPDX-License-Identifier: MIT
 *
 * What it costs to do without eBPF, in processor time: a question about one
 * socket, a look at all sockets, and at all processes, whole and again with
 * nothing new.
 *
 * uses: procmap/diag_linux.c procmap/proc_file.c procmap/scan_linux.c procmap/scan_list_linux.c procmap/socket.c procmap/text.c
 */
#include <stdio.h>

#include "procmap/clock.h"
#include "procmap/diag.h"
#include "procmap/scan.h"

enum { QUESTIONS = 20000, DUMPS = 50, SCANS = 50 };

static void
count(void *state, const struct diag_socket *s)
{
	(void)s;
	++*(size_t *)state;
}

static double
us_each(int64_t begin, int times)
{
	return (double)(clock_us(CLOCK_PROCESS_CPUTIME_ID) - begin) / times;
}

int
main(void)
{
	struct sock_key key = { .proto = 6, .rport = 9,
		.local = { [10] = 0xff, [11] = 0xff, [12] = 127, [15] = 1 },
		.remote = { [10] = 0xff, [11] = 0xff, [12] = 127, [15] = 1 } };
	struct diag_socket found;
	struct scan scan;
	size_t sockets = 0, known = 0;
	int fd = diag_open();
	int64_t begin = clock_us(CLOCK_PROCESS_CPUTIME_ID);
	for (int i = 0; i < QUESTIONS; i++) {
		key.proto = i % 2 ? 6 : 17;
		key.lport = (uint16_t)(1024 + i);
		known += diag_ask(fd, &key, &found);
	}
	printf("question %.1f us (%zu of %d known)\n",
	    us_each(begin, QUESTIONS), known, QUESTIONS);
	begin = clock_us(CLOCK_PROCESS_CPUTIME_ID);
	bool whole;
	for (int i = 0; i < DUMPS; i++)
		diag_dump(count, &sockets, &whole);
	printf("sockets %.2f ms (%zu)\n", us_each(begin, DUMPS) / 1000,
	    sockets / DUMPS);
	scan_init(&scan, "/proc");
	begin = clock_us(CLOCK_PROCESS_CPUTIME_ID);
	scan_run(&scan, true);
	printf("processes %.2f ms (%zu)\n", us_each(begin, 1) / 1000,
	    scan.count);
	begin = clock_us(CLOCK_PROCESS_CPUTIME_ID);
	for (int i = 0; i < SCANS; i++)
		scan_run(&scan, false);
	printf("again %.2f ms\n", us_each(begin, SCANS) / 1000);
	scan_done(&scan);
	return 0;
}
