/* SPDX-License-Identifier: MIT
 *
 * What a running namemap can be told.
 */
#ifndef NAMEMAP_COMMANDS_H
#define NAMEMAP_COMMANDS_H

#include "namemap/annotate.h"

/* Do one command; the result, or what was wrong with it, is an event in the
 * next snapshot.  `usual` is the level that "dns on" means; it follows
 * "dns full" and "dns global". */
void commands_run(struct annotator *, enum policy_level *usual,
    const char *word, const char *argument);

#endif
