/* SPDX-License-Identifier: MIT
 *
 * The FIFO of --control, for a live capture as for a file.
 */
#ifndef CAPD_FIFO_H
#define CAPD_FIFO_H

#include <stdbool.h>

#include "lib/control.h"

/* Open it, made where it is not there; `path` is null when none was asked
 * for.  False after a message. */
bool fifo_open(struct control *, const char *path);

#endif
