/* SPDX-License-Identifier: MIT
 *
 * Rates and amounts for people: the unit is chosen after rounding, and at
 * both ends of the range there is one.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/format.h"

static int failures;

static void
expect(const char *want, const char *got)
{
	if (strcmp(want, got) == 0)
		return;
	printf("lib_format: expected %s, got %s\n", want, got);
	failures++;
}

static void
rate(uint64_t value, enum format_unit unit, const char *want)
{
	char text[FORMAT_TEXT];
	format_rate(value, unit, text);
	expect(want, text);
}

static void
amount(uint64_t value, const char *want)
{
	char text[FORMAT_TEXT];
	format_bytes(value, text);
	expect(want, text);
}

int
main(void)
{
	static const struct { uint64_t value; const char *want; } amounts[] = {
		{ 0, "0B" }, { 999, "999B" }, { 1000, "1.00kB" },
		{ 1004, "1.00kB" }, { 1005, "1.01kB" }, { 9994, "9.99kB" },
		{ 9995, "10.0kB" }, { 99949, "99.9kB" }, { 99950, "100kB" },
		{ 999499, "999kB" }, { 999500, "1.00MB" },
		{ 999999, "1.00MB" }, { 12345678, "12.3MB" },
		{ 1340000000, "1.34GB" }, { 999499999999999, "999TB" },
		{ 999500000000000, "1.00PB" },
		{ 1234000000000000000, "1.23EB" }, { UINT64_MAX, "18.4EB" },
	};
	for (size_t i = 0; i < sizeof(amounts) / sizeof(amounts[0]); i++)
		amount(amounts[i].value, amounts[i].want);
	rate(0, FORMAT_BITS, "0b");
	rate(67, FORMAT_BITS, "536b");
	rate(67, FORMAT_BYTES, "67B");
	rate(12350, FORMAT_BITS, "98.8kb");
	rate(125, FORMAT_BITS, "1.00kb");
	rate(950, FORMAT_PACKETS, "950p");
	rate(1200, FORMAT_PACKETS, "1.20kp");
	rate(UINT64_MAX, FORMAT_BITS, "18.4Eb");	/* the most there is */
	return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
