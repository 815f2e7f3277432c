/* SPDX-License-Identifier: MIT
 *
 * Numbers of three digits with a unit.
 */
#include "lib/format.h"

#include <stdbool.h>
#include <string.h>

/* The last digits of a number. */
static char *
put_number(char *at, uint64_t n, unsigned digits)
{
	for (unsigned i = digits; i-- > 0; n /= 10)
		at[i] = (char)('0' + n % 10);
	return at + digits;
}

static char *
put_whole(char *at, uint64_t n)
{
	unsigned digits = 1;
	for (uint64_t rest = n; rest >= 10; rest /= 10)
		digits++;
	return put_number(at, n, digits);
}

/* Integer arithmetic throughout, so every machine prints the same, and no
 * printf(3): there is a screen full of them each second. */
static void
scaled(uint64_t value, const char unit[2], char text[FORMAT_TEXT])
{
	static const char prefixes[] = "kMGTPE";
	if (value < 1000) {
		text = put_whole(text, value);
		memcpy(text, unit, 2);
		return;
	}
	uint64_t step = 1000;
	for (const char *prefix = prefixes;; prefix++, step *= 1000) {
		bool last = prefix[1] == '\0';
		/* Hundredths and tenths of the step, rounded. */
		uint64_t hundredths = value / (step / 100) +
		    (value % (step / 100) >= step / 200);
		uint64_t tenths = value / (step / 10) +
		    (value % (step / 10) >= step / 20);
		uint64_t whole = value / step + (value % step >= step / 2);
		if (hundredths < 1000) {
			*text++ = (char)('0' + hundredths / 100);
			*text++ = '.';
			text = put_number(text, hundredths % 100, 2);
		} else if (tenths < 1000) {
			text = put_number(text, tenths / 10, 2);
			*text++ = '.';
			*text++ = (char)('0' + tenths % 10);
		} else if (whole < 1000 || last) {
			text = put_whole(text, whole);
		} else {
			continue;
		}
		*text++ = *prefix;
		memcpy(text, unit, 2);
		return;
	}
}

void
format_rate(uint64_t per_second, enum format_unit unit,
    char text[FORMAT_TEXT])
{
	if (unit == FORMAT_BITS)
		scaled(per_second > UINT64_MAX / 8 ? UINT64_MAX :
		    per_second * 8, "b", text);
	else
		scaled(per_second, unit == FORMAT_BYTES ? "B" : "p", text);
}

void
format_bytes(uint64_t bytes, char text[FORMAT_TEXT])
{
	scaled(bytes, "B", text);
}
