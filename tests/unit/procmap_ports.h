/* SPDX-License-Identifier: MIT
 *
 * What tests of who has a port start from: a host, another one, processes
 * known by their PIDs alone, and who was seen where.
 */
#ifndef TESTS_PROCMAP_PORTS_H
#define TESTS_PROCMAP_PORTS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "procmap/match.h"

static int failures;
static struct owners *owners;
static struct processes *processes;
static struct addresses ours;
static struct match_env env;

static const uint8_t here[16] = { [10] = 0xff, [11] = 0xff, 192, 0, 2, 1 };
static const uint8_t there[16] = { [10] = 0xff, [11] = 0xff, 192, 0, 2, 9 };

static void
set_up(void)
{
	processes = processes_new();
	addresses_add(&ours, 0, here);
	env.addresses = &ours;
}

/* The status for main(). */
static int
tear_down(void)
{
	owners_free(owners);
	processes_free(processes);
	addresses_done(&ours);
	return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* Nobody has been seen yet. */
static void
begin(void)
{
	owners_free(owners);
	owners = owners_new(1024);
	env.owners = owners;
	env.ask = NULL;
}

static uint32_t
process(uint32_t pid)
{
	struct proc_info p = { .pid = pid, .start = 1, .name = "x" };
	return processes_add(processes, &p);
}

/* A poll shows these PIDs with a socket like this one; 0 ends the list. */
static inline void
poll_shows_like(const struct sighting *like, int64_t time,
    const uint32_t *pids)
{
	owners_poll_begin(owners, time);
	for (int adds = 0; adds < 2; adds++) {
		for (const uint32_t *pid = pids; *pid != 0; pid++) {
			struct sighting s = *like;
			s.process = process(*pid);
			if (adds)
				owners_poll_add(owners, &s, 1);
			else
				owners_poll_confirm(owners, &s, 1);
		}
	}
	owners_poll_end(owners, true);
}

/* Whose a flow between the two hosts is; 0: nobody's.  Its ports, protocol
 * and times are given. */
static inline uint32_t
owner_of(struct match_flow *f, struct match *m)
{
	memcpy(f->src, here, 16);
	memcpy(f->dst, there, 16);
	match_flow(&env, f, m);
	const struct process *p = processes_get(processes, m->process);
	return p != NULL ? p->pid : 0;
}

#endif
