/* SPDX-License-Identifier: MIT
 *
 * Files of another system, such as a container's, by its own paths: the
 * symbolic links in it are its own, too.
 */
#ifndef PROCMAP_IN_ROOT_H
#define PROCMAP_IN_ROOT_H

/* As open(2); `root` is that system's directory, "" our own system.  Where the
 * kernel cannot do it (before Linux 5.6), absolute links lead to our files. */
int in_root_open(const char *root, const char *path, int flags);

#endif
