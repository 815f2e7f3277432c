/* SPDX-License-Identifier: MIT
 *
 * Systems without sock_diag.
 */
#include "procmap/diag.h"

#include <errno.h>

int
diag_open(void)
{
	errno = ENOTSUP;
	return -1;
}

bool
diag_ask(int fd, const struct sock_key *k, struct diag_socket *s)
{
	(void)fd;
	(void)k;
	(void)s;
	return false;
}

bool
diag_tells(uint8_t proto)
{
	(void)proto;
	errno = ENOTSUP;
	return false;
}

bool
diag_dump(void (*found)(void *, const struct diag_socket *),
    void *state, bool *whole)
{
	(void)found;
	(void)state;
	(void)whole;
	errno = ENOTSUP;
	return false;
}
