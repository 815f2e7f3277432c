/* SPDX-License-Identifier: MIT
 *
 * What a file or stream is, by how it begins.  For messages: people chain
 * filters by hand, and each reader names what it was given instead.
 */
#ifndef LIB_MAGIC_H
#define LIB_MAGIC_H

#include <stddef.h>

enum magic {
	MAGIC_OTHER,
	MAGIC_CAPTURE,		/* pcap or pcapng */
	MAGIC_RECORDS,		/* of capd, in either form */
	MAGIC_SNAPSHOTS,	/* of flowagg */
	MAGIC_PACKED,		/* compressed */
	MAGIC_MARKED,		/* UTF-8 behind a byte-order mark */
	MAGIC_UTF16,
};

enum { MAGIC_LEN = 16 };	/* bytes that tell; fewer tell less */

enum magic magic_of(const void *start, size_t len);

/* The program that has compressed it, as "gzip"; else null. */
const char *magic_packer(const void *start, size_t len);

#endif
