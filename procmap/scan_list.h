/* SPDX-License-Identifier: MIT
 *
 * The sockets that a process holds: for scan_linux.c, which walks.
 */
#ifndef PROCMAP_SCAN_LIST_H
#define PROCMAP_SCAN_LIST_H

#include <stdbool.h>

#include "procmap/scan.h"

/* Fill in the inodes of its sockets.  `proc` is the directory /proc.  With
 * `all`, those too that none of its first thread's descriptors is of: it takes
 * a look at each of its threads. */
void scan_list_sockets(int proc, struct scan_process *, bool all);

#endif
