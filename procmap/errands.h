/* SPDX-License-Identifier: MIT
 *
 * A thread for what may take long: the giver never waits, not even for room.
 */
#ifndef PROCMAP_ERRANDS_H
#define PROCMAP_ERRANDS_H

#include <stdbool.h>

struct errands;

/* Start the thread: it calls `run` with one item after the other. */
struct errands *errands_new(void (*run)(void *item));

/* Pass an item on.  False: there is no thread, or it has more than enough to
 * do; try again later. */
bool errands_give(struct errands *, void *item);

/* End the thread after the item that it is at; what waits is left undone.
 * False when that takes longer than so many milliseconds: then it still
 * runs.  True: the errands are freed. */
bool errands_stop(struct errands *, int milliseconds);

#endif
