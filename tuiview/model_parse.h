/* SPDX-License-Identifier: MIT
 *
 * What the reading of a snapshot, of its flows, and of those ahead share.
 * Used by model_parse.c, model_parse_flows.c and model_ahead.c alone.
 */
#ifndef TUIVIEW_MODEL_PARSE_H
#define TUIVIEW_MODEL_PARSE_H

#include "tuiview/model_flows.h"

/* Is it one that can be read?  As flows_parse() says. */
bool parse_is_snapshot(const struct json *, const char **error);

/* All but its flows. */
void parse_rest(struct flows *, const struct json *);

/* Flows that are read into ->list and ->samples, one behind the other; what
 * the last one had, others have, too. */
struct reading *reading_new(struct flows *);
void reading_free(struct reading *);

/* Those behind the element `last` of an array of them, or, when that is
 * JSON_NONE, all.  The text may have moved since. */
void reading_flows(struct reading *, const struct json *, uint32_t array,
    uint32_t last);

/* A number from 0 to max, whatever is there: the nearest, 0 for none. */
uint64_t parse_unsigned(const struct json *, uint32_t node, uint64_t max);

/* A text in the snapshot's memory, cleaned; "" when it is none. */
const char *parse_text(struct flows *, const struct json *, uint32_t node);

#endif
