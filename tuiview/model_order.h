/* SPDX-License-Identifier: MIT
 *
 * The order of rows: by the chosen column, then by the longer windows, then
 * by what the row is; pinned rows first.  No two rows are equal in it.
 *
 * Of 100,000 rows a screen shows fifty, so only what is asked for is
 * sorted: a quicksort that leaves alone the parts nobody looks at yet.
 * Used by model_rows.c alone.
 */
#ifndef TUIVIEW_MODEL_ORDER_H
#define TUIVIEW_MODEL_ORDER_H

#include "tuiview/model_rows.h"

/* Before a build that keeps the order: rows that the last one has shown get
 * their places, which they have whenever they are shown again.  65,536 that
 * are not there now are remembered at least, of all views together. */
void order_keep(struct rows *);

/* Start afresh, for rows->how; then add the rows to be shown, by number.
 * `frozen` arranges those that order_keep() knew as they were, and new ones
 * behind; without it, places are forgotten. */
void order_begin(struct rows *, bool frozen);
void order_add(struct rows *, uint32_t number);
void order_end(struct rows *);

/* The number of the row at a place. */
uint32_t order_at(const struct rows *, size_t place);

/* The place of a row; -1 when it is not shown. */
long order_place(const struct rows *, uint32_t number);

void order_done(struct rows *);

/* For model_rows.c and model_order.c: what a number stands for. */
const struct flow *rows_flow(const struct rows *, uint32_t number);
const struct figures *rows_figures(const struct rows *, uint32_t number);

#endif
