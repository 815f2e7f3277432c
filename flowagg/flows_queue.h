/* SPDX-License-Identifier: MIT
 *
 * When flows leave: who has to wait how long, and who goes first.  Part of
 * flows, whose header has what others call.
 */
#ifndef FLOWAGG_FLOWS_QUEUE_H
#define FLOWAGG_FLOWS_QUEUE_H

#include "flowagg/flows.h"

/* Empty queues, for flows that are kept so many seconds. */
void flows_start_queues(struct flows *, uint32_t idle);

/* The flow waits from now on, as one that was not seen since. */
void flows_enqueue(struct flows *, uint32_t number, struct flow *);

/* The flow is gone: its number is given back once no queue has it any more,
 * at once, when its turn comes, or when there is no room any more. */
void flows_give_back(struct flows *, uint32_t number, struct flow *);

#endif
