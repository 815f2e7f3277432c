/* SPDX-License-Identifier: MIT
 *
 * Giving up privilege before the first byte of input is looked at.
 */
#ifndef PROCMAP_PRIVILEGE_H
#define PROCMAP_PRIVILEGE_H

#include <stdbool.h>

/* Become the user behind sudo or doas, and keep no capability; with
 * `keep_reading`, keep those two (where we have them) that let other users'
 * /proc/PID/fd and exe be read, and hand them to a child such as lsof.
 * Started as root itself, without `keep_reading`, become nobody.  Call it
 * before any thread is started.  False with errno when it failed. */
bool privilege_drop(bool keep_reading);

/* For the child that asks connection tracking: all but CAP_NET_ADMIN. */
bool privilege_is_net_admin(void);
bool privilege_drop_to_net_admin(void);

/* May we look into the processes of all users? */
bool privilege_sees_all(void);

#endif
