/* SPDX-License-Identifier: MIT
 *
 * The order of rows: by the chosen column, then by the longer windows, then
 * by what the row is.  Used by model_rows.c alone.
 */
#ifndef TUIVIEW_MODEL_ORDER_H
#define TUIVIEW_MODEL_ORDER_H

#include "tuiview/model_rows.h"

/* Mark the rows that are pinned. */
void order_pin(struct rows *, const struct rows_how *);

/* Sort, pinned rows first; or, frozen, keep the order of the last time, with
 * new rows at the end.  Remembers the order. */
void order_sort(struct rows *, const struct rows_how *, bool frozen);

/* Free what sorting holds. */
void order_done(struct rows *);

#endif
