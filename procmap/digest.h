/* SPDX-License-Identifier: MIT
 *
 * MD5 (RFC 1321), which package databases list, and SHA-256 (FIPS 180-4).
 */
#ifndef PROCMAP_DIGEST_H
#define PROCMAP_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MD5_TEXT = 33, SHA256_TEXT = 65 };

struct digest {
	uint32_t md5[4], sha256[8];
	uint64_t len;
	uint8_t block[64];
};

void digest_init(struct digest *);
void digest_add(struct digest *, const void *bytes, size_t len);

/* Both as lower-case hexadecimal digits. */
void digest_done(struct digest *, char md5[MD5_TEXT],
    char sha256[SHA256_TEXT]);

/* Of a whole file.  False with errno. */
bool digest_file(const char *path, char md5[MD5_TEXT],
    char sha256[SHA256_TEXT]);

#endif
