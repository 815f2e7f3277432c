/* SPDX-License-Identifier: MIT
 *
 * The record stream's writer and reader.
 */
#include "lib/record.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/io.h"
#include "lib/json_read.h"
#include "lib/lines.h"
#include "lib/record_text.h"
#include "lib/xalloc.h"

enum { BATCH = 64 * 1024, BLOCK = 256 * 1024, LONGEST_LINE = 1024 * 1024 };

/*
 * Writing.
 */

void
record_writer_init(struct record_writer *w, int fd, enum record_form form)
{
	*w = (struct record_writer){ .fd = fd, .form = form, .batch = BATCH };
	buf_reserve(&w->buf, BATCH + 4 * RECORD_SIZE);
}

void
record_writer_done(struct record_writer *w)
{
	buf_done(&w->buf);
	free(w->names);
	*w = (struct record_writer){ .fd = -1 };
}

bool
record_flush(struct record_writer *w)
{
	if (w->fd == -1)	/* into memory */
		return true;
	bool good = io_write_all(w->fd, w->buf.data, w->buf.len);
	buf_reset(&w->buf);
	buf_reserve(&w->buf, w->batch + 4 * RECORD_SIZE);
	return good;
}

static bool
full(struct record_writer *w)
{
	return w->buf.len < w->batch || record_flush(w);
}

/* A slot with `len` bytes of text behind it, padded with zeros. */
static void
add_with_tail(struct record_writer *w, const void *slot, const char *text,
    size_t len)
{
	size_t padded = (len + RECORD_SIZE - 1) / RECORD_SIZE * RECORD_SIZE;
	buf_add(&w->buf, slot, RECORD_SIZE);
	char *at = buf_reserve(&w->buf, padded);
	memset(at, 0, padded);
	memcpy(at, text, len);
	w->buf.len += padded;
	buf_reserve(&w->buf, 4 * RECORD_SIZE);
}

/* Slots for that many bytes, at most as many as a tail can have. */
static uint16_t
tail_slots(size_t *len)
{
	size_t most = (size_t)UINT16_MAX * RECORD_SIZE;
	if (*len > most)
		*len = most;
	return (uint16_t)((*len + RECORD_SIZE - 1) / RECORD_SIZE);
}

static void
remember_names(struct record_writer *w, const struct record_source *s)
{
	w->name_count = s->interface_count;
	w->names = xreallocarray(w->names, s->interface_count, SOURCE_NAME);
	for (uint16_t i = 0; i < s->interface_count; i++)
		memcpy(w->names[i], s->interfaces[i].name, SOURCE_NAME);
}

static const char *
name_of(const struct record_writer *w, uint16_t interface)
{
	return interface < w->name_count ? w->names[interface] : "";
}

/* Text lines that are not packets: as they are, or as notes in TSV. */
static bool
add_line(struct record_writer *w, struct buf *line)
{
	if (w->form == FORM_NDJSON)
		buf_add(&w->buf, line->data, line->len);
	else
		record_tsv_note(&w->buf, line->data, line->len);
	buf_done(line);
	return full(w);
}

bool
record_write_source(struct record_writer *w, const struct record_source *s)
{
	struct buf text = { 0 };
	record_source_format(s, &text);
	if (w->form != FORM_BINARY) {
		bool first = w->names == NULL;
		remember_names(w, s);
		buf_add_char(&text, '\n');
		if (w->form == FORM_TSV && first)
			record_tsv_heading(&w->buf);
		return add_line(w, &text);
	}
	struct record_header h = {
		.magic = RECORD_MAGIC, .order = RECORD_ORDER,
		.version = RECORD_VERSION, .record_size = RECORD_SIZE,
	};
	size_t len = text.len;
	h.tail = tail_slots(&len);
	h.length = (uint32_t)len;
	add_with_tail(w, &h, text.data, len);
	buf_done(&text);
	return full(w);
}

bool
record_write_packet(struct record_writer *w, const struct record_packet *p)
{
	switch (w->form) {
	case FORM_BINARY:
		buf_add(&w->buf, p, sizeof(*p));
		break;
	case FORM_NDJSON:
		record_text_packet(&w->buf, p, name_of(w, p->interface));
		break;
	case FORM_TSV:
		record_tsv_packet(&w->buf, p, name_of(w, p->interface));
		break;
	}
	return full(w);
}

bool
record_write_tick(struct record_writer *w, const struct record_tick *t)
{
	if (w->form == FORM_BINARY) {
		buf_add(&w->buf, t, sizeof(*t));
		return full(w);
	}
	struct buf line = { 0 };
	record_text_tick(&line, t);
	return add_line(w, &line);
}

bool
record_write_event(struct record_writer *w, uint64_t ts,
    enum record_level level, const char *text)
{
	size_t len = strlen(text);
	if (w->form == FORM_BINARY) {
		struct record_event e = { .kind = RECORD_EVENT,
			.level = (uint8_t)level, .ts = ts };
		e.tail = tail_slots(&len);
		e.length = (uint32_t)len;
		add_with_tail(w, &e, text, len);
		return full(w);
	}
	struct buf line = { 0 };
	record_text_event(&line, ts, level, text);
	return add_line(w, &line);
}

bool
record_write_end(struct record_writer *w, uint64_t ts)
{
	if (w->form == FORM_BINARY) {
		struct record_end e = { .kind = RECORD_END, .ts = ts };
		buf_add(&w->buf, &e, sizeof(e));
		return full(w);
	}
	struct buf line = { 0 };
	record_text_end(&line, ts);
	return add_line(w, &line);
}

/*
 * Reading.
 */

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
	while (at < slots) {
		union record *record = &records[at];
		if (record->kind == RECORD_PACKET && r->form == BINARY) {
			record->packet.tail = 0;
			at++;
			continue;
		}
		/* The tail's length is read before the rest is swapped: a
		 * record that is not whole yet must stay as it came. */
		uint16_t tail = record->kind == RECORD_SOURCE ?
		    record->header.tail : record->common.tail;
		if (r->form == SWAPPED)
			SWAP(tail);
		if (at + 1 + tail > slots)
			break;
		if (r->form == SWAPPED) {
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
	static const char start[] = "{\"schema\"";
	if (strncmp(line, start, sizeof(start) - 1) == 0)
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

/* The first byte tells which form it is; it stays to be read. */
static enum record_status
look(struct record_reader *r)
{
	char c;
	ssize_t n = read(r->fd, &c, 1);
	if (n == -1 && (errno == EINTR || errno == EAGAIN))
		return RECORD_MORE;
	if (n == 0)
		return RECORD_EOF;
	if (n == -1) {
		snprintf(r->error, sizeof(r->error), "cannot read: %s",
		    strerror(errno));
		return RECORD_FAILED;
	}
	if (c == '{') {
		r->form = TEXT;
		buf_add_char(&r->lines.buf, c);
		return RECORD_GOT;
	}
	if (c == RECORD_MAGIC[0]) {
		buf_add_char(&r->buf, c);
		return RECORD_GOT;
	}
	snprintf(r->error, sizeof(r->error), "expected a record stream as "
	    "capd writes it (binary or NDJSON), found a first byte 0x%02x%s",
	    (unsigned char)c,
	    strchr("\xd4\xa1\x4d\x0a", c) != NULL && c != '\0' ?
	    "; a capture file goes through capd -r first" :
	    c == '\xef' ? "; it is a byte-order mark: take it out" : "");
	return RECORD_FAILED;
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
