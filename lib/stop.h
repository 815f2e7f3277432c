/* SPDX-License-Identifier: MIT
 *
 * Asked to stop: by SIGINT, SIGTERM or SIGHUP, but for those that whoever
 * started us wants ignored.  None is missed between a look at what came and
 * the wait for more.
 */
#ifndef LIB_STOP_H
#define LIB_STOP_H

#include <poll.h>
#include <signal.h>
#include <stdbool.h>

/* Note them from here on: one ends a write(2) that blocks. */
void stop_catch(void);

/* Did one come? */
bool stop_asked(void);

/* poll(2) without an end, for the only thread that takes signals: -1 with
 * EINTR also when one came before. */
int stop_poll(struct pollfd *, nfds_t count);

/* Or note them only in ppoll(2) with this *mask, so that what was begun is
 * finished: elsewhere they wait, in threads and children to come as well. */
void stop_hold(sigset_t *mask);

/* From here to the next stop_hold(), which gave the mask, there is nothing to
 * finish: who asks ends the program at once, with success, however long a call
 * may block. */
void stop_at_once(const sigset_t *mask);

#endif
