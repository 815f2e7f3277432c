/* SPDX-License-Identifier: MIT
 *
 * The record stream, capd's output and flowagg's input: iftoprs-records(5).
 *
 * A stream is a run of 64-byte slots in the writer's byte order.  Each
 * record is one slot; `tail` more slots may belong to it (text, counters),
 * so a reader can step over a kind that it does not know.  The first record
 * is a RECORD_SOURCE, whose slot starts with the magic bytes; another one
 * may follow later, when interfaces or their addresses change.
 *
 * The same stream as text is NDJSON, one object a record, told apart by its
 * first byte; see record_text.h.
 */
#ifndef LIB_RECORD_H
#define LIB_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/addr.h"
#include "lib/buf.h"

enum { RECORD_SIZE = 64, RECORD_VERSION = 1, RECORD_ORDER = 0x0102 };

#define RECORD_MAGIC "\x89" "iftopr"	/* and kind RECORD_SOURCE before */

enum record_kind { RECORD_PACKET = 1, RECORD_TICK, RECORD_EVENT, RECORD_END,
	RECORD_SOURCE = 0x89 };

enum record_direction { DIRECTION_UNKNOWN, DIRECTION_IN, DIRECTION_OUT };

enum record_flag {
	RECORD_FRAGMENT = 1,	/* a fragment other than the first */
	RECORD_TRUNCATED = 2,	/* captured less than the wire had */
	RECORD_ICMP_ECHO = 4,	/* dst_port is the echo identifier */
	RECORD_NO_PORTS = 8,	/* ports, or ICMP's type, are out of reach */
};

/* One packet.  64 bytes, one cache line. */
struct record_packet {
	uint8_t kind;		/* RECORD_PACKET */
	uint8_t flags;		/* enum record_flag */
	uint16_t tail;		/* 0 */
	uint8_t family;		/* ADDR_IPV4 or ADDR_IPV6 */
	uint8_t protocol;	/* IP protocol number */
	uint8_t tcp_flags;	/* RFC 9293: FIN 1, SYN 2, RST 4, ... */
	uint8_t direction;	/* enum record_direction */
	uint64_t ts;		/* nanoseconds since 1970 */
	uint8_t src[16];	/* as in struct addr */
	uint8_t dst[16];
	uint16_t src_port;	/* ICMP: type * 256 + code */
	uint16_t dst_port;	/* ICMP echo: the identifier */
	uint32_t frame_length;	/* on the wire */
	uint32_t network_length; /* from the network header on */
	uint16_t vlan;		/* outermost 802.1Q VLAN id; 0: none */
	uint16_t interface;	/* its place in the source's list */
};

/* Counters since the start of the capture, all of them cumulative.  Frames
 * counted are packets = those with a record + malformed + unsupported +
 * non_ip, and bytes likewise. */
struct record_counters {
	uint64_t packets, bytes;	/* received by capd, after the filter */
	uint64_t kernel_dropped;	/* by the kernel, capd being too slow */
	uint64_t interface_dropped;	/* by the interface or its driver */
	uint64_t malformed, malformed_bytes;
	uint64_t unsupported, unsupported_bytes;
	uint64_t non_ip_packets, non_ip_bytes;
	uint64_t duplicates;		/* second sight of a loopback packet,
					 * not in `packets` */
	uint64_t wire_packets, wire_bytes;	/* the interfaces' own, both
					 * directions, since the start */
};

enum record_state { STATE_UP = 1, STATE_DOWN = 2, STATE_FILE = 3 };

/* The time, and the counters.  A promise: no packet of an earlier time
 * follows, as far as capd can know.  Three slots in all. */
struct record_tick {
	uint8_t kind;		/* RECORD_TICK */
	uint8_t state;		/* enum record_state */
	uint16_t tail;		/* 2 */
	uint8_t wire_known;	/* are the wire_* counters real? */
	uint8_t zero1[3];
	uint64_t ts;
	struct record_counters counters;
	uint8_t zero2[3 * RECORD_SIZE - 16 - sizeof(struct record_counters)];
};

enum record_level { LEVEL_INFO = 1, LEVEL_WARN, LEVEL_ERROR };

/* "info", "warn" or "error"; "info" for what is none of these. */
const char *record_level_name(enum record_level);

enum { RECORD_EVENT_TEXT = 1024 };	/* bytes, with a NUL */

/* Something to tell a person; `length` bytes of UTF-8 in the tail, without
 * control characters. */
struct record_event {
	uint8_t kind;		/* RECORD_EVENT */
	uint8_t level;		/* enum record_level */
	uint16_t tail;
	uint32_t length;
	uint64_t ts;
	uint8_t zero[48];
};

/* The source ended in good order; counters are final (a tick precedes). */
struct record_end {
	uint8_t kind;		/* RECORD_END */
	uint8_t zero1;
	uint16_t tail;		/* 0 */
	uint32_t zero2;
	uint64_t ts;
	uint8_t zero[48];
};

/* The source; `length` bytes of JSON in the tail, see record_source. */
struct record_header {
	uint8_t magic[8];	/* RECORD_MAGIC and its NUL */
	uint16_t order;		/* RECORD_ORDER in the writer's byte order */
	uint16_t version;	/* RECORD_VERSION */
	uint16_t record_size;	/* RECORD_SIZE */
	uint16_t tail;
	uint32_t length;
	uint8_t zero[44];
};

union record {
	uint8_t kind;
	struct record_packet packet;
	struct record_event event;
	struct record_end end;
	struct record_header header;
	struct { uint8_t kind, any; uint16_t tail; } common;
	uint8_t bytes[RECORD_SIZE];
};

_Static_assert(sizeof(struct record_packet) == RECORD_SIZE, "packet");
_Static_assert(sizeof(struct record_tick) == 3 * RECORD_SIZE, "tick");
_Static_assert(sizeof(struct record_event) == RECORD_SIZE, "event");
_Static_assert(sizeof(struct record_end) == RECORD_SIZE, "end");
_Static_assert(sizeof(struct record_header) == RECORD_SIZE, "header");
_Static_assert(sizeof(union record) == RECORD_SIZE, "record");

enum { SOURCE_INTERFACES = 64, SOURCE_ADDRESSES = 256, SOURCE_NAME = 64 };

/* Where the records come from.  In the stream it is a JSON object:
 * {"type":"source","version":1,"kind":"live","host":"web1.example.net",
 *  "session":"9f3c1a77d2e04b58","start_sec":S,"start_nsec":N,
 *  "snaplen":128,"filter":"tcp port 443","count":"frame",
 *  "interfaces":[{"name":"eth0","linktype":"EN10MB","mac":"02:..:01",
 *                 "addresses":["192.0.2.2/24","fd00::2/64"]}]}
 * Unknown members are ignored, missing ones are empty. */
struct record_source {
	bool live;
	bool count_network;	/* lengths from the network header on */
	char host[256];
	char session[33];	/* lower-case hexadecimal */
	uint64_t start;		/* ns since 1970 */
	uint32_t snaplen;
	char *filter;		/* owned; "" for none, never null */
	uint16_t interface_count;
	struct record_interface {
		char name[SOURCE_NAME];
		char linktype[SOURCE_NAME];	/* libpcap's DLT_ name */
		char mac[18];		/* "" where there is none */
		uint16_t address_count;
		struct prefix addresses[SOURCE_ADDRESSES];
	} *interfaces;			/* owned */
};

void record_source_init(struct record_source *);
void record_source_done(struct record_source *);

/* The JSON object above, and back.  False when it is not such an object or
 * of another version. */
void record_source_format(const struct record_source *, struct buf *);
bool record_source_parse(struct record_source *, const char *text,
    size_t len);

/*
 * Writing.  Records gather in one large buffer that goes out in writes of
 * whole slots; call record_flush() before waiting.
 */
enum record_form { FORM_BINARY, FORM_NDJSON, FORM_TSV };

struct record_writer {
	int fd;
	enum record_form form;
	struct buf buf;
	size_t batch;		/* bytes at which the buffer goes out */
	char (*names)[SOURCE_NAME];	/* of interfaces, for the text forms */
	uint16_t name_count;
};

void record_writer_init(struct record_writer *, int fd, enum record_form);
void record_writer_done(struct record_writer *);

/* All return false with errno when the buffer had to go out and could not;
 * EPIPE: the reader left. */
bool record_write_source(struct record_writer *,
    const struct record_source *);
bool record_write_packet(struct record_writer *,
    const struct record_packet *);
bool record_write_tick(struct record_writer *, const struct record_tick *);
/* The text may have a stranger's words in it: what is no UTF-8 or a control
 * character becomes '?', and what is too long is cut. */
bool record_write_event(struct record_writer *, uint64_t ts,
    enum record_level, const char *text);
bool record_write_end(struct record_writer *, uint64_t ts);
bool record_flush(struct record_writer *);

/* Binary only, the fast path: where the next packet may be built in place,
 * with room for one; record_packet_done() makes it part of the stream. */
static inline struct record_packet *
record_packet_next(struct record_writer *w)
{
	return (struct record_packet *)(void *)(w->buf.data + w->buf.len);
}

static inline bool
record_packet_done(struct record_writer *w)
{
	w->buf.len += RECORD_SIZE;
	return w->buf.len < w->batch || record_flush(w);
}

/*
 * Reading: both forms, told apart by the first byte.
 */
struct record_reader;		/* opaque */

enum record_status {
	RECORD_MORE,		/* nothing whole is there yet: poll(2), again */
	RECORD_GOT,		/* *records and *slots are set */
	RECORD_EOF,
	RECORD_FAILED,		/* record_reader_error() says why */
};

/* Read from `fd`, which stays the caller's. */
struct record_reader *record_reader_new(int fd);
void record_reader_free(struct record_reader *);

/* At most one read(2).  On RECORD_GOT: `slots` slots of whole records,
 * tails included, in this machine's byte order, valid until the next call.
 * A first record that is neither form is RECORD_FAILED. */
enum record_status record_read(struct record_reader *,
    const union record **records, size_t *slots);

/* Why the stream was refused: what was expected and what was found. */
const char *record_reader_error(const struct record_reader *);

/* Bytes of a torn last record, and lines that were no record. */
uint64_t record_reader_torn(const struct record_reader *);
uint64_t record_reader_bad_lines(const struct record_reader *);

/* Is it the NDJSON form?  Known once something was read. */
bool record_reader_is_text(const struct record_reader *);

/* Slots behind this record that belong to it, as it is in memory; a packet
 * has none, whatever it says. */
static inline uint16_t
record_tail(const union record *r)
{
	if (r->kind == RECORD_PACKET)
		return 0;
	return r->kind == RECORD_SOURCE ? r->header.tail : r->common.tail;
}

/* Slots of this record, its tail included. */
static inline size_t
record_slots(const union record *r)
{
	return 1 + (size_t)record_tail(r);
}

/* How many of so many slots are packets, up to the first that is none. */
static inline size_t
record_packets_run(const union record *r, size_t slots)
{
	size_t n = 0;
	while (n < slots && r[n].kind == RECORD_PACKET)
		n++;
	return n;
}

#endif
