/* SPDX-License-Identifier: MIT
 *
 * Settings of a live capture: copying them.
 */
#include "capd/settings.h"

#include <stdlib.h>

#include "lib/xalloc.h"

void
settings_copy(struct settings *to, const struct settings *from)
{
	char *filter = xstrdup(from->filter);
	free(to->filter);
	*to = *from;
	to->filter = filter;
}
