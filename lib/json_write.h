/* SPDX-License-Identifier: MIT
 *
 * JSON text (RFC 8259), appended to a buffer.  Commas come by themselves:
 * a member or element after anything but an opening bracket gets one.
 *
 *	json_open(b, '{'); json_member(b, "n"); json_unsigned(b, 7);
 *	json_member_text(b, "s", "x"); json_close(b, '}');  {"n":7,"s":"x"}
 */
#ifndef LIB_JSON_WRITE_H
#define LIB_JSON_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/buf.h"

/* '{' or '[', as a value in an array where the last byte asks for a comma. */
void json_open(struct buf *, char bracket);
void json_close(struct buf *, char bracket);

/* "name": with its comma; the name needs no escaping. */
void json_member(struct buf *, const char *name);

/* A comma unless this is the first element of its array. */
void json_element(struct buf *);

/* Values.  Text becomes valid UTF-8 without NUL: a byte that is not valid
 * becomes U+FFFD, control characters are escaped. */
void json_unsigned(struct buf *, uint64_t);
void json_signed(struct buf *, int64_t);
void json_bool(struct buf *, bool);
void json_text(struct buf *, const char *text, size_t len);

/* Thousandths as a decimal number: 998 is 0.998, 1000 is 1.000. */
void json_milli(struct buf *, uint64_t thousandths);

void json_member_unsigned(struct buf *, const char *name, uint64_t);
void json_member_bool(struct buf *, const char *name, bool);
void json_member_text(struct buf *, const char *name, const char *text);

#endif
