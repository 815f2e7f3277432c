/* SPDX-License-Identifier: MIT
 *
 * The filter's loop: snapshots from standard input to standard output,
 * while questions, answers and commands go on beside.
 */
#ifndef NAMEMAP_FILTER_H
#define NAMEMAP_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "namemap/lookups.h"

struct filter_config {
	struct lookups_config lookups;
	bool services;			/* give service names */
	bool show_own;			/* leave our own flows in place */
	uint64_t wait;			/* ms to hold a snapshot for names */
	const char *services_file;
	const char *control;		/* FIFO; null: none */
};

/* Run until the input ends, the reader leaves, or a signal asks; returns
 * the exit status. */
int filter_run(const struct filter_config *);

#endif
