/* SPDX-License-Identifier: MIT
 *
 * A sorted set of (namespace, address).
 */
#include "procmap/addresses.h"

#include <stdlib.h>
#include <string.h>

#include "lib/xalloc.h"
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
	if (a->netns != b->netns)
		return a->netns < b->netns ? -1 : 1;
	return memcmp(a->bytes, b->bytes, 16);
}

static bool
has_netns(const struct addresses *a, size_t count, uint32_t netns)
{
	for (size_t i = 0; i < count; i++)
		if (a->list[i].netns == netns)
			return true;
	return false;
}

void
addresses_keep(struct addresses *a, const struct addresses *old, int64_t now,
    int64_t since)
{
	size_t fresh = a->count;
	uint32_t last = 0;	/* addresses of one namespace are neighbours */
	for (size_t i = 0; i < fresh; i++)
		a->list[i].seen = now;
	for (size_t i = 0; i < old->count; i++) {
		const struct address *was = &old->list[i];
		if (was->netns == 0 || was->netns == last ||
		    was->seen < since)
			continue;
		if (has_netns(a, fresh, was->netns)) {
			last = was->netns;
			continue;
		}
		addresses_add(a, was->netns, was->bytes);
		a->list[a->count - 1].seen = was->seen;
	}
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
