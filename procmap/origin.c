/* SPDX-License-Identifier: MIT
 *
 * Where and when a snapshot was captured.
 */
#include "procmap/origin.h"

#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

void
origin_init(struct origin *o)
{
	if (gethostname(o->host, sizeof(o->host) - 1) == -1)
		o->host[0] = '\0';
}

/* Are these the names of one host? */
static bool
same_host(const char *a, const char *b)
{
	size_t la = strcspn(a, "."), lb = strcspn(b, ".");
	if (a[la] == '\0' || b[lb] == '\0')	/* one has no domain */
		return la == lb && strncasecmp(a, b, la) == 0;
	return strcasecmp(a, b) == 0;
}

enum match_why
origin_judge(const struct origin *o, const struct snapshot *s)
{
	char host[256];
	if (!s->live)
		return WHY_REPLAY;
	if (json_read_text(&s->json, json_get(&s->json, 0, "host"), host,
	    sizeof(host)) && host[0] != '\0' && o->host[0] != '\0' &&
	    !same_host(host, o->host))
		return WHY_REMOTE;
	double age = (double)time(NULL) - (double)s->ts / 1000;
	double old = s->interval * 3 > ORIGIN_OLD ? s->interval * 3 :
	    ORIGIN_OLD;
	return age > old || age < -old ? WHY_REPLAY : WHY_NONE;
}
