/* SPDX-License-Identifier: MIT
 *
 * What a JSON text is full of, eight or sixteen bytes at a time: plain
 * strings, whole numbers, arrays of them.  Used by json_*.c, and where all
 * numbers of a snapshot are read.
 */
#ifndef LIB_JSON_SCAN_H
#define LIB_JSON_SCAN_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define SCAN_ONES UINT64_C(0x0101010101010101)
#define SCAN_HIGH (SCAN_ONES << 7)

/* Eight bytes of text as a number, the first one lowest. */
static inline uint64_t
scan_load(const char *at)
{
	uint64_t w;
	memcpy(&w, at, sizeof(w));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	w = __builtin_bswap64(w);
#endif
	return w;
}

/* The number of the lowest byte that has its highest bit set; 8: none. */
static inline unsigned
scan_first(uint64_t w)
{
	w &= SCAN_HIGH;
	return w != 0 ? (unsigned)__builtin_ctzll(w) / 8 : 8;
}

/* The first of eight bytes that is no ASCII, a quote, a backslash or a
 * control character; 8 when there is none.  Such a byte leaves its highest
 * bit set below, and only those behind it may be wrong about it. */
static inline unsigned
scan_plain(const char *at)
{
	uint64_t w = scan_load(at);
	uint64_t quote = w ^ SCAN_ONES * '"', slash = w ^ SCAN_ONES * '\\';
	return scan_first((quote - SCAN_ONES) | (slash - SCAN_ONES) |
	    (w - SCAN_ONES * 0x20) | w);
}

/* How many of eight bytes are digits before the first that is none. */
static inline unsigned
scan_count_digits(const char *at)
{
	uint64_t x = scan_load(at) ^ SCAN_ONES * '0';
	return scan_first((x + SCAN_ONES * 0x76) | x);
}

/* Behind the digits that stand there. */
static inline const char *
scan_digits(const char *at, const char *end)
{
	while (end - at >= 8) {
		unsigned n = scan_count_digits(at);
		at += n;
		if (n < 8)
			return at;
	}
	while (at < end && *at >= '0' && *at <= '9')
		at++;
	return at;
}

/* The number that the last `len`, from 1 to 8, of the eight bytes are; false
 * when they are not all digits. */
static inline bool
scan_eight(const char *at, unsigned len, uint64_t *value)
{
	uint64_t w = scan_load(at) ^ SCAN_ONES * '0';
	/* What is before them becomes zeros. */
	w = w >> (64 - 8 * len) << (64 - 8 * len);
	if ((((w + SCAN_ONES * 0x76) | w) & SCAN_HIGH) != 0)
		return false;
	/* Two, four, eight digits at a time. */
	w = w * 10 + (w >> 8);
	w = ((w & 0x000000ff000000ff) * (100 + (UINT64_C(1000000) << 32)) +
	    ((w >> 16) & 0x000000ff000000ff) *
	    (1 + (UINT64_C(10000) << 32))) >> 32;
	*value = w;
	return true;
}

/* Are these the same?  Most are shorter than 16 bytes. */
static inline bool
scan_same(const char *a, const char *b, size_t len)
{
	if (len < 8 || len > 16)
		return memcmp(a, b, len) == 0;
	return scan_load(a) == scan_load(b) &&
	    scan_load(a + len - 8) == scan_load(b + len - 8);
}

struct scan_wide {
	uint8_t b __attribute__((vector_size(16)));
};

static inline struct scan_wide
scan_load_wide(const char *at)
{
	struct scan_wide w;
	memcpy(&w, at, sizeof(w));
	return w;
}

/* In an array whose first element is here: the bracket behind its end, where
 * it holds nothing but plain whole numbers with commas between them; else
 * null.  Each byte is looked at together with the two before it, which there
 * are: a comma may not follow a comma, nor a digit a zero that is the first
 * of its number. */
static inline const char *
scan_numbers(const char *at, const char *end)
{
	for (; end - at >= (int)sizeof(struct scan_wide);
	    at += sizeof(struct scan_wide)) {
		struct scan_wide w = scan_load_wide(at), bad;
		struct scan_wide p = scan_load_wide(at - 1);
		struct scan_wide q = scan_load_wide(at - 2);
		uint64_t half[2];
		bad.b = (uint8_t __attribute__((vector_size(16))))(
		    ~((w.b - '0' <= 9) | (w.b == ',')) |
		    ((w.b == ',') & ((p.b == ',') | (p.b == '['))) |
		    ((w.b >= '0') & (p.b == '0') &
		    ((q.b == ',') | (q.b == '['))));
		memcpy(half, &bad, sizeof(half));
		if ((half[0] | half[1]) != 0)
			break;
	}
	for (; at < end; at++) {
		bool first = at[-1] == ',' || at[-1] == '[';
		if (*at == ']')
			return first ? NULL : at;
		if (*at == ',' ? first : *at < '0' || *at > '9' ||
		    (at[-1] == '0' && (at[-2] == ',' || at[-2] == '[')))
			return NULL;
	}
	return NULL;
}

#endif
