/* SPDX-License-Identifier: MIT
 *
 * Where there are no capabilities, the right to capture is that to open a
 * device: the keeper needs it as it is, and only the child can drop.
 */
#include <errno.h>
#include <unistd.h>

#include "capd/identity.h"
#include "capd/privilege.h"

bool
privilege_keep_capture(bool stay_root, const char **what)
{
	(void)stay_root;
	*what = "";
	return true;
}

bool
privilege_drop(const char **what)
{
	if (!identity_become(false, what))
		return false;
	*what = "be sure that privilege is gone";
	errno = EPERM;
	return geteuid() != 0 && setuid(0) == -1;
}

void
privilege_end_with_parent(void)
{
}

const char *
privilege_remedy(void)
{
	return "run it with sudo, or allow this user to read /dev/bpf*";
}
