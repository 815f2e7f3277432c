/* SPDX-License-Identifier: MIT
 *
 * The memory of a snapshot's texts.  Used by model_flows.c alone.
 */
#ifndef TUIVIEW_MODEL_TEXTS_H
#define TUIVIEW_MODEL_TEXTS_H

#include "tuiview/model_flows.h"

/* Forget all texts, keep the memory; and give it back. */
void texts_reset(struct texts *);
void texts_done(struct texts *);

#endif
