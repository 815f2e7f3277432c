/* SPDX-License-Identifier: MIT
 *
 * Processes met so far, living or not, by (pid, start time).  A table of
 * fixed size: at its bound a new process takes the place of the one that has
 * not been asked for longest among 64 looked at, and ids of that one are
 * answered with null from then on, never with another process.
 */
#ifndef PROCMAP_PROCESSES_H
#define PROCMAP_PROCESSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "procmap/socket.h"

enum { PROCESSES_MAX = 65536 };

struct process {
	uint32_t id;		/* never reused; 0: slot is free */
	uint32_t pid;		/* 0: the kernel or unknown */
	uint64_t start;		/* clock ticks since boot; 0: unknown */
	uint32_t within;	/* ns within that tick */
	int64_t uid;		/* -1: unknown */
	const char *name, *user, *exe, *unit, *container; /* never null */
	uint32_t next;		/* slot + 1 in the hash chain */
	uint32_t used;		/* the clock of processes_age() */
};

struct processes;

struct processes *processes_new(void);
void processes_free(struct processes *);

/* Remember a process, or what is new about it: empty texts and -1 leave an
 * older value as it is.  Returns its id, never 0. */
uint32_t processes_add(struct processes *, const struct proc_info *);

/* The id of (pid, start, within), 0 when it is not known.  A start of 0 finds
 * only what was added without one. */
uint32_t processes_find(const struct processes *, uint32_t pid,
    uint64_t start, uint32_t within);

/* Null when the table has forgotten it; valid until the next
 * processes_add(). */
const struct process *processes_get(struct processes *, uint32_t id);

/* A tick of the clock that tells which were asked for lately. */
void processes_age(struct processes *);

#endif
