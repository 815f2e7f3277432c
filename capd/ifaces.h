/* SPDX-License-Identifier: MIT
 *
 * The network interfaces of this machine, with their addresses.
 */
#ifndef CAPD_IFACES_H
#define CAPD_IFACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/addr.h"
#include "lib/record.h"

/* The name that stands for all of them. */
#define IFACES_ANY "any"

struct iface {
	char name[SOURCE_NAME];
	int index;		/* the system's number */
	bool up, running, loopback;
	bool has_mac;
	uint8_t mac[6];
	uint16_t address_count;
	struct prefix addresses[SOURCE_ADDRESSES];	/* the rest is left out */
};

struct ifaces {
	size_t count;
	struct iface *list;	/* owned; by index */
};

/* Fill it anew; false with errno. */
bool ifaces_read(struct ifaces *);
void ifaces_done(struct ifaces *);

/* Null when there is none of that name. */
const struct iface *ifaces_find(const struct ifaces *, const char *name);

/* The one with the default route, IPv4 before IPv6, else the first that is
 * up and no loopback; null when there is none. */
const struct iface *ifaces_default(const struct ifaces *);

/* The hardware address, as "02:00:5e:00:53:01"; "" where there is none. */
enum { IFACES_MAC = 18 };
void ifaces_mac(const struct iface *, char text[IFACES_MAC]);

/* All names with blanks between, for a message, without what a terminal obeys;
 * the caller owns it. */
char *ifaces_names(const struct ifaces *);

#endif
