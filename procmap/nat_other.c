/* SPDX-License-Identifier: MIT
 *
 * Systems without conntrack.
 */
#include "procmap/nat.h"

struct nat *
nat_start(void)
{
	return NULL;
}

void
nat_stop(struct nat *n)
{
	(void)n;
}

void
nat_begin(struct nat *n)
{
	(void)n;
}

void
nat_watch(struct nat *n)
{
	(void)n;
}

bool
nat_take(struct nat *n, int64_t budget)
{
	(void)n;
	(void)budget;
	return false;
}

enum nat_answer
nat_ask(struct nat *n, struct sock_key *key)
{
	(void)n;
	(void)key;
	return NAT_NONE;
}

enum nat_answer
nat_check(struct nat *n, struct sock_key *key, int64_t first)
{
	(void)n;
	(void)key;
	(void)first;
	return NAT_NONE;
}

uint64_t
nat_lost(const struct nat *n)
{
	(void)n;
	return 0;
}

size_t
nat_waiting(const struct nat *n)
{
	(void)n;
	return 0;
}

bool
nat_finish(struct nat *n, int64_t budget)
{
	(void)n;
	(void)budget;
	return false;
}
