/* SPDX-License-Identifier: MIT
 *
 * On Linux each thread has a nice value of its own.
 */
#include "procmap/priority.h"

#include <sched.h>
#include <sys/resource.h>

enum { NICE = 10, NICEST = 19 };

/* A batch thread does not interrupt another one when it wakes. */
void
priority_background(void)
{
	struct sched_param none = { 0 };
	int nice = getpriority(PRIO_PROCESS, 0) + NICE;
	if (sched_getscheduler(0) == SCHED_OTHER)
		sched_setscheduler(0, SCHED_BATCH, &none);
	setpriority(PRIO_PROCESS, 0, nice < NICEST ? nice : NICEST);
}
