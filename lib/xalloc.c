/* SPDX-License-Identifier: MIT
 *
 * Allocation that does not return on failure.
 */
#include "lib/xalloc.h"

#include <err.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *
xmalloc(size_t size)
{
	void *new = malloc(size != 0 ? size : 1);
	if (new == NULL)
		err(EXIT_FAILURE, "cannot allocate %zu bytes", size);
	return new;
}

void *
xcalloc(size_t count, size_t size)
{
	void *new = calloc(count != 0 ? count : 1, size != 0 ? size : 1);
	if (new == NULL)
		err(EXIT_FAILURE, "cannot allocate %zu x %zu bytes", count,
		    size);
	return new;
}

void *
xreallocarray(void *old, size_t count, size_t size)
{
	if (size != 0 && count > SIZE_MAX / size)
		errx(EXIT_FAILURE, "cannot allocate %zu x %zu bytes", count,
		    size);
	void *new = realloc(old, count * size != 0 ? count * size : 1);
	if (new == NULL)
		err(EXIT_FAILURE, "cannot allocate %zu x %zu bytes", count,
		    size);
	return new;
}

char *
xstrdup(const char *text)
{
	size_t size = strlen(text) + 1;
	return memcpy(xmalloc(size), text, size);
}

char *
xasprintf(const char *format, ...)
{
	char *text;
	va_list arguments;
	va_start(arguments, format);
	if (vasprintf(&text, format, arguments) == -1)
		err(EXIT_FAILURE, "cannot allocate a text");
	va_end(arguments);
	return text;
}
