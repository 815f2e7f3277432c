/* SPDX-License-Identifier: MIT
 *
 * Giving up privilege: the keeper all but the right to open a capture, the
 * capture child everything.
 */
#ifndef CAPD_PRIVILEGE_H
#define CAPD_PRIVILEGE_H

#include <stdbool.h>
#include <stddef.h>

/* For the keeper: become the user behind sudo or doas, or nobody when root
 * itself asked (`stay_root`: stay uid 0 then), and keep of all capabilities
 * the one to open a capture.  Nothing started later can gain any.  False
 * with errno and what failed in *what. */
bool privilege_keep_capture(bool stay_root, const char **what);

/* For the child: drop every capability, and prove that none comes back.
 * False with errno and what failed in *what. */
bool privilege_drop(const char **what);

/* Have this process killed when its parent ends, where that exists. */
void privilege_end_with_parent(void);

/* What a user without the right may do about it, a phrase that follows
 * "permission denied". */
const char *privilege_remedy(void);

#endif
