/* SPDX-License-Identifier: MIT
 *
 * First bytes.
 */
#include "lib/magic.h"

#include <string.h>

struct magic_row {
	enum magic kind;
	const char *bytes;
	const char *packer;
};

#define RECORD_LINE(kind) "{\"type\":\"" kind "\""

static const struct magic_row rows[] = {
	{ MAGIC_CAPTURE, "\xd4\xc3\xb2\xa1", NULL },
	{ MAGIC_CAPTURE, "\xa1\xb2\xc3\xd4", NULL },
	{ MAGIC_CAPTURE, "\x4d\x3c\xb2\xa1", NULL },	/* nanoseconds */
	{ MAGIC_CAPTURE, "\xa1\xb2\x3c\x4d", NULL },
	{ MAGIC_CAPTURE, "\x34\xcd\xb2\xa1", NULL },	/* longer headers */
	{ MAGIC_CAPTURE, "\xa1\xb2\xcd\x34", NULL },
	{ MAGIC_CAPTURE, "\x0a\x0d\x0d\x0a", NULL },	/* pcapng */
	{ MAGIC_RECORDS, "\x89", NULL },	/* enough of RECORD_MAGIC */
	{ MAGIC_RECORDS, RECORD_LINE("source"), NULL },
	{ MAGIC_RECORDS, RECORD_LINE("packet"), NULL },
	{ MAGIC_RECORDS, RECORD_LINE("tick"), NULL },
	{ MAGIC_SNAPSHOTS, "{\"schema\"", NULL },
	{ MAGIC_PACKED, "\x1f\x8b", "gzip" },
	{ MAGIC_PACKED, "\x28\xb5\x2f\xfd", "zstd" },
	{ MAGIC_PACKED, "\xfd" "7zXZ", "xz" },
	{ MAGIC_PACKED, "BZh", "bzip2" },
	{ MAGIC_PACKED, "\x04\x22\x4d\x18", "lz4" },
	{ MAGIC_MARKED, "\xef\xbb\xbf", NULL },
	{ MAGIC_UTF16, "\xff\xfe", NULL },
	{ MAGIC_UTF16, "\xfe\xff", NULL },
};

static const struct magic_row *
find(const void *start, size_t len)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t n = strlen(rows[i].bytes);
		if (len >= n && memcmp(start, rows[i].bytes, n) == 0)
			return &rows[i];
	}
	return NULL;
}

enum magic
magic_of(const void *start, size_t len)
{
	const struct magic_row *row = find(start, len);
	return row != NULL ? row->kind : MAGIC_OTHER;
}

const char *
magic_packer(const void *start, size_t len)
{
	const struct magic_row *row = find(start, len);
	return row != NULL ? row->packer : NULL;
}
