/* SPDX-License-Identifier: MIT
 *
 * The interfaces of this machine, for the chooser: from capd -L --json,
 * asked without waiting.
 */
#ifndef TUIVIEW_INTERFACES_H
#define TUIVIEW_INTERFACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/buf.h"

enum { INTERFACES = 512 };

struct interface {
	char name[64], kind[24], addresses[128];
	const char *state;	/* "up", "down", "no link" */
	int64_t rate;		/* bytes per second; -1: not known */
};

struct interfaces {
	struct interface list[INTERFACES];
	int count;
	bool asked;		/* a child is at work */
	char error[120];	/* why there is no list */
	/* Inner */
	pid_t pid;
	int fd;
	struct buf text;
	uint64_t counters[INTERFACES];	/* of the last look */
	uint64_t looked;
};

/* Start asking; the answer is read by _step(). */
void interfaces_ask(struct interfaces *);

/* Read what is there; true once the answer is complete (or failed).  `now`
 * in ms. */
bool interfaces_step(struct interfaces *, uint64_t now);

/* Once a second at most: what passed since the last time.  True when there
 * are rates of a new second. */
bool interfaces_look(struct interfaces *, uint64_t now);

void interfaces_done(struct interfaces *);

#endif
