/* SPDX-License-Identifier: MIT
 *
 * A byte buffer that grows by doubling.
 */
#include "lib/buf.h"

#include <err.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"

void
buf_done(struct buf *b)
{
	free(b->data);
	*b = (struct buf){ 0 };
}

void
buf_reset(struct buf *b)
{
	b->len = 0;
}

char *
buf_reserve(struct buf *b, size_t more)
{
	if (more >= SIZE_MAX / 2 - b->len)
		errx(EXIT_FAILURE, "cannot allocate %zu bytes", more);
	size_t need = b->len + more + 1;
	if (need > b->size) {
		size_t size = b->size != 0 ? b->size : 256;
		while (size < need)
			size *= 2;
		b->data = xreallocarray(b->data, size, 1);
		b->size = size;
	}
	return b->data + b->len;
}

void
buf_add(struct buf *b, const void *bytes, size_t len)
{
	if (len == 0)
		return;
	memcpy(buf_reserve(b, len), bytes, len);
	b->len += len;
}

void
buf_add_text(struct buf *b, const char *text)
{
	buf_add(b, text, strlen(text));
}

void
buf_add_char(struct buf *b, char c)
{
	*buf_reserve(b, 1) = c;
	b->len++;
}

void
buf_printf(struct buf *b, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	int len = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (len < 0)
		err(EXIT_FAILURE, "cannot format a text");
	char *at = buf_reserve(b, (size_t)len);
	va_start(arguments, format);
	vsnprintf(at, (size_t)len + 1, format, arguments);
	va_end(arguments);
	b->len += (size_t)len;
}

void
buf_drop(struct buf *b, size_t len)
{
	if (len == 0)
		return;
	memmove(b->data, b->data + len, b->len - len);
	b->len -= len;
}

const char *
buf_text(struct buf *b)
{
	*buf_reserve(b, 0) = '\0';
	return b->data;
}
