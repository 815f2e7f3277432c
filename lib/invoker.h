/* SPDX-License-Identifier: MIT
 *
 * Under sudo or doas: who really asked.  Stages that need no privilege
 * become that user before they read anything.
 */
#ifndef LIB_INVOKER_H
#define LIB_INVOKER_H

#include <stdbool.h>
#include <sys/types.h>

struct invoker {
	uid_t uid;
	gid_t gid;
	char name[64];
	char home[256];
};

/* The user behind sudo (SUDO_UID) or doas (DOAS_USER) when we run as root;
 * false when we do not, or when root itself asked.  A number of sudo's that
 * no user has is that user, at home in "/". */
bool invoker_find(struct invoker *);

/* Become that user for good (groups, gid, uid) and set HOME, USER and
 * LOGNAME; nothing to do is success.  False with errno when it failed or
 * could be undone. */
bool invoker_become(void);

#endif
