/* SPDX-License-Identifier: MIT
 *
 * From root back to the user who called sudo or doas.
 */
#include "lib/invoker.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "lib/num.h"

static const struct passwd *
look_up(void)
{
	const char *uid = getenv("SUDO_UID"), *user = getenv("DOAS_USER");
	uint64_t number;
	if (uid != NULL && num_unsigned(uid, 1, UINT32_MAX - 1, &number))
		return getpwuid((uid_t)number);
	if (user != NULL)
		return getpwnam(user);
	return NULL;
}

bool
invoker_find(struct invoker *i)
{
	if (geteuid() != 0)
		return false;
	const struct passwd *p = look_up();
	if (p == NULL || p->pw_uid == 0)
		return false;
	i->uid = p->pw_uid;
	i->gid = p->pw_gid;
	snprintf(i->name, sizeof(i->name), "%s", p->pw_name);
	snprintf(i->home, sizeof(i->home), "%s", p->pw_dir);
	return true;
}

bool
invoker_become(void)
{
	struct invoker i;
	if (!invoker_find(&i))
		return true;
	if (initgroups(i.name, i.gid) == -1 || setgid(i.gid) == -1 ||
	    setuid(i.uid) == -1)
		return false;
	if (setuid(0) != -1) {
		errno = EPERM;
		return false;
	}
	setenv("HOME", i.home, 1);
	setenv("USER", i.name, 1);
	setenv("LOGNAME", i.name, 1);
	return true;
}
