/* SPDX-License-Identifier: MIT
 *
 * Who the keeper becomes.  Used by privilege_*.c alone.
 */
#ifndef CAPD_IDENTITY_H
#define CAPD_IDENTITY_H

#include <stdbool.h>

/* From root to the user behind sudo or doas, else to nobody unless
 * `stay_root`.  Not root: nothing to do.  False with errno and *what. */
bool identity_become(bool stay_root, const char **what);

#endif
