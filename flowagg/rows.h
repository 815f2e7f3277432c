/* SPDX-License-Identifier: MIT
 *
 * Many rows of a report, formatted by as many threads as there are
 * processors and put out in their order.
 */
#ifndef FLOWAGG_ROWS_H
#define FLOWAGG_ROWS_H

#include <stddef.h>

#include "flowagg/report.h"

/* Append row `i` to a buffer; called by several threads at once. */
typedef void add_row(struct buf *, const struct aggregate *,
    const struct figures *, size_t i);

/* Append all rows of the aggregate's rank to the sink, `between` two of them
 * (one character; '\0': nothing), draining it on the way. */
void rows_add(const struct aggregate *, const struct figures *,
    struct report_sink *, add_row *, char between);

#endif
