/* SPDX-License-Identifier: MIT
 *
 * Memory that is there or the program ends: on failure each function
 * prints a message and exits with status 1, so no caller handles it.
 */
#ifndef LIB_XALLOC_H
#define LIB_XALLOC_H

#include <stddef.h>

/* Like malloc(3) and calloc(3).  The caller owns the result; free(3) it. */
void *xmalloc(size_t size);
void *xcalloc(size_t count, size_t size);

/* Like reallocarray(3): count * size bytes, overflow is a failure. */
void *xreallocarray(void *old, size_t count, size_t size);

/* A copy of the string that the caller owns. */
char *xstrdup(const char *text);

/* printf(3) into fresh memory that the caller owns. */
char *xasprintf(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

#endif
