/* SPDX-License-Identifier: MIT
 *
 * MD5 (RFC 1321), which package databases list, and SHA-256 (FIPS 180-4).
 */
#ifndef PROCMAP_DIGEST_H
#define PROCMAP_DIGEST_H

#include <stdbool.h>

enum { MD5_TEXT = 33, SHA256_TEXT = 65 };

/* Both of a whole file, as lower-case hexadecimal digits.  False with errno
 * when it cannot be read.  The descriptor stays open. */
bool digest_fd(int fd, char md5[MD5_TEXT], char sha256[SHA256_TEXT]);
bool digest_file(const char *path, char md5[MD5_TEXT],
    char sha256[SHA256_TEXT]);

#endif
