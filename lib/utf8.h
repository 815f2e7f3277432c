/* SPDX-License-Identifier: MIT
 *
 * UTF-8 (RFC 3629): how long is the character here, which one is it; texts of
 * strangers.
 */
#ifndef LIB_UTF8_H
#define LIB_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the valid character at `text`, of which `len` bytes may be read;
 * 0 when there is none (bad, cut, overlong, surrogate, above U+10FFFF). */
size_t utf8_length(const char *text, size_t len);

/* The same, with the character in *c. */
size_t utf8_decode(const char *text, size_t len, uint32_t *c);

/* Write a character, up to U+10FFFF; returns 1 to 4 bytes. */
size_t utf8_encode(uint32_t c, char bytes[4]);

/* A control character of C0 or C1, which a terminal obeys? */
bool utf8_is_control(uint32_t c);

/* Copy at most `len` bytes up to a NUL as clean UTF-8 into `size` bytes: bad
 * bytes and characters that `is_bad` become '?'; cut at whole characters. */
void utf8_clean(char *to, size_t size, const char *from, size_t len,
    bool (*is_bad)(uint32_t c));

#endif
