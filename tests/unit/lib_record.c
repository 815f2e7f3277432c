/* SPDX-License-Identifier: MIT
 *
 * Every kind of record, with every field: written and read again, in the
 * binary form of either byte order and as text, whole and in pieces.
 */
#include <err.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/record.h"
#include "lib/xalloc.h"

static int failures;

static void
expect(bool good, const char *what, size_t piece)
{
	if (good)
		return;
	failures++;
	printf("%s, pieces of %zu\n", what, piece);
}

static const char event_text[] = "an event whose text takes more than one "
    "slot, as it is of seventy bytes or so";

static const struct record_packet packets[] = {
	{ .kind = RECORD_PACKET, .flags = RECORD_TRUNCATED,
		.family = ADDR_IPV4, .protocol = 6, .tcp_flags = 0x12,
		.direction = DIRECTION_OUT, .ts = 1700000000123456789,
		.src = { 192, 0, 2, 1 }, .dst = { 198, 51, 100, 2 },
		.src_port = 0x1234, .dst_port = 443, .frame_length = 70000,
		.network_length = 69986, .vlan = 0x123, .interface = 1 },
	{ .kind = RECORD_PACKET, .flags = RECORD_ICMP_ECHO,
		.family = ADDR_IPV6, .protocol = 58,
		.direction = DIRECTION_IN, .ts = 1700000000223456789,
		.src = { 0xfd, [15] = 1 }, .dst = { 0xfd, [15] = 2 },
		.src_port = 128 << 8, .dst_port = 0xabcd, .frame_length = 118,
		.network_length = 104 },
	{ .kind = RECORD_PACKET, .flags = RECORD_FRAGMENT | RECORD_NO_PORTS,
		.family = ADDR_IPV4, .protocol = 1,
		.ts = 1700000000323456789, .src = { 192, 0, 2, 1 },
		.dst = { 198, 51, 100, 2 }, .frame_length = 60,
		.network_length = 46, .interface = 1 },
};

static const struct record_tick tick = { .kind = RECORD_TICK,
	.state = STATE_DOWN, .tail = 2, .wire_known = 1,
	.ts = 1700000001000000000,
	.counters = { 0x101, 0x10203, 3, 4, 5, 0x606, 7, 0x808, 9, 0xa0a, 11,
		0x0c0d0e0f1011, 0x1213141516 } };

static struct record_source
source(void)
{
	struct record_source s;
	record_source_init(&s);
	s.live = s.count_network = true;
	strcpy(s.host, "web1.example.net");
	strcpy(s.session, "9f3c1a77d2e04b58");
	s.start = 1700000000000000007;
	s.snaplen = 96;
	free(s.filter);
	s.filter = xstrdup("tcp port 443");
	s.interfaces = xcalloc(2, sizeof(*s.interfaces));
	s.interface_count = 2;
	strcpy(s.interfaces[0].name, "eth0");
	strcpy(s.interfaces[0].linktype, "EN10MB");
	strcpy(s.interfaces[0].mac, "02:00:00:00:00:01");
	prefix_parse("192.0.2.1/24", &s.interfaces[0].addresses[0]);
	prefix_parse("fd00::1/64", &s.interfaces[0].addresses[1]);
	s.interfaces[0].address_count = 2;
	strcpy(s.interfaces[1].name, "wlan0");
	return s;
}

/* The stream of all of it. */
static void
make(struct buf *b, enum record_form form)
{
	struct record_writer w;
	struct record_source s = source();
	record_writer_init(&w, -1, form);
	record_write_source(&w, &s);
	for (size_t i = 0; i < sizeof(packets) / sizeof(packets[0]); i++)
		record_write_packet(&w, &packets[i]);
	record_write_tick(&w, &tick);
	record_write_event(&w, 1700000001000000005, LEVEL_ERROR, event_text);
	record_write_end(&w, 1700000002000000009);
	buf_add(b, w.buf.data, w.buf.len);
	record_source_done(&s);
	record_writer_done(&w);
}

/* Fields of a slot as iftoprs-records(5) lays them out: place, size. */
static const unsigned char packet_fields[][2] = { { 2, 2 }, { 8, 8 },
	{ 48, 2 }, { 50, 2 }, { 52, 4 }, { 56, 4 }, { 60, 2 }, { 62, 2 },
	{ 0, 0 } };
static const unsigned char tick_fields[][2] = { { 2, 2 }, { 8, 8 },
	{ 16, 8 }, { 24, 8 }, { 32, 8 }, { 40, 8 }, { 48, 8 }, { 56, 8 },
	{ 64, 8 }, { 72, 8 }, { 80, 8 }, { 88, 8 }, { 96, 8 }, { 104, 8 },
	{ 112, 8 }, { 0, 0 } };
static const unsigned char event_fields[][2] = { { 2, 2 }, { 4, 4 },
	{ 8, 8 }, { 0, 0 } };
static const unsigned char source_fields[][2] = { { 8, 2 }, { 10, 2 },
	{ 12, 2 }, { 14, 2 }, { 16, 4 }, { 0, 0 } };

static void
turn(char *slot, const unsigned char (*f)[2])
{
	for (; (*f)[1] != 0; f++)
		for (unsigned i = 0; i < (*f)[1] / 2u; i++) {
			char *a = slot + (*f)[0] + i;
			char *z = slot + (*f)[0] + (*f)[1] - 1 - i, c = *a;
			*a = *z;
			*z = c;
		}
}

/* To the other byte order, written without what is tried. */
static void
turn_all(struct buf *b)
{
	for (size_t at = 0, slots; at < b->len; at += slots * RECORD_SIZE) {
		char *slot = b->data + at;
		slots = record_slots((const void *)slot);
		unsigned char kind = (unsigned char)*slot;
		turn(slot, kind == RECORD_PACKET ? packet_fields :
		    kind == RECORD_TICK ? tick_fields :
		    kind == RECORD_SOURCE ? source_fields : event_fields);
	}
}

static bool
is_source(const union record *r)
{
	struct record_source s, want = source();
	record_source_init(&s);
	const struct record_interface *i, *w = want.interfaces;
	bool good = record_source_parse(&s, (const char *)(r + 1),
	    r->header.length) && r->header.order == RECORD_ORDER &&
	    r->header.version == RECORD_VERSION &&
	    r->header.record_size == RECORD_SIZE &&
	    s.live && s.count_network && strcmp(s.host, want.host) == 0 &&
	    strcmp(s.session, want.session) == 0 && s.start == want.start &&
	    s.snaplen == want.snaplen && strcmp(s.filter, want.filter) == 0 &&
	    s.interface_count == 2 && (i = s.interfaces) != NULL &&
	    strcmp(i->name, w->name) == 0 && strcmp(i->mac, w->mac) == 0 &&
	    strcmp(i->linktype, w->linktype) == 0 && i->address_count == 2 &&
	    i->addresses[0].bits == 24 && i->addresses[1].bits == 64 &&
	    memcmp(&i->addresses[0].addr, &w->addresses[0].addr,
	    sizeof(struct addr)) == 0 &&
	    strcmp(i[1].name, "wlan0") == 0 && i[1].address_count == 0;
	record_source_done(&s);
	record_source_done(&want);
	return good;
}

/* The record of that number in the stream. */
static bool
is_record(const union record *r, unsigned n)
{
	size_t len = sizeof(event_text) - 1;
	if (n == 0)
		return r->kind == RECORD_SOURCE && is_source(r);
	if (n <= 3)
		return memcmp(r, &packets[n - 1], sizeof(*r)) == 0;
	if (n == 4)
		return memcmp(r, &tick, sizeof(tick)) == 0;
	if (n == 5)
		return r->kind == RECORD_EVENT &&
		    r->event.level == LEVEL_ERROR && r->event.length == len &&
		    r->event.ts == 1700000001000000005 &&
		    memcmp(r + 1, event_text, len) == 0;
	return n == 6 && r->kind == RECORD_END &&
	    r->end.ts == 1700000002000000009;
}

/* Write `piece` bytes whenever the reader wants more, up to the place
 * `until`.  How many records were as they should be; *torn as it says. */
static unsigned
read_pieces(const struct buf *b, size_t piece, size_t until, uint64_t *torn)
{
	int ends[2];
	if (pipe2(ends, O_NONBLOCK) == -1)
		err(EXIT_FAILURE, "pipe2");
	struct record_reader *reader = record_reader_new(ends[0]);
	const union record *r;
	enum record_status status;
	size_t slots, at = 0;
	unsigned n = 0;
	while ((status = record_read(reader, &r, &slots)) != RECORD_EOF &&
	    status != RECORD_FAILED) {
		bool got = status == RECORD_GOT;
		for (size_t i = 0; got && i < slots;
		    i += record_slots(&r[i]), n++)
			if (!is_record(&r[i], n)) {
				until = 0;
				n = 1000;
				break;
			}
		size_t len = until - at < piece ? until - at : piece;
		if (at >= until) {
			close(ends[1]);
			continue;
		}
		if (write(ends[1], b->data + at, len) == -1)
			err(EXIT_FAILURE, "write");
		at += len;
	}
	if (status == RECORD_FAILED)
		n = 2000;
	*torn = record_reader_torn(reader);
	if (record_reader_bad_lines(reader) != 0)
		n = 3000;
	record_reader_free(reader);
	close(ends[0]);
	return n;
}

static void
read_all(const char *what, const struct buf *b)
{
	uint64_t torn;
	for (size_t piece = 1; piece < 300; piece++) {
		expect(read_pieces(b, piece, b->len, &torn) == 7 && torn == 0,
		    what, piece);
		if (b->data[0] != '{')
			expect(read_pieces(b, piece, b->len - 7, &torn) == 6 &&
			    torn == RECORD_SIZE - 7, "torn", piece);
	}
}

/* Each is no record, and hides none of those around it. */
static void
read_bad(void)
{
	static const char good[] = "{\"type\":\"end\",\"sec\":1}\n";
	static const char *const bad[] = {
		"{\"type\":\"end\",\"sec\":\"1\"}",
		"{\"type\":\"end\",\"sec\":1,\"nsec\":1000000000}",
		"{\"type\":\"tick\",\"sec\":-1}",
		"{\"type\":\"tick\",\"sec\":1,\"packets\":\"many\"}",
		"{\"type\":\"event\",\"sec\":1,\"level\":\"info\"}",
		"{\"type\":\"event\",\"sec\":[],\"text\":\"a\"}",
		"{\"type\":\"source\",\"version\":2}",
		"{\"type\":\"packet\",\"sec\":1}",
		"{\"type\":\"other\",\"sec\":1}",
		"{\"sec\":1}", "[]", "end",
	};
	int ends[2];
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const union record *r;
		size_t slots;
		if (pipe(ends) == -1)
			err(EXIT_FAILURE, "pipe");
		dprintf(ends[1], "%s%s\n%s", good, bad[i], good);
		close(ends[1]);
		struct record_reader *reader = record_reader_new(ends[0]);
		expect(record_read(reader, &r, &slots) == RECORD_GOT &&
		    slots == 2 && r[0].kind == RECORD_END &&
		    r[1].kind == RECORD_END &&
		    record_reader_bad_lines(reader) == 1, bad[i], i);
		record_reader_free(reader);
		close(ends[0]);
	}
}

int
main(void)
{
	struct buf b = { 0 };
	read_bad();
	make(&b, FORM_BINARY);
	read_all("binary", &b);
	turn_all(&b);
	read_all("the other byte order", &b);
	buf_reset(&b);
	make(&b, FORM_NDJSON);
	read_all("text", &b);
	buf_done(&b);
	return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
