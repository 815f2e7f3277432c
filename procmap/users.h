/* SPDX-License-Identifier: MIT
 *
 * User names by uid.  Those in /etc/passwd are known at once; others
 * (LDAP and the like) are asked for in a thread and known later; again only
 * where nobody could tell.  At most USERS_MAX, then the rest stays without a
 * name.
 */
#ifndef PROCMAP_USERS_H
#define PROCMAP_USERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { USERS_MAX = 4096, USER_NAME = 64 };

struct users;

struct users *users_new(void);

/* False when its thread does not end within so many milliseconds. */
bool users_stop(struct users *, int milliseconds);

/* "" while it is not known; valid as long as the program runs. */
const char *users_name(struct users *, uint32_t uid);

#endif
