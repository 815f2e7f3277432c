/* SPDX-License-Identifier: MIT
 *
 * Reading the record stream: both forms, and both byte orders of the binary
 * one.
 */
#include "lib/record.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/json_read.h"
#include "lib/lines.h"
#include "lib/magic.h"
#include "lib/record_text.h"
#include "lib/xalloc.h"

enum { BLOCK = 256 * 1024, LONGEST_LINE = 1024 * 1024 };

enum form { UNKNOWN, BINARY, SWAPPED, TEXT };

struct record_reader {
	int fd;
	enum form form;
	bool ended;
	struct buf buf;		/* binary: bytes read; text: slots made */
	size_t used;		/* of buf, handed out by the last call */
	struct lines lines;
	struct json json;
	struct record_names names;
	uint64_t torn, bad_lines;
	bool has_records;	/* text: there was one */
	char error[160];
};

struct record_reader *
record_reader_new(int fd)
{
	struct record_reader *r = xcalloc(1, sizeof(*r));
	r->fd = fd;
	lines_init(&r->lines, fd, LONGEST_LINE);
	record_source_init(&r->names.source);
	return r;
}

void
record_reader_free(struct record_reader *r)
{
	if (r == NULL)
		return;
	buf_done(&r->buf);
	lines_done(&r->lines);
	json_done(&r->json);
	record_source_done(&r->names.source);
	free(r);
}

const char *
record_reader_error(const struct record_reader *r)
{
	return r->error;
}

uint64_t
record_reader_torn(const struct record_reader *r)
{
	return r->torn;
}

uint64_t
record_reader_bad_lines(const struct record_reader *r)
{
	return r->bad_lines + r->lines.too_long;
}

bool
record_reader_is_text(const struct record_reader *r)
{
	return r->form == TEXT;
}

static void
swap(void *at, size_t size, size_t count)
{
	unsigned char *p = at;
	for (; count > 0; count--, p += size)
		for (size_t i = 0; i < size / 2; i++) {
			unsigned char c = p[i];
			p[i] = p[size - 1 - i];
			p[size - 1 - i] = c;
		}
}

#define SWAP(field) swap(&(field), sizeof(field), 1)

/* From the other byte order; `slots` of the record are there. */
static void
swap_record(union record *r)
{
	if (r->kind != RECORD_SOURCE)
		SWAP(r->common.tail);
	switch (r->kind) {
	case RECORD_PACKET:
		SWAP(r->packet.ts);
		SWAP(r->packet.src_port);
		SWAP(r->packet.dst_port);
		SWAP(r->packet.frame_length);
		SWAP(r->packet.network_length);
		SWAP(r->packet.vlan);
		SWAP(r->packet.interface);
		break;
	case RECORD_EVENT:
		SWAP(r->event.length);
		SWAP(r->event.ts);
		break;
	case RECORD_TICK:
	case RECORD_END:
		SWAP(r->end.ts);
		break;
	case RECORD_SOURCE:
		SWAP(r->header.order);
		SWAP(r->header.version);
		SWAP(r->header.record_size);
		SWAP(r->header.tail);
		SWAP(r->header.length);
		break;
	default:
		break;
	}
}

static void
swap_tail(union record *r)
{
	if (r->kind == RECORD_TICK && r->common.tail >= 2)
		swap(r->bytes + offsetof(struct record_tick, counters), 8,
		    sizeof(struct record_counters) / 8);
}

/* Is this the header of a stream that we can read? */
static bool
check_header(struct record_reader *r, const struct record_header *h)
{
	uint16_t order = h->order, version = h->version;
	uint16_t size = h->record_size;
	if (memcmp(h->magic, RECORD_MAGIC, sizeof(h->magic)) != 0) {
		snprintf(r->error, sizeof(r->error), "expected a record "
		    "stream as capd writes it, found something else");
		return false;
	}
	r->form = BINARY;
	if (order != RECORD_ORDER) {
		SWAP(order);
		SWAP(version);
		SWAP(size);
		r->form = SWAPPED;
	}
	if (order == RECORD_ORDER && version == RECORD_VERSION &&
	    size == RECORD_SIZE)
		return true;
	snprintf(r->error, sizeof(r->error), "expected a record stream of "
	    "version %d with %d-byte records, found version %u with %u",
	    RECORD_VERSION, RECORD_SIZE, (unsigned)version, (unsigned)size);
	return false;
}

/* Bring what was read into our byte order and find how much is whole. */
static size_t
whole_slots(struct record_reader *r)
{
	union record *records = (void *)r->buf.data;
	size_t slots = r->buf.len / RECORD_SIZE, at = 0;
	bool swapped = r->form == SWAPPED;
	for (;;) {
		if (!swapped)
			at += record_packets_run(&records[at], slots - at);
		if (at >= slots)
			break;
		union record *record = &records[at];
		/* The tail's length is read before the rest is swapped: a
		 * record that is not whole yet must stay as it came. */
		uint16_t tail = record_tail(record);
		if (swapped)
			SWAP(tail);
		if (at + 1 + tail > slots)
			break;
		if (swapped) {
			swap_record(record);
			swap_tail(record);
		}
		at += 1u + tail;
	}
	return at;
}

static enum record_status
read_binary(struct record_reader *r, const union record **records,
    size_t *slots)
{
	buf_drop(&r->buf, r->used);
	r->used = 0;
	char *at = buf_reserve(&r->buf, BLOCK);
	ssize_t n = read(r->fd, at, BLOCK);
	if (n == -1 && (errno == EINTR || errno == EAGAIN))
		return RECORD_MORE;
	if (n == -1) {
		snprintf(r->error, sizeof(r->error), "cannot read: %s",
		    strerror(errno));
		return RECORD_FAILED;
	}
	if (n == 0) {
		r->torn = r->buf.len;
		return RECORD_EOF;
	}
	r->buf.len += (size_t)n;
	if (r->form == UNKNOWN && r->buf.len >= RECORD_SIZE &&
	    !check_header(r, (const void *)r->buf.data))
		return RECORD_FAILED;
	if (r->form == UNKNOWN)
		return RECORD_MORE;
	*records = (const void *)r->buf.data;
	*slots = whole_slots(r);
	r->used = *slots * RECORD_SIZE;
	return *slots > 0 ? RECORD_GOT : RECORD_MORE;
}

/* Why this, before any record, is no stream of records; null: it may be one
 * with a bad line in it. */
static const char *
other_stream(const char *line)
{
	if (magic_of(line, strlen(line)) == MAGIC_SNAPSHOTS)
		return "expected records, as capd writes them, found "
		    "snapshots, as flowagg writes them";
	if (strspn(line, "{ \t\r") == strlen(line))
		return "expected records, one JSON object a line, found one "
		    "over several lines (jq -c writes the former)";
	return NULL;
}

static enum record_status
read_text(struct record_reader *r, const union record **records,
    size_t *slots)
{
	if (r->lines.ended)
		return RECORD_EOF;
	int got = lines_fill(&r->lines);
	if (got == -1 && errno == EAGAIN)
		return RECORD_MORE;
	if (got == -1) {
		snprintf(r->error, sizeof(r->error), "cannot read: %s",
		    strerror(errno));
		return RECORD_FAILED;
	}
	buf_reset(&r->buf);
	size_t len;
	const char *other;
	for (char *line; (line = lines_next(&r->lines, &len)) != NULL;)
		if (json_parse(&r->json, line, len) &&
		    record_text_parse(&r->json, &r->names, &r->buf)) {
			r->has_records = true;
		} else if (r->has_records ||
		    (other = other_stream(line)) == NULL) {
			r->bad_lines++;
		} else {
			snprintf(r->error, sizeof(r->error), "%s", other);
			return RECORD_FAILED;
		}
	if (r->lines.ended && !r->has_records) {
		snprintf(r->error, sizeof(r->error), "expected records, as "
		    "capd writes them, found no line that is one");
		return RECORD_FAILED;
	}
	*records = (const void *)r->buf.data;
	*slots = r->buf.len / RECORD_SIZE;
	return *slots > 0 ? RECORD_GOT : RECORD_MORE;
}

/* Why it is no stream of records that begins so. */
static enum record_status
refuse(struct record_reader *r, const char *start, size_t len)
{
	const char *what = "";
	switch (magic_of(start, len)) {
	case MAGIC_CAPTURE:
		what = "; a capture file goes through capd -r first";
		break;
	case MAGIC_PACKED:
		what = "; decompress it first";
		break;
	case MAGIC_MARKED:
		what = "; it is a byte-order mark: take it out";
		break;
	case MAGIC_UTF16:
		what = "; it is UTF-16: iconv -f UTF-16 -t UTF-8 helps";
		break;
	case MAGIC_RECORDS:
	case MAGIC_SNAPSHOTS:
	case MAGIC_OTHER:
		break;
	}
	snprintf(r->error, sizeof(r->error), "expected a record stream as "
	    "capd writes it (binary or NDJSON), found a first byte 0x%02x%s",
	    (unsigned char)*start, what);
	return RECORD_FAILED;
}

/* The first byte tells which form it is; less than a record is read. */
static enum record_status
look(struct record_reader *r)
{
	char start[MAGIC_LEN];
	ssize_t n = read(r->fd, start, sizeof(start));
	if (n == -1 && (errno == EINTR || errno == EAGAIN))
		return RECORD_MORE;
	if (n == 0)
		return RECORD_EOF;
	if (n == -1) {
		snprintf(r->error, sizeof(r->error), "cannot read: %s",
		    strerror(errno));
		return RECORD_FAILED;
	}
	if (*start == '{') {
		r->form = TEXT;
		buf_add(&r->lines.buf, start, (size_t)n);
		return RECORD_GOT;
	}
	if (*start == RECORD_MAGIC[0]) {
		buf_add(&r->buf, start, (size_t)n);
		return RECORD_GOT;
	}
	return refuse(r, start, (size_t)n);
}

enum record_status
record_read(struct record_reader *r, const union record **records,
    size_t *slots)
{
	*slots = 0;
	if (r->form == UNKNOWN && r->buf.len == 0) {
		enum record_status status = look(r);
		if (status != RECORD_GOT)
			return status;
	}
	return r->form == TEXT ? read_text(r, records, slots) :
	    read_binary(r, records, slots);
}
