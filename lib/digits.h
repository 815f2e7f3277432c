/* SPDX-License-Identifier: MIT
 *
 * Numbers to decimal digits, where much is written.
 */
#ifndef LIB_DIGITS_H
#define LIB_DIGITS_H

#include <stdint.h>
#include <string.h>

enum { DIGITS_MOST = 20 };	/* of 64 bits */

/* How many there are; 1 of 0. */
static inline unsigned
digits_count(uint64_t value)
{
	static const uint64_t powers[DIGITS_MOST] = { 0, 10, 100, 1000, 10000,
		100000, 1000000, 10000000, 100000000, 1000000000, 10000000000,
		100000000000, 1000000000000, 10000000000000, 100000000000000,
		1000000000000000, 10000000000000000, 100000000000000000,
		1000000000000000000, 10000000000000000000u };
	unsigned bits = 64 - (unsigned)__builtin_clzll(value | 1);
	unsigned least = bits * 1233 >> 12;	/* 1233 / 4096: log10(2) */
	return least + (value >= powers[least]);
}

/* Write them at `at`, without a NUL; where they end.  In fours, from behind:
 * few divisions that wait for each other; and to where they belong: copying
 * what was just written in pieces waits until that has reached the cache. */
static inline char *
digits_put(char *at, uint64_t value)
{
	static const char pairs[] =
	    "00010203040506070809101112131415161718192021222324"
	    "25262728293031323334353637383940414243444546474849"
	    "50515253545556575859606162636465666768697071727374"
	    "75767778798081828384858687888990919293949596979899";
	char *end = at + digits_count(value), *from = end;
	for (; value >= 10000; value /= 10000) {
		uint32_t four = (uint32_t)(value % 10000);
		from -= 4;
		memcpy(from, pairs + four / 100 * 2, 2);
		memcpy(from + 2, pairs + four % 100 * 2, 2);
	}
	uint32_t rest = (uint32_t)value;
	if (rest >= 100) {
		from -= 2;
		memcpy(from, pairs + rest % 100 * 2, 2);
		rest /= 100;
	}
	if (rest >= 10)
		memcpy(from - 2, pairs + rest * 2, 2);
	else
		from[-1] = (char)('0' + rest);
	return end;
}

#endif
