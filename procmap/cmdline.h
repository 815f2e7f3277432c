/* SPDX-License-Identifier: MIT
 *
 * Command lines, only for who asks for them: they may hold secrets.  They
 * stand in the memory of another process, which can keep a reader waiting,
 * so a thread reads them.  At most CMDLINES_MAX are remembered; a newer one
 * takes the place of one not asked for lately.
 */
#ifndef PROCMAP_CMDLINE_H
#define PROCMAP_CMDLINE_H

#include <stdbool.h>
#include <stdint.h>

enum { CMDLINE_SIZE = 1024, CMDLINES_MAX = 4096 };

struct cmdlines;

struct cmdlines *cmdlines_new(void);

/* False when its thread does not end within so many milliseconds. */
bool cmdlines_stop(struct cmdlines *, int milliseconds);

/* The arguments of the process, with blanks between, cleaned and cut; "" while
 * not known.  They stay when it is gone.  Valid until the next call. */
const char *cmdlines_get(struct cmdlines *, uint32_t pid, uint64_t start);

#endif
