/* SPDX-License-Identifier: MIT
 *
 * Writing the record stream.
 */
#include "lib/record.h"

#include <stdlib.h>
#include <string.h>

#include "lib/io.h"
#include "lib/record_text.h"
#include "lib/utf8.h"
#include "lib/xalloc.h"

enum { BATCH = 64 * 1024 };

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

/* JSON quotes whatever an interface is called, TSV does not. */
static void
remember_names(struct record_writer *w, const struct record_source *s)
{
	w->name_count = s->interface_count;
	w->names = xreallocarray(w->names, s->interface_count, SOURCE_NAME);
	for (uint16_t i = 0; i < s->interface_count; i++) {
		const char *name = s->interfaces[i].name;
		if (w->form == FORM_TSV)
			utf8_clean(w->names[i], SOURCE_NAME, name,
			    strlen(name), utf8_is_control);
		else
			memcpy(w->names[i], name, SOURCE_NAME);
	}
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
    enum record_level level, const char *words)
{
	char text[RECORD_EVENT_TEXT];
	utf8_clean(text, sizeof(text), words, strlen(words), utf8_is_control);
	if (w->form == FORM_BINARY) {
		struct record_event e = { .kind = RECORD_EVENT,
			.level = (uint8_t)level, .ts = ts };
		size_t len = strlen(text);
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
