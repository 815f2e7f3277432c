/* SPDX-License-Identifier: MIT
 *
 * Interfaces and addresses from getifaddrs(3).
 */
#include "capd/ifaces.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "capd/ifaces_system.h"
#include "lib/buf.h"
#include "lib/utf8.h"
#include "lib/xalloc.h"

void
ifaces_done(struct ifaces *s)
{
	free(s->list);
	*s = (struct ifaces){ 0 };
}

/* The interface that an entry is about.  One of Linux may be called as its
 * address is labelled, "eth0:1", which is no interface of its own. */
static struct iface *
find_or_add(struct ifaces *s, const struct ifaddrs *a)
{
	char name[SOURCE_NAME];
	size_t len = strcspn(a->ifa_name, ":");
	if (len >= sizeof(name))
		return NULL;
	memcpy(name, a->ifa_name, len);
	name[len] = '\0';
	for (size_t i = 0; i < s->count; i++)
		if (strcmp(s->list[i].name, name) == 0)
			return &s->list[i];
	s->list = xreallocarray(s->list, s->count + 1, sizeof(*s->list));
	struct iface *i = &s->list[s->count++];
	*i = (struct iface){
		.index = (int)if_nametoindex(name),
		.up = (a->ifa_flags & IFF_UP) != 0,
		.running = (a->ifa_flags & IFF_RUNNING) != 0,
		.loopback = (a->ifa_flags & IFF_LOOPBACK) != 0,
	};
	memcpy(i->name, name, sizeof(name));
	return i;
}

/* How many leading bits of a netmask are set. */
static uint8_t
mask_bits(const uint8_t *mask, size_t len)
{
	uint8_t bits = 0;
	for (size_t i = 0; i < len; i++)
		for (int b = 7; b >= 0; b--) {
			if ((mask[i] >> b & 1) == 0)
				return bits;
			bits++;
		}
	return bits;
}

static void
add_address(struct iface *i, const struct ifaddrs *a)
{
	struct prefix p = { 0 };
	size_t len = 0, at = 0;
	if (a->ifa_addr->sa_family == AF_INET) {
		p.addr.family = ADDR_IPV4;
		len = 4;
		at = offsetof(struct sockaddr_in, sin_addr);
	} else if (a->ifa_addr->sa_family == AF_INET6) {
		p.addr.family = ADDR_IPV6;
		len = 16;
		at = offsetof(struct sockaddr_in6, sin6_addr);
	}
	if (len == 0 || i->address_count == SOURCE_ADDRESSES)
		return;
	memcpy(p.addr.bytes, (const uint8_t *)a->ifa_addr + at, len);
	p.bits = a->ifa_netmask == NULL ? (uint8_t)(8 * len) :
	    mask_bits((const uint8_t *)a->ifa_netmask + at, len);
	i->addresses[i->address_count++] = p;
}

static int
by_index(const void *a, const void *b)
{
	const struct iface *x = a, *y = b;
	return (x->index > y->index) - (x->index < y->index);
}

bool
ifaces_read(struct ifaces *s)
{
	struct ifaddrs *all;
	if (getifaddrs(&all) == -1)
		return false;
	ifaces_done(s);
	for (const struct ifaddrs *a = all; a != NULL; a = a->ifa_next) {
		struct iface *i = find_or_add(s, a);
		if (i == NULL || a->ifa_addr == NULL)
			continue;
		ifaces_system_link(a->ifa_addr, i);
		add_address(i, a);
	}
	freeifaddrs(all);
	if (s->count > 0)
		qsort(s->list, s->count, sizeof(*s->list), by_index);
	return true;
}

const struct iface *
ifaces_find(const struct ifaces *s, const char *name)
{
	for (size_t i = 0; i < s->count; i++)
		if (strcmp(s->list[i].name, name) == 0)
			return &s->list[i];
	return NULL;
}

const struct iface *
ifaces_default(const struct ifaces *s)
{
	static const enum addr_family families[] = { ADDR_IPV4, ADDR_IPV6 };
	for (size_t f = 0; f < 2; f++) {
		char name[SOURCE_NAME];
		const struct iface *i = ifaces_system_route(families[f], name) ?
		    ifaces_find(s, name) : NULL;
		if (i != NULL && i->up)
			return i;
	}
	for (size_t i = 0; i < s->count; i++)
		if (s->list[i].up && !s->list[i].loopback)
			return &s->list[i];
	return NULL;
}

void
ifaces_mac(const struct iface *i, char text[IFACES_MAC])
{
	const uint8_t *m = i->mac;
	text[0] = '\0';
	if (i->has_mac)
		snprintf(text, IFACES_MAC, "%02x:%02x:%02x:%02x:%02x:%02x",
		    m[0], m[1], m[2], m[3], m[4], m[5]);
}

char *
ifaces_names(const struct ifaces *s)
{
	struct buf b = { 0 };
	for (size_t i = 0; i < s->count; i++) {
		char name[SOURCE_NAME];
		utf8_clean(name, sizeof(name), s->list[i].name,
		    strlen(s->list[i].name), utf8_is_control);
		buf_printf(&b, "%s ", name);
	}
	buf_add_text(&b, IFACES_ANY);
	char *text = xstrdup(buf_text(&b));
	buf_done(&b);
	return text;
}
