/* SPDX-License-Identifier: MIT
 *
 * Systems without eBPF; and Linux, where it is built without.
 */
#include "procmap/bpf.h"

#include <stdio.h>

struct bpf *
bpf_open(char *problem, size_t size)
{
	snprintf(problem, size, "built without eBPF");
	return NULL;
}

int64_t
bpf_drain(struct bpf *b, struct owners *owners, struct processes *processes,
    int64_t budget)
{
	(void)b;
	(void)owners;
	(void)processes;
	(void)budget;
	return TIME_NEVER;
}

bool
bpf_busy(const struct bpf *b)
{
	(void)b;
	return false;
}

bool
bpf_take(void *b, struct batch *batch)
{
	(void)b;
	(void)batch;
	return false;
}

bool
bpf_new_netns(struct bpf *b)
{
	(void)b;
	return false;
}

uint64_t
bpf_lost(const struct bpf *b)
{
	(void)b;
	return 0;
}

const char *
bpf_limit(struct bpf *b, struct owners *owners, int64_t now)
{
	(void)b;
	(void)owners;
	(void)now;
	return NULL;
}

void
bpf_close(struct bpf *b)
{
	(void)b;
}
