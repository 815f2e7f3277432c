/* SPDX-License-Identifier: MIT
 *
 * Running another program for what it prints, from a thread that may wait.
 */
#ifndef PROCMAP_COMMAND_H
#define PROCMAP_COMMAND_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct command {
	const char *const *arguments;	/* the first is sought in PATH */
	int patience;			/* seconds for all of it */
	void (*line)(void *state, char *line, size_t len);
	void *state;
	_Atomic pid_t *pid;		/* set while it runs; may be null */
	int64_t *spent;			/* us of its processor time are added;
					 * may be null */
};

enum command_end {
	COMMAND_EXITED,		/* *status is its exit status */
	COMMAND_KILLED,		/* *status is the signal */
	COMMAND_SLOW,		/* patience ended; it was killed */
	COMMAND_MISSING,	/* there is no such program */
	COMMAND_FAILED,		/* it could not be started: errno */
};

/* Its standard input and errors are /dev/null.  It dies with us. */
enum command_end command_run(const struct command *, int *status);

#endif
