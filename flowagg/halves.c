/* SPDX-License-Identifier: MIT
 *
 * A buddy allocator of two sizes.
 */
#include "flowagg/halves.h"

#include <string.h>

/* A free half whose other half is in use is in a list. */
struct link {
	uint32_t next, previous;
};

void
halves_init(struct halves *h, size_t size, uint32_t max)
{
	pool_init(&h->wholes, size, max);
	pool_init(&h->used, 1, max);
	h->free_half = 0;
}

void
halves_done(struct halves *h)
{
	pool_done(&h->wholes);
	pool_done(&h->used);
}

static uint8_t *
used(const struct halves *h, uint32_t half)
{
	return pool_at(&h->used, half / 2);
}

static uint8_t
bit(uint32_t half)
{
	return (uint8_t)(1 << (half & 1));
}

static void
link_half(struct halves *h, uint32_t half)
{
	struct link *l = halves_at_half(h, half);
	*l = (struct link){ .next = h->free_half };
	if (h->free_half != 0)
		((struct link *)halves_at_half(h, h->free_half))->previous =
		    half;
	h->free_half = half;
}

static void
unlink_half(struct halves *h, uint32_t half)
{
	const struct link l = *(struct link *)halves_at_half(h, half);
	if (l.previous != 0)
		((struct link *)halves_at_half(h, l.previous))->next = l.next;
	else
		h->free_half = l.next;
	if (l.next != 0)
		((struct link *)halves_at_half(h, l.next))->previous =
		    l.previous;
}

uint32_t
halves_take_half(struct halves *h)
{
	uint32_t half = h->free_half;
	if (half != 0) {
		unlink_half(h, half);
		memset(halves_at_half(h, half), 0, h->wholes.size / 2);
	} else {
		uint32_t whole = pool_take(&h->wholes);
		if (whole == 0)
			return 0;
		half = whole * 2;
		link_half(h, half + 1);
	}
	*used(h, half) |= bit(half);
	return half;
}

uint32_t
halves_take_whole(struct halves *h)
{
	uint32_t whole = pool_take(&h->wholes);
	if (whole != 0)
		*used(h, whole * 2) = 3;
	return whole;
}

void
halves_give_half(struct halves *h, uint32_t half)
{
	*used(h, half) &= (uint8_t)~bit(half);
	if (*used(h, half) != 0) {
		link_half(h, half);
		return;
	}
	unlink_half(h, half ^ 1);
	pool_give(&h->wholes, half / 2);
}

void
halves_give_whole(struct halves *h, uint32_t whole)
{
	*used(h, whole * 2) = 0;
	pool_give(&h->wholes, whole);
}
