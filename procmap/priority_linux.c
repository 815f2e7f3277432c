/* SPDX-License-Identifier: MIT
 *
 * sched_setattr(2), which needs no privilege for this.  Where the kernel
 * does not know or allow it, all go on as they are.
 */
#include "procmap/priority.h"

#include <sched.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { NICE = 10, NICEST = 19 };
enum { SHORT = 100000 };	/* ns */

/* As in the kernel's linux/sched/types.h, which is not in every libc. */
struct attributes {
	uint32_t size, policy;
	uint64_t flags;
	int32_t nice;
	uint32_t priority;
	uint64_t runtime, deadline, period;
};

static void
set(uint32_t policy, int nice, uint64_t slice)
{
	struct attributes a = { .size = sizeof(a), .policy = policy,
		.nice = nice, .runtime = slice };
	syscall(SYS_sched_setattr, 0, &a, 0);
}

/* Since Linux 6.12 a thread may ask for short slices, and so preempts those
 * with longer ones when it wakes; before, the value is not looked at. */
void
priority_prompt(void)
{
	int policy = sched_getscheduler(0);
	if (policy == SCHED_OTHER)
		set(SCHED_OTHER, getpriority(PRIO_PROCESS, 0), SHORT);
}

void
priority_background(void)
{
	int policy = sched_getscheduler(0);
	int nice = getpriority(PRIO_PROCESS, 0) + NICE;
	if (policy == SCHED_OTHER || policy == SCHED_BATCH)
		set(SCHED_BATCH, nice < NICEST ? nice : NICEST, 0);
}
