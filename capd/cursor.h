/* SPDX-License-Identifier: MIT
 *
 * Reads that cannot leave the packet.  Past the end they yield zeros and
 * set `cut`, so a decoder reads straight down and looks once.
 */
#ifndef CAPD_CURSOR_H
#define CAPD_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cursor {
	const uint8_t *at, *end;
	bool cut;		/* something was asked for that is not there */
};

/* The longest fixed header: what cursor_take() may be asked for. */
enum { CURSOR_MOST = 64 };
extern const uint8_t cursor_zeros[CURSOR_MOST];

static inline size_t
cursor_left(const struct cursor *c)
{
	return (size_t)(c->end - c->at);
}

/* The next `len` bytes, at most CURSOR_MOST, or as many zeros. */
static inline const uint8_t *
cursor_take(struct cursor *c, size_t len)
{
	const uint8_t *bytes = c->at;
	if (len > cursor_left(c)) {
		c->at = c->end;
		c->cut = true;
		return cursor_zeros;
	}
	c->at += len;
	return bytes;
}

static inline void
cursor_skip(struct cursor *c, size_t len)
{
	if (len > cursor_left(c)) {
		c->at = c->end;
		c->cut = true;
		return;
	}
	c->at += len;
}

/* The byte `ahead` of the next one, or 0 where there is none; stays. */
static inline uint8_t
cursor_peek(const struct cursor *c, size_t ahead)
{
	return ahead < cursor_left(c) ? c->at[ahead] : 0;
}

/* Nothing more than `len` bytes behind `from` belongs to the packet. */
static inline void
cursor_limit(struct cursor *c, const uint8_t *from, size_t len)
{
	if (len < (size_t)(c->end - from))
		c->end = from + len;
	if (c->at > c->end)
		c->at = c->end;
}

/* Numbers at a place. */
static inline uint16_t
be16(const uint8_t *at)
{
	return (uint16_t)(at[0] << 8 | at[1]);
}

static inline uint32_t
be32(const uint8_t *at)
{
	return (uint32_t)be16(at) << 16 | be16(at + 2);
}

static inline uint16_t
le16(const uint8_t *at)
{
	return (uint16_t)(at[1] << 8 | at[0]);
}

static inline uint32_t
le32(const uint8_t *at)
{
	return (uint32_t)le16(at + 2) << 16 | le16(at);
}

#endif
