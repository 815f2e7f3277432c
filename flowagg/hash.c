/* SPDX-License-Identifier: MIT
 *
 * The hash's secret.
 */
#include "flowagg/hash.h"

#include <err.h>
#include <stdlib.h>
#include <unistd.h>

void
hash_init(struct hash *h)
{
	/* Not from /dev/urandom: in a new root there may be none. */
	if (getentropy(h->k, sizeof(h->k)) == -1)
		err(EXIT_FAILURE, "no random numbers");
}
