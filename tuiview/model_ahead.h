/* SPDX-License-Identifier: MIT
 *
 * Snapshots read while their lines are still on their way, so that the flows
 * of a large one are known by the time that its last byte is there.
 */
#ifndef TUIVIEW_MODEL_AHEAD_H
#define TUIVIEW_MODEL_AHEAD_H

#include "tuiview/model_flows.h"

struct ahead;

struct ahead *ahead_new(void);
void ahead_free(struct ahead *);

/* So much of a line, by its number, is there: all of it, from its start.
 * Costs nothing as long as that is little more than before. */
void ahead_read(struct ahead *, uint64_t number, const char *line,
    size_t len);

/* The whole line, as flows_parse() reads it. */
struct flows *ahead_parse(struct ahead *, uint64_t number, const char *line,
    size_t len, const char **error);

#endif
