/* SPDX-License-Identifier: MIT
 *
 * Signals that ask the program to end: taken only where it waits, so that a
 * line that was begun is finished.
 */
#ifndef PROCMAP_SIGNALS_H
#define PROCMAP_SIGNALS_H

#include <signal.h>
#include <stdbool.h>

/* Hold them back, for threads to come as well; *mask is for ppoll(2), which
 * takes them. */
void signals_hold(sigset_t *mask);

/* Was it asked to end? */
bool signals_came(void);

/* From here to signals_hold_again() there is nothing to finish: who asks ends
 * the program at once, with success, however long a call may block. */
void signals_let_end(const sigset_t *mask);
void signals_hold_again(void);

#endif
