/* SPDX-License-Identifier: MIT
 *
 * A copy of a container's rpm database.  SQLite follows each symbolic link of
 * a path by its text, and that of /proc/PID/root is "/": asked for the files
 * behind it, rpm would open our own.
 */
#ifndef PROCMAP_RPM_COPY_H
#define PROCMAP_RPM_COPY_H

#include <stdbool.h>
#include <stddef.h>

enum { RPM_COPY_MAX = 256 << 20 };	/* bytes; a larger one is left */

/* Copy all files of a directory of the system below `root` to a new one in
 * $TMPDIR, whose path is put into `copy`.  False: it could not be done, and
 * there is none. */
bool rpm_copy_make(const char *root, const char *directory, char *copy,
    size_t size);

void rpm_copy_remove(const char *copy);

#endif
