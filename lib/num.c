/* SPDX-License-Identifier: MIT
 *
 * Strict numbers.
 */
#include "lib/num.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

bool
num_unsigned(const char *text, uint64_t min, uint64_t max, uint64_t *value)
{
	uint64_t sum = 0;
	if (*text == '\0')
		return false;
	for (const char *at = text; *at != '\0'; at++) {
		if (*at < '0' || *at > '9')
			return false;
		unsigned digit = (unsigned)(*at - '0');
		if (sum > (UINT64_MAX - digit) / 10)
			return false;
		sum = sum * 10 + digit;
	}
	if (sum < min || sum > max)
		return false;
	*value = sum;
	return true;
}

/* The number at *text, which moves behind it. */
static bool
decimal(const char **text, double *value)
{
	const char *at = *text;
	double sum = 0, unit = 1;
	size_t digits = 0;
	for (; *at >= '0' && *at <= '9'; at++, digits++)
		sum = sum * 10 + (*at - '0');
	if (*at == '.')
		for (at++; *at >= '0' && *at <= '9'; at++, digits++) {
			sum = sum * 10 + (*at - '0');
			unit *= 10;
		}
	if (digits == 0 || digits > 300)
		return false;
	*value = sum / unit;
	*text = at;
	return true;
}

bool
num_decimal(const char *text, double min, double max, double *value)
{
	double v;
	if (!decimal(&text, &v) || *text != '\0' || v < min || v > max)
		return false;
	*value = v;
	return true;
}

/* The power of `step` that the suffix at *text stands for. */
static double
suffix(const char **text, double step)
{
	static const char letters[] = "kmgt";
	const char *found = **text != '\0' ?
	    strchr(letters, tolower((unsigned char)**text)) : NULL;
	if (found == NULL)
		return 1;
	(*text)++;
	double power = step;
	for (; found > letters; found--)
		power *= step;
	return power;
}

bool
num_rate(const char *text, uint64_t *bytes_per_second)
{
	double v;
	if (!decimal(&text, &v))
		return false;
	v *= suffix(&text, 1000);
	if (strcmp(text, "b") == 0 || strcmp(text, "bit") == 0)
		v /= 8;
	else if (*text != '\0' && strcmp(text, "B") != 0)
		return false;
	if (!(v >= 1 && v < 9007199254740992.0))
		return false;
	*bytes_per_second = (uint64_t)(v + 0.5);
	return true;
}

bool
num_size(const char *text, uint64_t min, uint64_t max, uint64_t *bytes)
{
	double v;
	if (!decimal(&text, &v))
		return false;
	v *= suffix(&text, 1024);
	if (*text != '\0' || !(v >= (double)min && v <= (double)max))
		return false;
	*bytes = (uint64_t)v;
	return true;
}
