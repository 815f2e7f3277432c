/* SPDX-License-Identifier: MIT
 *
 * Host names: letters, digits, hyphen (RFC 1123), the underscore that real
 * zones have, and internationalized names that are not in their ASCII form.
 */
#include "namemap/hostname.h"

#include <stdint.h>
#include <string.h>

#include "lib/utf8.h"

struct range {
	uint32_t first, last;
};

/* Not visible, or visible as something else: controls, spaces, fillers,
 * marks that turn or join text, full stops that are not '.', the digits of
 * ASCII in other forms (which IDNA replaces, too), private use. */
static const struct range refused[] = {
	{ 0x0000, 0x00a0 }, { 0x00ad, 0x00ad }, { 0x034f, 0x034f },
	{ 0x0600, 0x0605 }, { 0x061c, 0x061c }, { 0x06dd, 0x06dd },
	{ 0x070f, 0x070f }, { 0x0890, 0x0891 }, { 0x08e2, 0x08e2 },
	{ 0x115f, 0x1160 }, { 0x1680, 0x1680 }, { 0x17b4, 0x17b5 },
	{ 0x180b, 0x180f }, { 0x2000, 0x206f }, { 0x2800, 0x2800 },
	{ 0x3000, 0x3002 }, { 0x3164, 0x3164 }, { 0xd800, 0xf8ff },
	{ 0xfe00, 0xfe0f }, { 0xfe52, 0xfe52 }, { 0xfeff, 0xfeff },
	{ 0xff0e, 0xff19 }, { 0xff61, 0xff61 }, { 0xffa0, 0xffa0 },
	{ 0xfff0, 0xffff }, { 0x110bd, 0x110bd }, { 0x110cd, 0x110cd },
	{ 0x13430, 0x1345f }, { 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a },
	{ 0x1d7ce, 0x1d7ff }, { 0x1fbf0, 0x1fbf9 }, { 0xe0000, 0x10ffff },
};

static bool
is_visible(uint32_t c)
{
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
		if (c >= refused[i].first && c <= refused[i].last)
			return false;
	return (c & 0xfffe) != 0xfffe;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_plain(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	    is_digit(c) || c == '-' || c == '_';
}

/* Bytes of the label at `text`, up to a dot or the end; 0 when it is not
 * one.  *digits: nothing but digits? */
static size_t
label(const char *text, size_t len, bool *digits)
{
	size_t at = 0;
	*digits = true;
	while (at < len && text[at] != '.') {
		uint32_t c;
		size_t step = 1;
		if (!is_plain(text[at])) {
			step = utf8_decode(text + at, len - at, &c);
			if (step < 2 || !is_visible(c))
				return 0;
		}
		if (!is_digit(text[at]))
			*digits = false;
		at += step;
	}
	return at <= 63 ? at : 0;
}

bool
hostname_check(const char *text, size_t len, char name[HOSTNAME_TEXT])
{
	name[0] = '\0';
	if (len > 0 && text[len - 1] == '.')
		len--;
	if (len == 0 || len >= HOSTNAME_TEXT || text[0] == '-')
		return false;
	bool digits = true;
	for (size_t at = 0; at <= len; at++) {
		size_t n = label(text + at, len - at, &digits);
		if (n == 0)
			return false;
		at += n;
	}
	if (digits)	/* "192.0.2.1" as a name would be a lie */
		return false;
	memcpy(name, text, len);
	name[len] = '\0';
	return true;
}
