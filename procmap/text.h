/* SPDX-License-Identifier: MIT
 *
 * Names from outside made harmless, and facts drawn from /proc texts.  Pure
 * functions; every text is taken for hostile.
 */
#ifndef PROCMAP_TEXT_H
#define PROCMAP_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "procmap/socket.h"

/* Copy at most `len` bytes up to a NUL as clean UTF-8 into `size` bytes:
 * bad bytes, control characters and those that turn the writing direction
 * become '?'; cut at whole characters. */
void text_clean(char *to, size_t size, const char *from, size_t len);

/* Undo lsof's and the kernel's \n, \t, \xHH, \ooo and \\ in place. */
size_t text_unescape(char *text, size_t len);

/* /proc/PID/stat: parent, flags, start time in ticks; the name between the
 * first ( and the last ). */
struct stat_text {
	uint32_t pid, ppid;
	uint64_t flags, start;
	char comm[PROC_NAME];
};
bool text_stat(const char *text, size_t len, struct stat_text *);

/* The effective uid in /proc/PID/status; -1 when there is none. */
int64_t text_status_uid(const char *text, size_t len);

/* /proc/PID/cgroup: the path in the v2 hierarchy ("0::"), or in systemd's of
 * v1, or the first one that is not "/".  Returns its length, 0: none. */
size_t text_cgroup_path(const char *text, size_t len, char *path,
    size_t size);

/* The same text: is there a hierarchy of v1? */
bool text_has_cgroups_v1(const char *text, size_t len);

/* The same text: the unit, and the container.  Where there are hierarchies of
 * both versions (systemd's "hybrid"), a container may be in those of v1 only. */
void text_cgroup(const char *text, size_t len, char unit[PROC_UNIT],
    char container[PROC_UNIT]);

/* A cgroup path: the innermost unit (a.service, b.scope), or the container
 * (64 hexadecimal digits, or the name of an LXC or nspawn machine). */
void text_cgroup_unit(const char *path, char unit[PROC_UNIT],
    char container[PROC_UNIT]);

/* The name to show: comm, or the executable's where comm is a cut form of it
 * or says nothing ("exe", "MainThread"). */
void text_name(char name[PROC_NAME], const char *comm, const char *exe);

/* /proc/PID/exe's target: " (deleted)" is cut off, the rest cleaned.  Empty
 * when it does not fit: half a path is a wrong one. */
void text_exe(char exe[PROC_EXE], const char *target, size_t len);

/* Local addresses from /proc/PID/net/fib_trie and if_inet6: calls `found`
 * with each, as 16 bytes. */
void text_fib_trie(const char *text, size_t len,
    void (*found)(void *, const uint8_t bytes[16]), void *);
void text_if_inet6(const char *text, size_t len,
    void (*found)(void *, const uint8_t bytes[16]), void *);

#endif
