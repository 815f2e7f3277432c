/* SPDX-License-Identifier: MIT
 *
 * Command lines, only for who asks for them: they may hold secrets.
 */
#ifndef PROCMAP_CMDLINE_H
#define PROCMAP_CMDLINE_H

#include <stdint.h>

enum { CMDLINE_SIZE = 1024 };

/* The arguments of the process, with blanks between, cleaned and cut; ""
 * when it is gone or its pid is another one's by now. */
void cmdline_read(uint32_t pid, uint64_t start, char line[CMDLINE_SIZE]);

#endif
