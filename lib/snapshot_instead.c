/* SPDX-License-Identifier: MIT
 *
 * What an input starts with that holds no snapshots.  People chain filters by
 * hand, and the likely mistakes are few: each is told with its remedy.
 */
#include <string.h>

#include "lib/record.h"
#include "lib/snapshot.h"

static bool
starts(const char *text, size_t len, const char *with, size_t n)
{
	return len >= n && memcmp(text, with, n) == 0;
}

static bool
is_capture(const char *text, size_t len)
{
	static const char magics[][4] = {
		{ '\xd4', '\xc3', '\xb2', '\xa1' },
		{ '\xa1', '\xb2', '\xc3', '\xd4' },
		{ '\x4d', '\x3c', '\xb2', '\xa1' },
		{ '\xa1', '\xb2', '\x3c', '\x4d' },
		{ '\x0a', '\x0d', '\x0d', '\x0a' },
	};
	for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++)
		if (starts(text, len, magics[i], sizeof(magics[i])))
			return true;
	return false;
}

/* As capd -o ndjson writes them. */
static bool
is_record(const char *text, size_t len)
{
	static const char *const kinds[] = { "{\"type\":\"source\"",
		"{\"type\":\"packet\"", "{\"type\":\"tick\"" };
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (starts(text, len, kinds[i], strlen(kinds[i])))
			return true;
	return false;
}

const char *
snapshot_instead(const char *text, size_t len)
{
	size_t at = 0;
	if (starts(text, len, RECORD_MAGIC, 1) || is_record(text, len))
		return "packet records of capd; put flowagg in between";
	if (is_capture(text, len))
		return "a capture file; capd -r FILE | flowagg makes "
		    "snapshots of it";
	if (starts(text, len, "\xef\xbb\xbf", 3))
		return "a byte-order mark before the JSON; take it out";
	if (starts(text, len, "\xff\xfe", 2) || starts(text, len, "\xfe\xff", 2))
		return "UTF-16; iconv -f UTF-16 -t UTF-8 makes JSON of it";
	while (at < len && strchr("{[ \t\r\n", text[at]) != NULL &&
	    text[at] != '\0')
		at++;
	if (len > 0 && at == len)
		return "JSON over several lines; jq -c writes one object a "
		    "line";
	return NULL;
}
