/* SPDX-License-Identifier: MIT
 *
 * Asked to stop: SIGINT, SIGTERM and SIGHUP, of which none is missed where
 * there is nothing else to wake us.
 */
#ifndef FLOWAGG_STOP_H
#define FLOWAGG_STOP_H

#include <poll.h>
#include <stdbool.h>

/* From here on; but for those that whoever started us wants ignored. */
void stop_catch(void);

/* Did one come? */
bool stop_asked(void);

/* poll(2) without an end, for the only thread that takes signals: -1 with
 * EINTR also when one came before. */
int stop_poll(struct pollfd *, nfds_t count);

#endif
