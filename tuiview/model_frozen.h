/* SPDX-License-Identifier: MIT
 *
 * The places that rows have while the order is frozen, whether they are
 * shown now or not.  One table has those of all views, since keys tell the
 * view, too.  Used by model_order.c alone, which bounds it.
 */
#ifndef TUIVIEW_MODEL_FROZEN_H
#define TUIVIEW_MODEL_FROZEN_H

#include <stddef.h>
#include <stdint.h>

struct frozen {
	struct frozen_row { uint64_t key, place; } *slots;
	size_t slot_count, count;
};

/* The place of a row, from 1 on; 0: it has none. */
uint64_t frozen_find(const struct frozen *, uint64_t key);

/* Give it one. */
void frozen_put(struct frozen *, uint64_t key, uint64_t place);

/* Forget all. */
void frozen_done(struct frozen *);

#endif
