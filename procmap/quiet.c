/* SPDX-License-Identifier: MIT
 *
 * What Linux tells of processes in one line.
 */
#include "procmap/quiet.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* "0.08 0.03 0.01 2/345 6789": two of 345 threads run, 6789 was the last pid
 * given; from the slash on.  False when that cannot be read. */
static bool
read_state(const char *path, char state[64])
{
	char text[128];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd == -1)
		return false;
	ssize_t n = read(fd, text, sizeof(text) - 1);
	close(fd);
	if (n <= 0)
		return false;
	text[n] = '\0';
	const char *slash = strchr(text, '/');
	if (slash == NULL || strlen(slash) >= 64)
		return false;
	strcpy(state, slash);
	return true;
}

bool
quiet_is(struct quiet *q, int64_t now)
{
	enum { TURNS = 2 };
	char state[64];
	if (!read_state(q->path != NULL ? q->path : "/proc/loadavg", state)) {
		q->turns = 0;
		return false;
	}
	if (strcmp(state, q->last) != 0)
		q->turns = 0;
	else if (q->turns < TURNS)
		q->turns++;
	strcpy(q->last, state);
	return q->turns == TURNS &&
	    now - q->looked < QUIET_LONGEST * INT64_C(1000000);
}

void
quiet_looks(struct quiet *q, int64_t now)
{
	q->looked = now;
}
