/* SPDX-License-Identifier: MIT
 *
 * Linux capabilities.  All there is to check fits this screen:
 *
 *	keeper	bounding set empty, uid of the user, CAP_NET_RAW alone,
 *		no_new_privs: nothing it starts gains anything
 *	child	the same, and then no capability at all
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "capd/identity.h"
#include "capd/privilege.h"

/* Have exactly these, or those of them that we have. */
static bool
set_capabilities(const cap_value_t *keep, int count)
{
	cap_t now = cap_get_proc(), next = cap_init();
	bool good = now != NULL && next != NULL;
	for (int i = 0; good && i < count; i++) {
		cap_flag_value_t has = CAP_CLEAR;
		cap_get_flag(now, keep[i], CAP_PERMITTED, &has);
		if (has == CAP_SET)
			good = cap_set_flag(next, CAP_PERMITTED, 1, &keep[i],
			    CAP_SET) == 0 && cap_set_flag(next, CAP_EFFECTIVE,
			    1, &keep[i], CAP_SET) == 0;
	}
	good = good && cap_set_proc(next) == 0;
	cap_free(now);
	cap_free(next);
	return good;
}

/* What a program that we start could gain.  Needs CAP_SETPCAP, which a
 * user with only the file capability has not: no_new_privs must do. */
static void
empty_bounding_set(void)
{
	for (cap_value_t c = 0; c < cap_max_bits(); c++)
		cap_drop_bound(c);
	cap_reset_ambient();
}

bool
privilege_keep_capture(bool stay_root, const char **what)
{
	static const cap_value_t raw[] = { CAP_NET_RAW };
	empty_bounding_set();
	*what = "keep capabilities across a change of user";
	if (prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == -1 ||
	    !identity_become(stay_root, what))
		return false;
	*what = "give up capabilities";
	if (!set_capabilities(raw, 1) ||
	    prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) == -1)
		return false;
	*what = "set no_new_privs";
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

/* Is every set empty, whatever was asked for? */
static bool
has_none(void)
{
	cap_t now = cap_get_proc(), none = cap_init();
	bool empty = now != NULL && none != NULL &&
	    cap_compare(now, none) == 0;
	cap_free(now);
	cap_free(none);
	return empty;
}

static bool
can_regain(void)
{
	static const cap_value_t raw[] = { CAP_NET_RAW };
	cap_t c = cap_init();
	bool good = c != NULL &&
	    cap_set_flag(c, CAP_PERMITTED, 1, raw, CAP_SET) == 0 &&
	    cap_set_proc(c) == 0;
	cap_free(c);
	return good || (geteuid() != 0 && setuid(0) == 0);
}

bool
privilege_drop(const char **what)
{
	*what = "give up capabilities";
	if (!set_capabilities(NULL, 0))
		return false;
	*what = "be sure that privilege is gone";
	errno = EPERM;
	return has_none() && !can_regain() &&
	    prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
}

void
privilege_end_with_parent(void)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
}

const char *
privilege_remedy(void)
{
	static char text[512], path[256];
	ssize_t len = readlink("/proc/self/exe", path, sizeof(path) - 1);
	snprintf(text, sizeof(text), "run it with sudo, or allow every user "
	    "of this machine to capture, once, with \"sudo setcap "
	    "cap_net_raw=ep %s\" (\"sudo make cap\" where it was built)",
	    len > 0 ? path : "capd");
	return text;
}
