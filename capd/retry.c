/* SPDX-License-Identifier: MIT
 *
 * Exponential backoff that only forgets once things really work.
 */
#include "capd/retry.h"

#include <stdio.h>

void
retry_init(struct retry *r)
{
	*r = (struct retry){ .delay = RETRY_FIRST };
}

uint32_t
retry_failed(struct retry *r, uint64_t now)
{
	if (r->up_since != 0 && now - r->up_since >= RETRY_SETTLED)
		r->delay = RETRY_FIRST;
	r->up_since = 0;
	uint32_t delay = r->delay;
	r->delay = delay > RETRY_LONGEST / 2 ? RETRY_LONGEST : delay * 2;
	return delay;
}

void
retry_working(struct retry *r, uint64_t now)
{
	if (r->up_since == 0)
		r->up_since = now;
}

void
retry_format(uint64_t now, uint64_t at, char text[RETRY_TEXT])
{
	uint64_t left = at > now ? at - now - 1 : 0;
	unsigned ms = (unsigned)(left / RETRY_FIRST + 1) * RETRY_FIRST;
	if (ms < 1000)
		snprintf(text, RETRY_TEXT, "%u ms", ms);
	else
		snprintf(text, RETRY_TEXT, "%u s", ms / 1000);
}
