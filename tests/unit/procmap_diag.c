/* SPDX-License-Identifier: MIT
 *
 * Tables of sockets that the kernel does not have, or does not tell to their
 * end.
 *
 * uses: procmap/diag_linux.c procmap/socket.c
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/protocol.h"
#include "procmap/diag.h"

enum { NO_PROTOCOL = 254 };	/* for experiments (RFC 3692) */

enum { TABLE = 65536 };		/* who asks for a table has that room */

enum { OLD_TCP, UDP4, UDP6, NONE };	/* the questions, in their order */

static int asked, failing, error;	/* the last one; which fails, how */
static int failures;

/* These two are in place of the system's. */
ssize_t
sendto(int fd, const void *bytes, size_t len, int flags,
    const struct sockaddr *to, socklen_t size)
{
	asked++;
	return syscall(SYS_sendto, fd, bytes, len, flags, to, size);
}

ssize_t
recv(int fd, void *bytes, size_t len, int flags)
{
	if (asked == failing && len >= TABLE) {
		errno = error;
		return -1;
	}
	return syscall(SYS_recvfrom, fd, bytes, len, flags, NULL, NULL);
}

static void
found(void *state, const struct diag_socket *s)
{
	(void)state;
	(void)s;
}

static void
breaks_off(const char *what, int question, int how, bool is_whole)
{
	bool whole = !is_whole;
	asked = -1;
	failing = question;
	error = how;
	if (diag_dump(found, NULL, &whole) && whole == is_whole)
		return;
	printf("%s: it is %swhole\n", what, whole ? "" : "not ");
	failures++;
}

int
main(void)
{
	failing = NONE;
	if (!diag_tells(PROTOCOL_TCP))
		return EXIT_SUCCESS;	/* nor of any other */
	if (diag_tells(NO_PROTOCOL) || errno != ENOENT) {
		printf("sockets of no protocol are told of\n");
		failures++;
	}
	breaks_off("all is told", NONE, 0, true);
	breaks_off("TCP is asked for otherwise", OLD_TCP, ENOBUFS, true);
	breaks_off("no memory for UDP", UDP4, ENOBUFS, false);
	breaks_off("no descriptor for UDP", UDP6, EMFILE, false);
	breaks_off("there is no UDP", UDP6, ENOENT, true);
	return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
