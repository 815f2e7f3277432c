/* SPDX-License-Identifier: MIT
 *
 * Numbers of bytes in three bytes each, for a second of most flows holds no
 * more than 16 MB.
 */
#ifndef FLOWAGG_BYTES3_H
#define FLOWAGG_BYTES3_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { BYTES3_MAX = 0xffffff };

/* In little-endian order: a half word and a byte. */
static inline uint16_t
little_endian(uint16_t half)
{
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? half :
	    __builtin_bswap16(half);
}

static inline uint32_t
get3(const uint8_t at[3])
{
	uint16_t half;
	memcpy(&half, at, sizeof(half));
	return little_endian(half) | (uint32_t)at[2] << 16;
}

static inline void
put3(uint8_t at[3], uint32_t value)
{
	uint16_t half = little_endian((uint16_t)value);
	memcpy(at, &half, sizeof(half));
	at[2] = (uint8_t)(value >> 16);
}

/* Add to a second's bytes, each way, and see whether it is the largest;
 * false, changing nothing, when one would be too large. */
static inline bool
add3(uint8_t sums[2][3], uint8_t peaks[2][3], const uint32_t bytes[2])
{
	uint64_t sent = (uint64_t)get3(sums[0]) + bytes[0];
	uint64_t recv = (uint64_t)get3(sums[1]) + bytes[1];
	if (sent > BYTES3_MAX || recv > BYTES3_MAX)
		return false;
	put3(sums[0], (uint32_t)sent);
	put3(sums[1], (uint32_t)recv);
	if (sent > get3(peaks[0]))
		put3(peaks[0], (uint32_t)sent);
	if (recv > get3(peaks[1]))
		put3(peaks[1], (uint32_t)recv);
	return true;
}

#endif
