/* SPDX-License-Identifier: MIT
 *
 * What the reading of a snapshot and of its flows share.  Used by
 * model_parse.c and model_parse_flows.c alone.
 */
#ifndef TUIVIEW_MODEL_PARSE_H
#define TUIVIEW_MODEL_PARSE_H

#include "tuiview/model_flows.h"

/* Read an array of flows into ->list and ->samples. */
void parse_flows(struct flows *, const struct json *, uint32_t array);

/* A number from 0 to max, whatever is there: the nearest, 0 for none. */
uint64_t parse_unsigned(const struct json *, uint32_t node, uint64_t max);

/* A text in the snapshot's memory, cleaned; "" when it is none. */
const char *parse_text(struct flows *, const struct json *, uint32_t node);

#endif
