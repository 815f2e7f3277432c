/* SPDX-License-Identifier: MIT
 *
 * A user's name that could not be told the first time.
 *
 * uses: procmap/users.c procmap/errands.c procmap/text.c procmap/socket.c
 */
#include <errno.h>
#include <pwd.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "procmap/priority.h"
#include "procmap/users.h"

enum { TROUBLED = 2000000001, UNKNOWN, LAST };	/* in no /etc/passwd */

static int64_t later;		/* seconds that have passed at once */
static atomic_int questions;	/* about the first two */

/* In place of the system's. */
int
clock_gettime(clockid_t id, struct timespec *t)
{
	int result = (int)syscall(SYS_clock_gettime, id, t);
	t->tv_sec += later;
	return result;
}

int
getpwuid_r(uid_t uid, struct passwd *p, char *text, size_t size,
    struct passwd **found)
{
	static char name[] = "somebody";
	static int trouble = 1;
	(void)text;
	(void)size;
	*found = NULL;
	if (uid != LAST)
		atomic_fetch_add(&questions, 1);
	if (uid == UNKNOWN)
		return 0;
	if (uid == TROUBLED && trouble-- > 0)
		return EIO;
	p->pw_name = name;
	*found = p;
	return 0;
}

void
priority_background(void)
{
}

/* What was asked for before is answered when this one is. */
static bool
becomes_known(struct users *u, uint32_t uid)
{
	for (int tries = 0; tries < 1000; tries++) {
		if (strcmp(users_name(u, uid), "somebody") == 0)
			return true;
		usleep(10000);
	}
	printf("%u does not become known\n", uid);
	return false;
}

int
main(void)
{
	struct users *u = users_new();
	users_name(u, TROUBLED);
	users_name(u, UNKNOWN);
	if (!becomes_known(u, LAST))
		return EXIT_FAILURE;
	users_name(u, TROUBLED);
	users_name(u, UNKNOWN);
	later = 16;
	users_name(u, UNKNOWN);
	if (!becomes_known(u, TROUBLED))
		return EXIT_FAILURE;
	if (atomic_load(&questions) != 3) {
		printf("%d questions, not 3\n", atomic_load(&questions));
		return EXIT_FAILURE;
	}
	return users_stop(u, 10000) ? EXIT_SUCCESS : EXIT_FAILURE;
}
