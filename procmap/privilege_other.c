/* SPDX-License-Identifier: MIT
 *
 * Systems without capabilities: lsof needs what we have, so root stays root
 * unless someone called us through sudo or doas.
 */
#include "procmap/privilege.h"

#include <unistd.h>

#include "lib/invoker.h"

bool
privilege_drop(bool keep_reading)
{
	return keep_reading || invoker_become();
}

bool
privilege_sees_all(void)
{
	return geteuid() == 0;
}

bool
privilege_is_net_admin(void)
{
	return false;
}

bool
privilege_drop_to_net_admin(void)
{
	return false;
}
