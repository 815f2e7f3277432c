/* SPDX-License-Identifier: MIT
 *
 * UTF-8, strictly.
 */
#include "lib/utf8.h"

#include <string.h>

size_t
utf8_decode(const char *text, size_t len, uint32_t *c)
{
	const unsigned char *t = (const unsigned char *)text;
	static const uint32_t smallest[5] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n;
	if (len == 0)
		return 0;
	if (t[0] < 0x80) {
		*c = t[0];
		return 1;
	}
	if ((t[0] & 0xe0) == 0xc0)
		n = 2;
	else if ((t[0] & 0xf0) == 0xe0)
		n = 3;
	else if ((t[0] & 0xf8) == 0xf0)
		n = 4;
	else
		return 0;
	if (n > len)
		return 0;
	uint32_t sum = t[0] & (0xffu >> (n + 1));
	for (size_t i = 1; i < n; i++) {
		if ((t[i] & 0xc0) != 0x80)
			return 0;
		sum = sum << 6 | (t[i] & 0x3f);
	}
	if (sum < smallest[n] || sum > 0x10ffff ||
	    (sum >= 0xd800 && sum <= 0xdfff))
		return 0;
	*c = sum;
	return n;
}

size_t
utf8_length(const char *text, size_t len)
{
	uint32_t c;
	return utf8_decode(text, len, &c);
}

size_t
utf8_encode(uint32_t c, char bytes[4])
{
	if (c < 0x80) {
		bytes[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		bytes[0] = (char)(0xc0 | c >> 6);
		bytes[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		bytes[0] = (char)(0xe0 | c >> 12);
		bytes[1] = (char)(0x80 | (c >> 6 & 0x3f));
		bytes[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	bytes[0] = (char)(0xf0 | c >> 18);
	bytes[1] = (char)(0x80 | (c >> 12 & 0x3f));
	bytes[2] = (char)(0x80 | (c >> 6 & 0x3f));
	bytes[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

bool
utf8_is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0);
}

void
utf8_clean(char *to, size_t size, const char *from, size_t len,
    bool (*is_bad)(uint32_t c))
{
	size_t n = 0;
	for (size_t i = 0; i < len && from[i] != '\0';) {
		uint32_t c = 0;
		size_t step = utf8_decode(from + i, len - i, &c);
		bool bad = step == 0 || is_bad(c);
		size_t out = bad ? 1 : step;
		if (n + out >= size)
			break;
		if (bad)
			to[n] = '?';
		else
			memcpy(to + n, from + i, step);
		n += out;
		i += step != 0 ? step : 1;
	}
	to[n] = '\0';
}
