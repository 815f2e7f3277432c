/* SPDX-License-Identifier: MIT
 *
 * The hosts file, hosts(5): the first name of each address.
 */
#ifndef NAMEMAP_HOSTS_H
#define NAMEMAP_HOSTS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/addr.h"

/* Names at `path`; a file that is not there has none.  At most 100,000
 * addresses are read. */
struct hosts *hosts_new(const char *path);
void hosts_free(struct hosts *);

/* The name, good until the next hosts_refresh(), or null. */
const char *hosts_find(const struct hosts *, const struct addr *);

/* Read the file again if it has changed; did it? */
bool hosts_refresh(struct hosts *);

#endif
