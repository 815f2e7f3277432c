/* SPDX-License-Identifier: MIT
 *
 * Bytes that grow at their end: text being built, a line being read.
 * `data` always has room for a terminating NUL, which buf_text() adds.
 */
#ifndef LIB_BUF_H
#define LIB_BUF_H

#include <stddef.h>

struct buf {
	char *data;	/* owned by the buffer */
	size_t len;
	size_t size;
};

/* Free the bytes; the buffer is empty and usable again. */
void buf_done(struct buf *);

/* Forget the content, keep the memory. */
void buf_reset(struct buf *);

/* Make room for `more` bytes and return where they go (buf->len is ours
 * to raise).  Exits when memory runs out. */
char *buf_reserve(struct buf *, size_t more);

void buf_add(struct buf *, const void *bytes, size_t len);
void buf_add_text(struct buf *, const char *text);
void buf_add_char(struct buf *, char c);
void buf_printf(struct buf *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Drop the first `len` bytes; the rest moves to the front. */
void buf_drop(struct buf *, size_t len);

/* The content as a NUL-terminated string, valid until the next change. */
const char *buf_text(struct buf *);

#endif
