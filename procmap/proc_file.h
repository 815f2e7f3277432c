/* SPDX-License-Identifier: MIT
 *
 * Files of a process, proc(5).
 */
#ifndef PROCMAP_PROC_FILE_H
#define PROCMAP_PROC_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The beginning of root/PID/file, at most size - 1 bytes, with a NUL behind
 * it; how many, 0 when it cannot be read. */
size_t proc_file_read(const char *root, uint32_t pid, const char *file,
    char *text, size_t size);

/* Does the process run that began then (in the ticks of its stat file)?  Its
 * PID may be another's by now. */
bool proc_is_running(uint32_t pid, uint64_t start);

#endif
