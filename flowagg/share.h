/* SPDX-License-Identifier: MIT
 *
 * A share of a number.  On the way there a product has up to 128 bits, for
 * which 32-bit processors have no type.
 */
#ifndef FLOWAGG_SHARE_H
#define FLOWAGG_SHARE_H

#include <stdint.h>

/* (value * part + more) / whole; the whole is not 0.  What has no room is
 * UINT64_MAX. */
static inline uint64_t
share_and(uint64_t value, uint64_t part, uint64_t more, uint64_t whole)
{
	uint64_t low, sum;
	if (!__builtin_mul_overflow(value, part, &low) &&
	    !__builtin_add_overflow(low, more, &sum))
		return sum / whole;
	/* The upper word from four products of halves, then long division. */
	uint64_t v = value >> 32, w = (uint32_t)value;
	uint64_t p = part >> 32, q = (uint32_t)part;
	uint64_t middle = v * q + (w * q >> 32);
	uint64_t other = w * p + (uint32_t)middle;
	uint64_t rest = v * p + (middle >> 32) + (other >> 32);
	rest += __builtin_add_overflow(low, more, &low);
	if (rest >= whole)
		return UINT64_MAX;
	uint64_t result = 0;
	for (unsigned bit = 64; bit-- > 0;) {
		uint64_t carry = rest >> 63;
		rest = rest << 1 | (low >> bit & 1);
		result <<= 1;
		if (carry != 0 || rest >= whole) {
			rest -= whole;
			result |= 1;
		}
	}
	return result;
}

/* value * part / whole, rounded down. */
static inline uint64_t
share_of(uint64_t value, uint64_t part, uint64_t whole)
{
	return share_and(value, part, 0, whole);
}

/* The same, rounded to the nearest. */
static inline uint64_t
share_rounded(uint64_t value, uint64_t part, uint64_t whole)
{
	return share_and(value, part, whole / 2, whole);
}

#endif
