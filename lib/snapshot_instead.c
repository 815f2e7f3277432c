/* SPDX-License-Identifier: MIT
 *
 * What an input starts with that holds no snapshots, with its remedy.
 */
#include <string.h>

#include "lib/magic.h"
#include "lib/snapshot.h"

/* The start of JSON that was set out for people. */
static bool
is_spread_out(const char *text, size_t len)
{
	size_t at = 0;
	while (at < len && strchr("{[ \t\r\n", text[at]) != NULL &&
	    text[at] != '\0')
		at++;
	return len > 0 && at == len;
}

const char *
snapshot_instead(const char *text, size_t len)
{
	switch (magic_of(text, len)) {
	case MAGIC_RECORDS:
		return "packet records of capd; put flowagg in between";
	case MAGIC_CAPTURE:
		return "a capture file; capd -r FILE | flowagg makes "
		    "snapshots of it";
	case MAGIC_PACKED:
		return "a compressed file; decompress it first";
	case MAGIC_MARKED:
		return "a byte-order mark before the JSON; take it out";
	case MAGIC_UTF16:
		return "UTF-16; iconv -f UTF-16 -t UTF-8 makes JSON of it";
	case MAGIC_SNAPSHOTS:
	case MAGIC_OTHER:
		break;
	}
	return is_spread_out(text, len) ? "JSON over several lines; jq -c "
	    "writes one object a line" : NULL;
}
