/* SPDX-License-Identifier: MIT
 *
 * Numbers of three digits with a unit.
 */
#include "lib/format.h"

#include <stdbool.h>
#include <stdio.h>

/* Integer arithmetic throughout, so every machine prints the same. */
static void
scaled(uint64_t value, const char *unit, char text[FORMAT_TEXT])
{
	static const char prefixes[] = "kMGTPE";
	if (value < 1000) {
		snprintf(text, FORMAT_TEXT, "%u%s", (unsigned)value, unit);
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
		if (hundredths < 1000)
			snprintf(text, FORMAT_TEXT, "%u.%02u%c%s",
			    (unsigned)(hundredths / 100),
			    (unsigned)(hundredths % 100), *prefix, unit);
		else if (tenths < 1000)
			snprintf(text, FORMAT_TEXT, "%u.%u%c%s",
			    (unsigned)(tenths / 10), (unsigned)(tenths % 10),
			    *prefix, unit);
		else if (whole < 1000 || last)
			snprintf(text, FORMAT_TEXT, "%u%c%s", (unsigned)whole,
			    *prefix, unit);
		else
			continue;
		return;
	}
}

void
format_rate(uint64_t bytes_per_second, enum format_unit unit,
    char text[FORMAT_TEXT])
{
	if (unit == FORMAT_BITS)
		scaled(bytes_per_second > UINT64_MAX / 8 ? UINT64_MAX :
		    bytes_per_second * 8, "b", text);
	else
		scaled(bytes_per_second, unit == FORMAT_BYTES ? "B" : "p",
		    text);
}

void
format_bytes(uint64_t bytes, char text[FORMAT_TEXT])
{
	scaled(bytes, "B", text);
}
