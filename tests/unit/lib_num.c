/* SPDX-License-Identifier: MIT
 *
 * Numbers as options have them: what is taken, and what is not.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/num.h"

static int failures;

static void
check(bool good, const char *what, const char *text)
{
	if (good)
		return;
	printf("lib_num: %s \"%s\"\n", what, text);
	failures++;
}

static void
whole(const char *text, bool taken, uint64_t want)
{
	uint64_t got = 77;
	bool good = num_unsigned(text, 1, UINT64_MAX - 1, &got);
	check(good == taken && got == (taken ? want : 77), "unsigned", text);
}

static void
decimal(const char *text, bool taken, double want)
{
	double got = 77;
	bool good = num_decimal(text, 0.2, 3600, &got);
	double off = got - (taken ? want : 77);
	check(good == taken && off < 1e-9 && off > -1e-9, "decimal", text);
}

static void
rate(const char *text, bool taken, uint64_t want)
{
	uint64_t got = 77;
	bool good = num_rate(text, &got);
	check(good == taken && got == (taken ? want : 77), "rate", text);
}

static void
size(const char *text, bool taken, uint64_t want)
{
	uint64_t got = 77;
	bool good = num_size(text, 4096, 1 << 30, &got);
	check(good == taken && got == (taken ? want : 77), "size", text);
}

int
main(void)
{
	whole("1", true, 1);
	whole("007", true, 7);
	whole("18446744073709551614", true, UINT64_MAX - 1);
	static const char *const no_numbers[] = { "", "0", "-1", "+1", " 1",
		"1 ", "1.0", "0x10", "1e3", "18446744073709551615",
		"18446744073709551616", "99999999999999999999999" };
	for (size_t i = 0; i < sizeof(no_numbers) / sizeof(*no_numbers); i++)
		whole(no_numbers[i], false, 0);

	decimal("0.2", true, 0.2);
	decimal(".5", true, 0.5);
	decimal("5.", true, 5);
	decimal("3600", true, 3600);
	decimal("0.19", false, 0);
	decimal("3600.1", false, 0);
	decimal(".", false, 0);
	decimal("", false, 0);
	decimal("1e3", false, 0);
	decimal("-1", false, 0);
	decimal("nan", false, 0);
	decimal("1,5", false, 0);
	/* More digits than a power of ten goes to is no number, not NaN. */
	char many[700];
	memset(many, '1', sizeof(many));
	many[350] = '.';
	many[699] = '\0';
	decimal(many, false, 0);
	memset(many, '0', 350);
	decimal(many, false, 0);

	rate("500k", true, 500000);
	rate("500kB", true, 500000);
	rate("10Mb", true, 1250000);
	rate("10Mbit", true, 1250000);
	rate("1.5G", true, 1500000000);
	rate("2t", true, UINT64_C(2000000000000));
	rate("12b", true, 2);
	rate("8", true, 8);
	rate("0", false, 0);
	rate("7b", false, 0);
	rate("10000T", false, 0);
	rate("1x", false, 0);
	rate("1kk", false, 0);
	rate("1Bit", false, 0);
	rate("k", false, 0);

	size("4096", true, 4096);
	size("4k", true, 4096);
	size("0.5G", true, 1 << 29);
	size("32M", true, 32 << 20);
	size("1G", true, 1 << 30);
	size("4095", false, 0);
	size("2G", false, 0);
	size("4kB", false, 0);
	return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
