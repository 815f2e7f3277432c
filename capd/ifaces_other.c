/* SPDX-License-Identifier: MIT
 *
 * Interfaces on the BSDs and macOS: AF_LINK addresses.  The default route
 * and changes are not asked for there: the first interface that is up
 * stands in, and addresses are those at the start.
 */
#include <net/if_dl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "capd/ifaces_system.h"

void
ifaces_system_link(const struct sockaddr *a, struct iface *i)
{
	const struct sockaddr_dl *link = (const void *)a;
	if (a->sa_family != AF_LINK || link->sdl_alen != sizeof(i->mac))
		return;
	memcpy(i->mac, LLADDR(link), sizeof(i->mac));
	i->has_mac = true;
}

bool
ifaces_system_route(enum addr_family family, char name[SOURCE_NAME])
{
	(void)family;
	(void)name;
	return false;
}

void
ifaces_system_describe(const struct iface *i, char *text, size_t size)
{
	snprintf(text, size, "%s", i->loopback ? "loopback" :
	    i->has_mac ? "Ethernet" : "other");
}

int
ifaces_watch(void)
{
	return -1;
}

bool
ifaces_changed(int fd)
{
	(void)fd;
	return false;
}
