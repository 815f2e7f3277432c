/* SPDX-License-Identifier: MIT
 *
 * From here on no system call but those that reading packets takes: any
 * other kills the process.  Where a system has no such thing, entering
 * succeeds and does nothing.
 */
#ifndef CAPD_SANDBOX_H
#define CAPD_SANDBOX_H

#include <stdbool.h>

/* The descriptors that a capture child may write to; -1: none. */
struct sandbox {
	int output;		/* the record stream */
	int files[2];		/* numbers that the file of -w may have */
	int keeper;		/* messages both ways */
	int netlink;		/* questions about counters */
};

/* For a live capture child, whose handles are open.  False with errno. */
bool sandbox_enter_live(const struct sandbox *);

/* For reading a capture file that is open: read, write, seek, wait, clocks,
 * an alarm, memory, exit.  False with errno. */
bool sandbox_enter_file(void);

#endif
