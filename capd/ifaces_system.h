/* SPDX-License-Identifier: MIT
 *
 * What each system tells in its own way.  Used by ifaces.c, list.c and
 * keeper.c.
 */
#ifndef CAPD_IFACES_SYSTEM_H
#define CAPD_IFACES_SYSTEM_H

#include <stdbool.h>
#include <stddef.h>

#include "capd/ifaces.h"

struct sockaddr;

/* The hardware address, when this is a link-layer address with one. */
void ifaces_system_link(const struct sockaddr *, struct iface *);

/* The name of the interface with the default route of that family; false
 * when there is none. */
bool ifaces_system_route(enum addr_family, char name[SOURCE_NAME]);

/* What kind of thing it is, for people: "Ethernet, driver veth". */
void ifaces_system_describe(const struct iface *, char *text, size_t size);

/* A descriptor that becomes readable when interfaces or addresses change,
 * or -1; and emptying it: did something change? */
int ifaces_watch(void);
bool ifaces_changed(int fd);

#endif
