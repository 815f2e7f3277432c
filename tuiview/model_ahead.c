/* SPDX-License-Identifier: MIT
 *
 * Flows are read in pieces.  What else there is in a line is little, and
 * some of it stands behind them.
 */
#include "tuiview/model_ahead.h"

#include <stdlib.h>

#include "lib/xalloc.h"
#include "tuiview/model_parse.h"

enum { PIECE = 64 * 1024 };

struct ahead {
	struct json json;
	uint64_t number;	/* of the line */
	size_t enough;		/* from so many bytes on, more is read */
	struct flows *flows;	/* read so far; null: none */
	struct reading *reading;
	uint32_t last;		/* the element of the last of them */
};

struct ahead *
ahead_new(void)
{
	return xcalloc(1, sizeof(struct ahead));
}

static void
drop(struct ahead *a)
{
	flows_free(a->flows);
	reading_free(a->reading);
	a->flows = NULL;
	a->reading = NULL;
}

void
ahead_free(struct ahead *a)
{
	drop(a);
	json_done(&a->json);
	free(a);
}

static void
begin(struct ahead *a, uint64_t number)
{
	drop(a);
	json_begin(&a->json);
	a->json.skips_numbers = true;	/* as flows_parse() has it */
	a->number = number;
	a->enough = PIECE;
	a->last = JSON_NONE;
}

/* Is this array, which is open, of a snapshot's flows? */
static bool
is_flows(const struct json *j, uint32_t array)
{
	const char *error;
	return array != JSON_NONE && json_get(j, 0, "flows") == array &&
	    parse_is_snapshot(j, &error);
}

void
ahead_read(struct ahead *a, uint64_t number, const char *line, size_t len)
{
	if (a->number != number)
		begin(a, number);
	if (len < a->enough)
		return;
	uint32_t array = json_more(&a->json, line, len);
	/* Where nothing comes of it, it is not tried often. */
	a->enough = len + (array != JSON_NONE ? PIECE : len);
	if (!is_flows(&a->json, array))
		return;
	if (a->flows == NULL) {
		a->flows = flows_new();
		a->reading = reading_new(a->flows);
	}
	reading_flows(a->reading, &a->json, array, a->last);
	a->last = json_forget(&a->json);
}

struct flows *
ahead_parse(struct ahead *a, uint64_t number, const char *line, size_t len,
    const char **error)
{
	const struct json *j = &a->json;
	bool known = a->number == number && a->flows != NULL &&
	    json_end(&a->json, line, len);
	struct flows *f = a->flows;
	if (known) {
		reading_flows(a->reading, j, json_get(j, 0, "flows"),
		    a->last);
		parse_rest(f, j);
		a->flows = NULL;
	}
	drop(a);
	a->number = 0;
	return known ? f : flows_parse(&a->json, line, len, error);
}
