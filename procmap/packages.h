/* SPDX-License-Identifier: MIT
 *
 * Which package owns a file: the databases of dpkg, apk and pacman are read
 * as text, rpm is asked.  Slow: for a thread.
 */
#ifndef PROCMAP_PACKAGES_H
#define PROCMAP_PACKAGES_H

#include <stdbool.h>
#include <stddef.h>

enum { PACKAGE_NAME = 128, PACKAGE_DIGEST = 130 };

struct package {
	char name[PACKAGE_NAME];	/* "": no package owns it */
	/* What the database says of the file: hexadecimal digits, of MD5 by
	 * their number 32, of SHA-256 by 64; "": nothing. */
	char digest[PACKAGE_DIGEST];
};

/* Find the owner of `path` in the system below `root` ("" for our own).
 * False when there is no package database that could be read. */
bool packages_find(const char *root, const char *path, struct package *);

/* Is it another form of the path, or the same: /bin/ls for /usr/bin/ls? */
bool packages_same_path(const char *path, const char *text, size_t len);

#endif
