/* SPDX-License-Identifier: MIT
 *
 * The hash's secret.
 */
#include "flowagg/hash.h"

#include <err.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

void
hash_init(struct hash *h)
{
	int fd = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	if (fd == -1 || read(fd, h->k, sizeof(h->k)) != sizeof(h->k))
		err(EXIT_FAILURE, "/dev/urandom");
	close(fd);
}
