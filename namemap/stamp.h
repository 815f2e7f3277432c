/* SPDX-License-Identifier: MIT
 *
 * Has a file changed since we looked last?
 */
#ifndef NAMEMAP_STAMP_H
#define NAMEMAP_STAMP_H

#include <stdbool.h>
#include <sys/stat.h>

struct stamp {
	struct stat st;		/* zero: no such file */
};

/* Note how the file is now; did it change? */
bool stamp_update(struct stamp *, const char *path);

#endif
