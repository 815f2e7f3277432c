/* SPDX-License-Identifier: MIT
 *
 * Capabilities, with libcap.
 */
#include "procmap/privilege.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "lib/invoker.h"

static const cap_value_t reading[] = { CAP_SYS_PTRACE, CAP_DAC_READ_SEARCH };

enum { READING = sizeof(reading) / sizeof(reading[0]) };

static bool
has(cap_value_t c)
{
	cap_t caps = cap_get_proc();
	cap_flag_value_t value = CAP_CLEAR;
	if (caps != NULL)
		cap_get_flag(caps, c, CAP_PERMITTED, &value);
	cap_free(caps);
	return value == CAP_SET;
}

bool
privilege_sees_all(void)
{
	return has(CAP_SYS_PTRACE) && has(CAP_DAC_READ_SEARCH);
}

/* Keep these capabilities and no others, and let a child have them. */
static bool
set_capabilities(const cap_value_t *list, int count)
{
	cap_t caps = cap_init();
	bool done = caps != NULL && (count == 0 ||
	    (cap_set_flag(caps, CAP_PERMITTED, count, list, CAP_SET) == 0 &&
	    cap_set_flag(caps, CAP_EFFECTIVE, count, list, CAP_SET) == 0 &&
	    cap_set_flag(caps, CAP_INHERITABLE, count, list, CAP_SET) ==
	    0)) && cap_set_proc(caps) == 0;
	cap_free(caps);
	for (int i = 0; done && i < count; i++)
		done = prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, list[i],
		    0, 0) == 0;
	return done;
}

/* Root without sudo: nobody, where there is such a user. */
static bool
become_nobody(void)
{
	const struct passwd *p = getpwnam("nobody");
	uid_t uid = p != NULL ? p->pw_uid : 65534;
	gid_t gid = p != NULL ? p->pw_gid : 65534;
	/* In a user namespace without that uid there is no one else to be;
	 * the capabilities go all the same. */
	if (setgroups(0, NULL) == -1 || setgid(gid) == -1 ||
	    setuid(uid) == -1)
		return errno == EINVAL || errno == EPERM;
	return setuid(0) == -1;
}

/* Become someone else, and keep these capabilities. */
static bool
drop_to(const cap_value_t *kept, int count, bool may_stay_root)
{
	struct invoker invoker;
	if (count > 0 && prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == -1)
		return false;
	if (invoker_find(&invoker)) {
		if (!invoker_become())
			return false;
	} else if (geteuid() == 0 && !may_stay_root) {
		if (!become_nobody())
			return false;
	}
	if (!set_capabilities(kept, count))
		return false;
	prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0);
	/* No program that we start gets more than we have. */
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

bool
privilege_drop(bool keep_reading)
{
	cap_value_t kept[READING];
	int count = 0;
	for (int i = 0; keep_reading && i < READING; i++)
		if (has(reading[i]))
			kept[count++] = reading[i];
	return drop_to(kept, count, keep_reading);
}

bool
privilege_is_net_admin(void)
{
	return has(CAP_NET_ADMIN);
}

bool
privilege_drop_to_net_admin(void)
{
	static const cap_value_t kept = CAP_NET_ADMIN;
	return drop_to(&kept, 1, false);
}
