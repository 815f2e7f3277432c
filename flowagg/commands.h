/* SPDX-License-Identifier: MIT
 *
 * Control commands of flowagg, and the option values they share with the
 * command line.
 */
#ifndef FLOWAGG_COMMANDS_H
#define FLOWAGG_COMMANDS_H

#include <stdbool.h>

#include "flowagg/aggregate.h"

/* Seconds from 0.2 to 3600, in ns. */
bool commands_interval(const char *text, uint64_t *ns);

/* Carry out one command; its result is an event in the next snapshot. */
void commands_run(struct aggregate *, const char *word, const char *argument);

#endif
