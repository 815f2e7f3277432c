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

/* A number that sudo(8) left in the environment; 0 when it did not. */
static uint64_t
sudo_number(const char *name)
{
	const char *text = getenv(name);
	uint64_t number;
	return text != NULL && num_unsigned(text, 1, UINT32_MAX - 1,
	    &number) ? number : 0;
}

static const struct passwd *
look_up(uint64_t uid)
{
	const char *user = getenv("DOAS_USER");
	if (uid != 0)
		return getpwuid((uid_t)uid);
	return user != NULL ? getpwnam(user) : NULL;
}

bool
invoker_find(struct invoker *i)
{
	if (geteuid() != 0)
		return false;
	uint64_t uid = sudo_number("SUDO_UID"), gid = sudo_number("SUDO_GID");
	const struct passwd *p = look_up(uid);
	if (p == NULL && uid != 0 && gid != 0) {
		/* One whom no database knows is still not root. */
		i->uid = (uid_t)uid;
		i->gid = (gid_t)gid;
		snprintf(i->name, sizeof(i->name), "%llu",
		    (unsigned long long)uid);
		snprintf(i->home, sizeof(i->home), "/");
		return true;
	}
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
