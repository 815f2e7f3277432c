/* SPDX-License-Identifier: MIT
 *
 * A set of (address, namespace), sorted in this order.
 */
#include "procmap/addresses.h"

#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/xalloc.h"
#include "procmap/netns.h"
#include "procmap/socket.h"

void
addresses_add(struct addresses *a, uint32_t netns, const uint8_t bytes[16])
{
	if (a->count == ADDRESSES_MAX)
		return;
	if (a->count == a->size) {
		a->size = a->size != 0 ? a->size * 2 : 64;
		a->list = xreallocarray(a->list, a->size, sizeof(*a->list));
	}
	a->list[a->count] = (struct address){ .netns = netns };
	memcpy(a->list[a->count++].bytes, bytes, 16);
	a->sorted = false;
}

/* False: it is of another family. */
static bool
to_mapped(const struct sockaddr *from, uint8_t bytes[16])
{
	struct addr addr = { 0 };
	if (from != NULL && from->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const void *)from;
		addr.family = ADDR_IPV4;
		memcpy(addr.bytes, &in->sin_addr, 4);
	} else if (from != NULL && from->sa_family == AF_INET6) {
		const struct sockaddr_in6 *in6 = (const void *)from;
		addr.family = ADDR_IPV6;
		memcpy(addr.bytes, &in6->sin6_addr, 16);
	} else {
		return false;
	}
	addr_to_mapped(&addr, bytes);
	return true;
}

/* The last address of its network.  Linux takes it for a broadcast without being
 * told (ifconfig(8) or ip(8) may tell another), but of a network of two. */
static bool
broadcast_of(const struct ifaddrs *i, uint8_t bytes[16])
{
	uint8_t mask[16];
	if ((i->ifa_flags & IFF_LOOPBACK) != 0 ||
	    !to_mapped(i->ifa_addr, bytes) || !mapped_is_v4(bytes) ||
	    !to_mapped(i->ifa_netmask, mask) || (mask[15] & 3) != 0)
		return false;
	for (unsigned k = 12; k < 16; k++)
		bytes[k] |= (uint8_t)~mask[k];
	return true;
}

static bool
is_newest(const struct addresses *a, uint32_t netns, const uint8_t bytes[16])
{
	return a->count > 0 && a->list[a->count - 1].netns == netns &&
	    memcmp(a->list[a->count - 1].bytes, bytes, 16) == 0;
}

void
addresses_add_own(struct addresses *a)
{
	struct ifaddrs *list;
	uint8_t bytes[16];
	if (getifaddrs(&list) == -1)
		return;
	for (const struct ifaddrs *i = list; i != NULL; i = i->ifa_next)
		if (to_mapped(i->ifa_addr, bytes))
			addresses_add(a, 0, bytes);
	/* Those of one "namespace" are neighbours. */
	for (const struct ifaddrs *i = list; i != NULL; i = i->ifa_next)
		if (broadcast_of(i, bytes) &&
		    !is_newest(a, ADDRESSES_BROADCAST, bytes))
			addresses_add(a, ADDRESSES_BROADCAST, bytes);
	freeifaddrs(list);
}

void
addresses_done(struct addresses *a)
{
	free(a->list);
	*a = (struct addresses){ 0 };
}

static int
compare(const void *left, const void *right)
{
	const struct address *a = left, *b = right;
	int order = memcmp(a->bytes, b->bytes, 16);
	if (order != 0)
		return order;
	return a->netns < b->netns ? -1 : a->netns > b->netns;
}

/* The namespaces of a list in which those of one are neighbours. */
static size_t
list_netns(const struct addresses *a, uint32_t netns[NETNS_MAX + 1])
{
	size_t count = 0;
	for (size_t i = 0; i < a->count && count <= NETNS_MAX; i++)
		if (count == 0 || netns[count - 1] != a->list[i].netns)
			netns[count++] = a->list[i].netns;
	return count;
}

static bool
has_netns(const uint32_t *netns, size_t count, uint32_t wanted)
{
	for (size_t i = 0; i < count; i++)
		if (netns[i] == wanted)
			return true;
	return false;
}

static void
note(struct addresses *gone, const struct address *was)
{
	addresses_add(gone, was->netns, was->bytes);
	gone->list[gone->count - 1].seen = was->seen;
}

/* Of namespaces that are gone. */
static void
note_gone(struct addresses *gone, const struct addresses *a,
    const struct addresses *old, int64_t since)
{
	uint32_t netns[NETNS_MAX + 1];
	size_t count = list_netns(a, netns);
	for (size_t i = 0; i < old->count; i++) {
		const struct address *was = &old->list[i];
		if (was->netns != 0 && was->seen >= since &&
		    !has_netns(netns, count, was->netns))
			note(gone, was);
	}
}

/* Of our own namespace, where no other one has taken them over. */
static void
note_own(struct addresses *gone, struct addresses *a,
    const struct addresses *old, int64_t since)
{
	for (size_t i = 0; i < old->count; i++) {
		const struct address *was = &old->list[i];
		if (was->netns == 0 && was->seen >= since &&
		    !addresses_has(a, 0, was->bytes) &&
		    !addresses_elsewhere(a, was->bytes))
			note(gone, was);
	}
}

void
addresses_keep(struct addresses *a, const struct addresses *old, int64_t now,
    int64_t since)
{
	struct addresses gone = { 0 };
	for (size_t i = 0; i < a->count; i++)
		a->list[i].seen = now;
	note_gone(&gone, a, old, since);
	note_own(&gone, a, old, since);
	for (size_t i = 0; i < gone.count && a->count < ADDRESSES_MAX; i++)
		note(a, &gone.list[i]);
	addresses_done(&gone);
}

void
addresses_copy(struct addresses *a, const struct addresses *from)
{
	*a = *from;
	a->size = a->count;
	a->list = NULL;
	if (a->count > 0) {
		a->list = xreallocarray(NULL, a->count, sizeof(*a->list));
		memcpy(a->list, from->list, a->count * sizeof(*a->list));
	}
}

void
addresses_sort(struct addresses *a)
{
	if (!a->sorted && a->count > 0)
		qsort(a->list, a->count, sizeof(*a->list), compare);
	a->sorted = true;
}

bool
addresses_has(struct addresses *a, uint32_t netns, const uint8_t bytes[16])
{
	struct address wanted = { .netns = netns };
	if (address_is_loopback(bytes))
		return true;
	if (a->count == 0)
		return false;
	addresses_sort(a);
	memcpy(wanted.bytes, bytes, 16);
	return bsearch(&wanted, a->list, a->count, sizeof(*a->list),
	    compare) != NULL;
}

bool
addresses_elsewhere(struct addresses *a, const uint8_t bytes[16])
{
	size_t low = 0, high = a->count;
	addresses_sort(a);
	/* The first that is not before the address in namespace 1. */
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct address *at = &a->list[middle];
		int order = memcmp(at->bytes, bytes, 16);
		if (order < 0 || (order == 0 && at->netns == 0))
			low = middle + 1;
		else
			high = middle;
	}
	return low < a->count &&
	    a->list[low].netns != ADDRESSES_BROADCAST &&
	    memcmp(a->list[low].bytes, bytes, 16) == 0;
}

bool
address_is_loopback(const uint8_t bytes[16])
{
	static const uint8_t one[16] = { [15] = 1 };
	return memcmp(bytes, one, 16) == 0 ||
	    (mapped_is_v4(bytes) && bytes[12] == 127);
}

bool
address_is_link_local(const uint8_t bytes[16])
{
	return (bytes[0] == 0xfe && (bytes[1] & 0xc0) == 0x80) ||
	    (mapped_is_v4(bytes) && bytes[12] == 169 && bytes[13] == 254);
}

bool
address_is_multicast(const uint8_t bytes[16])
{
	static const uint8_t all[4] = { 255, 255, 255, 255 };
	return bytes[0] == 0xff || (mapped_is_v4(bytes) &&
	    ((bytes[12] & 0xf0) == 0xe0 || memcmp(bytes + 12, all, 4) == 0));
}
