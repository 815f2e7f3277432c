/* SPDX-License-Identifier: MIT
 *
 * Systems without Linux's /proc.  There is no sock_diag either, so nothing
 * is walked; lsof's processes stay as lsof tells of them.
 */
#include "procmap/scan.h"

#include <errno.h>

bool
scan_in_first_namespace(void)
{
	return true;
}

void
scan_init(struct scan *s, const char *root)
{
	*s = (struct scan){ .root = root };
}

void
scan_done(struct scan *s)
{
	(void)s;
}

bool
scan_run(struct scan *s, bool all)
{
	(void)s;
	(void)all;
	errno = ENOTSUP;
	return false;
}

void
scan_holders(struct scan *s, size_t most)
{
	(void)s;
	(void)most;
}

void
scan_identify(struct scan *s, struct scan_process *p)
{
	(void)s;
	(void)p;
}

bool
scan_read_process(const char *root, uint32_t pid, struct proc_info *info,
    uint64_t *cgroup)
{
	(void)root;
	(void)pid;
	(void)info;
	(void)cgroup;
	return false;
}
