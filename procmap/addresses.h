/* SPDX-License-Identifier: MIT
 *
 * Which addresses are local to which network namespace.  At most
 * ADDRESSES_MAX; more are left out, so that flows to them find no owner by
 * the rules that need to know (never a wrong one).
 */
#ifndef PROCMAP_ADDRESSES_H
#define PROCMAP_ADDRESSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ADDRESSES_MAX = 65536 };

/* In place of a namespace: an address that all of a network of ours get. */
#define ADDRESSES_BROADCAST UINT32_MAX

struct address {
	uint8_t bytes[16];	/* IPv4 as ::ffff:a.b.c.d */
	uint32_t netns;
	int64_t seen;		/* when it was there last, us since boot */
};

struct addresses {
	struct address *list;
	size_t count, size;
	bool sorted;
};

void addresses_add(struct addresses *, uint32_t netns,
    const uint8_t bytes[16]);

/* Those of this namespace, as getifaddrs(3) has them, and those that its
 * networks broadcast to. */
void addresses_add_own(struct addresses *);
void addresses_done(struct addresses *);

/* Note that all were seen at that time, and add from `old` those of other
 * namespaces that are gone, and of our own that nobody has now, if they were
 * there after `since`: their last flows still come. */
void addresses_keep(struct addresses *, const struct addresses *old,
    int64_t now, int64_t since);

/* As another list; and in order, so that the first question is quick too. */
void addresses_copy(struct addresses *, const struct addresses *from);
void addresses_sort(struct addresses *);

/* Does this namespace have the address?  Loopback addresses belong to all. */
bool addresses_has(struct addresses *, uint32_t netns,
    const uint8_t bytes[16]);

/* Does any namespace but our own (0)? */
bool addresses_elsewhere(struct addresses *, const uint8_t bytes[16]);

/* What kind of address. */
bool address_is_loopback(const uint8_t bytes[16]);
bool address_is_link_local(const uint8_t bytes[16]);
bool address_is_multicast(const uint8_t bytes[16]);	/* or broadcast */

#endif
