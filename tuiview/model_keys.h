/* SPDX-License-Identifier: MIT
 *
 * The keys that rows are known by.  rows_key() is declared in model_rows.h,
 * the rest is for the other parts of the model alone.
 */
#ifndef TUIVIEW_MODEL_KEYS_H
#define TUIVIEW_MODEL_KEYS_H

#include "tuiview/model_rows.h"

/* One more number into a hash; every bit of it counts. */
uint64_t keys_mix(uint64_t hash, uint64_t number);

/* Is every flow a row of its own in the Flows view? */
bool keys_keep_flows(const struct rows_how *);

/* Are flows of two protocols never one row there?  Rows without ports are
 * pairs of hosts, whatever they speak. */
bool keys_tell_protocols(const struct rows_how *);

#endif
