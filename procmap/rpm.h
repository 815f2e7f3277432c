/* SPDX-License-Identifier: MIT
 *
 * rpm's database has no format to rely on, so the program is asked.
 */
#ifndef PROCMAP_RPM_H
#define PROCMAP_RPM_H

#include <stdbool.h>
#include <stddef.h>

#include "procmap/packages.h"

/* False when there is no rpm database below `root`, or no rpm. */
bool rpm_find(const char *root, const char *path, struct package *);

/* One line of its answer: the name first, then "path TAB digest". */
void rpm_line(const char *line, size_t len, const char *path,
    struct package *);

#endif
