/* SPDX-License-Identifier: MIT
 *
 * A thread that polls the system now and then, so that no poll, however
 * slow, is ever waited for.
 */
#ifndef PROCMAP_POLLER_H
#define PROCMAP_POLLER_H

#include <stdbool.h>

#include "procmap/batch.h"

struct poller;

/* Fill the batch; runs in the thread.  False with batch->problem. */
typedef bool poller_take(void *state, struct batch *);

/* Start.  `interval` is in seconds; with `share` not 0 the pause is at least
 * `share` times the processor time of the last poll.  Null with errno. */
struct poller *poller_start(poller_take *, void *state, enum sock_via,
    double interval, unsigned share);

/* Readable when a batch is there. */
int poller_fd(const struct poller *);

/* The batch, now the caller's; null: none.  The next poll starts only after
 * this one was taken. */
struct batch *poller_get(struct poller *);

/* As poller_get(), but a batch that has more than `most` to merge stays. */
struct batch *poller_get_small(struct poller *, size_t most);

/* As poller_get(), waiting at most so many milliseconds. */
struct batch *poller_wait(struct poller *, int milliseconds);

/* Free a batch, in the thread: to give back much memory takes a while. */
void poller_free(struct poller *, struct batch *);

/* Poll soon, but not more often than every `gap` microseconds. */
void poller_hurry(struct poller *, int64_t gap);

void poller_pause(struct poller *, bool paused);

/* End the thread after the poll that it is at, and free all.  False when that
 * takes longer than so many milliseconds: then it still runs. */
bool poller_stop(struct poller *, int milliseconds);

#endif
