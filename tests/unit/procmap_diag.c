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

#include "lib/protocol.h"
#include "procmap/diag.h"

enum { NO_PROTOCOL = 254 };	/* for experiments (RFC 3692) */

int
main(void)
{
	if (!diag_tells(PROTOCOL_TCP))
		return EXIT_SUCCESS;	/* nor of any other */
	if (diag_tells(NO_PROTOCOL) || errno != ENOENT) {
		printf("sockets of no protocol are told of\n");
		return EXIT_FAILURE;
	}
	return EXIT_SUCCESS;
}
