/* SPDX-License-Identifier: MIT
 *
 * The record stream's reader: whatever comes, it hands out whole records
 * and comes to an end.
 */
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
require(bool good)
{
	if (!good)
		abort();
}

/* Look at all of it, so that the sanitizer sees what is not there. */
static unsigned
look(const union record *r, size_t slots)
{
	unsigned sum = 0;
	for (size_t i = 0; i < slots * RECORD_SIZE; i++)
		sum += ((const uint8_t *)r)[i];
	return sum;
}

static void
parse_source(const union record *r, size_t slots)
{
	struct record_source s;
	if (r->kind != RECORD_SOURCE ||
	    r->header.length > (slots - 1) * RECORD_SIZE)
		return;
	record_source_init(&s);
	record_source_parse(&s, (const char *)(r + 1), r->header.length);
	require(s.interface_count <= SOURCE_INTERFACES);
	record_source_done(&s);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static int fd = -1;
	static volatile unsigned sum;
	const union record *r;
	enum record_status status;
	size_t slots;
	if (fd == -1)
		fd = memfd_create("fuzz", 0);
	require(fd != -1 && ftruncate(fd, 0) == 0 &&
	    pwrite(fd, data, len, 0) == (ssize_t)len &&
	    lseek(fd, 0, SEEK_SET) == 0);
	struct record_reader *reader = record_reader_new(fd);
	for (size_t reads = 0; (status = record_read(reader, &r, &slots)) !=
	    RECORD_EOF && status != RECORD_FAILED; reads++) {
		require(reads <= len + 16);
		while (slots > 0) {
			size_t n = record_slots(r);
			require(n <= slots);
			sum += look(r, n);
			parse_source(r, n);
			r += n;
			slots -= n;
		}
	}
	if (status == RECORD_FAILED)
		require(record_reader_error(reader)[0] != '\0');
	record_reader_free(reader);
	(void)sum;
	return 0;
}
