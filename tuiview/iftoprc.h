/* SPDX-License-Identifier: MIT
 *
 * The settings of classic iftop, ~/.iftoprc, taken over on request.
 */
#ifndef TUIVIEW_IFTOPRC_H
#define TUIVIEW_IFTOPRC_H

#include <stdbool.h>
#include <stdio.h>

#include "tuiview/prefs.h"

/* Set (not yet save) what has its like here, and tell on `report`, a line
 * each, what became of every key.  `path` empty: .iftoprc in HOME.  False with
 * a message in *why, the caller's to free, when it cannot be read. */
bool iftoprc_import(struct prefs *, const char *path, FILE *report,
    char **why);

#endif
