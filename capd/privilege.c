/* SPDX-License-Identifier: MIT
 *
 * Privilege, as far as it is the same everywhere: who to become.
 */
#include "capd/privilege.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include "capd/identity.h"
#include "lib/invoker.h"

enum { NOBODY = 65534 };

/* Nobody may have no number here (a user namespace that maps only root):
 * then we stay what we are, which has no capability outside anyway. */
static bool
become_nobody(const char **what)
{
	const struct passwd *p = getpwnam("nobody");
	uid_t uid = p != NULL ? p->pw_uid : NOBODY;
	gid_t gid = p != NULL ? p->pw_gid : NOBODY;
	*what = "become nobody";
	if (setgroups(0, NULL) == -1 || setgid(gid) == -1)
		return errno == EINVAL || errno == EPERM;
	return setuid(uid) == 0 || errno == EINVAL;
}

bool
identity_become(bool stay_root, const char **what)
{
	struct invoker i;
	if (geteuid() != 0)
		return true;
	if (invoker_find(&i)) {
		*what = "become the user who asked";
		return initgroups(i.name, i.gid) == 0 &&
		    setgid(i.gid) == 0 && setuid(i.uid) == 0;
	}
	return stay_root || become_nobody(what);
}
