/* SPDX-License-Identifier: MIT
 *
 * Putting a new file in the place of an old one, so that neither a reader
 * nor a power cut finds half of it, and without writing through a symbolic
 * link that somebody else made.
 */
#ifndef TUIVIEW_REPLACE_H
#define TUIVIEW_REPLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* Where writing to `path` goes: the path itself, or the target of a link
 * when link and target are the user's own, and the target lies in the
 * directory `within` (null: anywhere).  The caller frees it.  Null with a
 * message in *why, the caller's to free, when it may not be written. */
char *replace_target(const char *path, const char *within, char **why);

/* Write the bytes to a new file beside `target`, fsync(2) it and rename(2) it
 * over the target, whose owner and mode stay; `mode` is for a new one.  False
 * with a message in *why; the old file is untouched then. */
bool replace_file(const char *target, const void *bytes, size_t len,
    mode_t mode, char **why);

/* Lock the directory of a file against others who replace files in it,
 * waiting at most `ms`.  A descriptor to close(2), or -1 with errno. */
int replace_lock(const char *target, int ms);

#endif
