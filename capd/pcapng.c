/* SPDX-License-Identifier: MIT
 *
 * The pcapng format (draft-ietf-opsawg-pcapng): sections, interfaces with
 * link types, names and clocks of their own, packets.  Other blocks are
 * stepped over.
 */
#include "capd/pcapfile_own.h"

#include <stdio.h>
#include <string.h>

#include "lib/utf8.h"
#include "lib/xalloc.h"

enum { BLOCK_INTERFACE = 1, BLOCK_OLD_PACKET = 2, BLOCK_SIMPLE_PACKET = 3,
	BLOCK_STATISTICS = 5, BLOCK_PACKET = 6, BLOCK_SECTION = 0x0a0d0d0a };

enum { SECTION_ORDER = 0x1a2b3c4d };

/* No block is longer, bytes; libpcap and Wireshark have the same. */
enum { LONGEST_BLOCK = 16 << 20, MOST_INTERFACES = 65536 };

enum { NS = 1000000000 };

enum { DROPS_UNKNOWN = 0xffff };	/* of an old packet block */

/* A block's body, without the type and the lengths around it. */
struct body {
	const uint8_t *at;
	size_t len;
};

static uint64_t
get64(const struct pcapfile *f, const uint8_t *at)
{
	uint64_t v;
	memcpy(&v, at, sizeof(v));
	return f->swapped ? __builtin_bswap64(v) : v;
}

/* The next option in `b`, which moves on; false at the end. */
static bool
next_option(const struct pcapfile *f, struct body *b, unsigned *code,
    struct body *value)
{
	if (b->len < 4)
		return false;
	*code = pcapfile_get16(f, b->at);
	value->len = pcapfile_get16(f, b->at + 2);
	value->at = b->at + 4;
	size_t padded = 4 + ((value->len + 3) & ~(size_t)3);
	if (*code == 0 || padded > b->len)
		return false;
	b->at += padded;
	b->len -= padded;
	return true;
}

/* 10^exponent, or 0 when it does not fit. */
static uint64_t
power_of_ten(unsigned exponent)
{
	uint64_t power = 1;
	for (; exponent > 0 && power != 0; exponent--)
		power = power > UINT64_MAX / 10 ? 0 : power * 10;
	return power;
}

/* Units of 2^-exponent seconds: whole seconds, and ns of the rest. */
static uint64_t
split_binary(unsigned exponent, uint64_t units, uint64_t *ns)
{
	uint64_t sec = exponent < 64 ? units >> exponent : 0;
	uint64_t rest = exponent < 64 ? units - (sec << exponent) : units;
	if (exponent > 34) {	/* the product must stay below 2^64 */
		rest = exponent - 34 < 64 ? rest >> (exponent - 34) : 0;
		exponent = 34;
	}
	*ns = rest * NS >> exponent;
	return sec;
}

/* The same for units of 10^-exponent seconds. */
static uint64_t
split_decimal(const struct pcapng_interface *i, uint64_t units, uint64_t *ns)
{
	uint64_t second = i->second;
	if (second == 0) {	/* 64 bits are less than one */
		uint64_t unit = power_of_ten(i->exponent - 9u);
		*ns = unit != 0 ? units / unit : 0;
		return 0;
	}
	uint64_t rest = units % second;
	*ns = second <= NS ? rest * (NS / second) : rest / (second / NS);
	return units / second;
}

/* Time stamps count units since 1970; to nanoseconds. */
static uint64_t
to_ns(const struct pcapng_interface *i, uint64_t units)
{
	uint64_t ns;
	uint64_t sec = i->binary ? split_binary(i->exponent, units, &ns) :
	    split_decimal(i, units, &ns);
	uint64_t moved = sec + (uint64_t)i->offset;
	if (i->offset < 0 ? moved > sec : moved < sec)
		return 0;
	return moved < UINT64_MAX / NS - 1 ? moved * NS + ns : 0;
}

static enum pcapfile_status
section(struct pcapfile *f, struct body b)
{
	unsigned major = b.len >= 16 ? pcapfile_get16(f, b.at + 4) : 0;
	unsigned minor = b.len >= 16 ? pcapfile_get16(f, b.at + 6) : 0;
	if (major != 1)
		return pcapfile_bad(f, "a pcapng section of version %u.%u, "
		    "which is not known,", major, minor);
	f->is_capture = true;
	pcapfile_drops(f, &f->kernel_dropped, &f->interface_dropped);
	f->section_count = 0;
	return PCAPFILE_PACKET;
}

static enum pcapfile_status
interface(struct pcapfile *f, struct body b)
{
	struct pcapng_interface i = { .second = 1000000 };
	char name[SOURCE_NAME];
	unsigned code;
	struct body value;
	if (b.len < 8)
		return pcapfile_bad(f, "damaged: a short interface block");
	if (f->section_count == MOST_INTERFACES)
		return pcapfile_bad(f, "more than %d interfaces",
		    MOST_INTERFACES);
	i.linktype = pcapfile_linktype(pcapfile_get16(f, b.at));
	i.snaplen = pcapfile_get32(f, b.at + 4);
	snprintf(name, sizeof(name), "file%zu", f->section_count);
	b = (struct body){ b.at + 8, b.len - 8 };
	while (next_option(f, &b, &code, &value)) {
		if (code == 2 && value.len > 0) {	/* if_name */
			/* A file may call its interfaces anything. */
			utf8_clean(name, sizeof(name), (const char *)value.at,
			    value.len, utf8_is_control);
		} else if (code == 9 && value.len == 1) { /* if_tsresol */
			i.binary = (*value.at & 0x80) != 0;
			i.exponent = *value.at & 0x7f;
			i.second = power_of_ten(i.exponent);
		} else if (code == 14 && value.len == 8) { /* if_tsoffset */
			i.offset = (int64_t)get64(f, value.at);
		}
	}
	i.place = pcapfile_place(f, name, i.linktype, i.snaplen);
	if (f->section_count == f->section_size) {
		f->section_size = f->section_size * 2 + 4;
		f->section = xreallocarray(f->section, f->section_size,
		    sizeof(*f->section));
	}
	f->section[f->section_count++] = i;
	return PCAPFILE_PACKET;
}

/* Cumulative, so the last of an interface's statistics counts. */
static void
statistics(struct pcapfile *f, struct body b)
{
	unsigned code;
	struct body value;
	uint32_t number = b.len >= 12 ? pcapfile_get32(f, b.at) : UINT32_MAX;
	if (number >= f->section_count)
		return;
	struct pcapng_interface *i = &f->section[number];
	b = (struct body){ b.at + 12, b.len - 12 };
	while (next_option(f, &b, &code, &value)) {
		bool is_ours = value.len == 8 && (code == 5 || code == 7);
		if (is_ours && !i->has_statistics) {
			i->has_statistics = true;
			i->kernel_dropped = 0;	/* as packets told */
		}
		if (is_ours && code == 5)		/* isb_ifdrop */
			i->interface_dropped = get64(f, value.at);
		else if (is_ours)			/* isb_osdrop */
			i->kernel_dropped = get64(f, value.at);
	}
}

/* Packets of an interface that were lost since the one before: the totals of
 * its statistics have them, too, once there are any. */
static void
count_lost(struct pcapng_interface *i, uint64_t lost)
{
	if (!i->has_statistics)
		i->kernel_dropped += lost;
}

/* What a packet's options say: epb_flags or pack_flags, epb_dropcount. */
static void
packet_options(const struct pcapfile *f, struct body b, bool old,
    struct pcapng_interface *i, struct pcapfile_packet *p)
{
	static const uint8_t directions[] = { [1] = DIRECTION_IN,
		[2] = DIRECTION_OUT, [3] = DIRECTION_UNKNOWN };
	unsigned code;
	struct body value;
	while (next_option(f, &b, &code, &value)) {
		if (code == 2 && value.len == 4 &&
		    p->direction == DIRECTION_UNKNOWN)
			p->direction =
			    directions[pcapfile_get32(f, value.at) & 3];
		else if (code == 4 && value.len == 8 && !old)
			count_lost(i, get64(f, value.at));
	}
}

/* The interface with that number, or null after an error was set. */
static struct pcapng_interface *
find_interface(struct pcapfile *f, uint32_t number)
{
	if (number < f->section_count)
		return &f->section[number];
	pcapfile_bad(f, "damaged: a packet of interface %u, where there are "
	    "%zu,", number, f->section_count);
	return NULL;
}

static enum pcapfile_status
packet(struct pcapfile *f, struct body b, bool old, struct pcapfile_packet *p)
{
	if (b.len < 20)
		return pcapfile_bad(f, "damaged: a short packet block");
	struct pcapng_interface *i = find_interface(f, old ?
	    pcapfile_get16(f, b.at) : pcapfile_get32(f, b.at));
	if (i == NULL)
		return PCAPFILE_BAD;
	uint32_t captured = pcapfile_get32(f, b.at + 12);
	if (captured > b.len - 20 || captured > pcapfile_longest(i->linktype))
		return pcapfile_bad(f, "damaged: a packet that claims %u "
		    "captured bytes", captured);
	f->ts = to_ns(i, (uint64_t)pcapfile_get32(f, b.at + 4) << 32 |
	    pcapfile_get32(f, b.at + 8));
	*p = (struct pcapfile_packet){ .ts = f->ts, .bytes = b.at + 20,
		.captured = captured, .length = pcapfile_get32(f, b.at + 16),
		.linktype = i->linktype, .interface = i->place };
	if (old && pcapfile_get16(f, b.at + 2) != DROPS_UNKNOWN)
		count_lost(i, pcapfile_get16(f, b.at + 2));
	size_t padded = 20 + (((size_t)captured + 3) & ~(size_t)3);
	if (padded < b.len)
		packet_options(f, (struct body){ b.at + padded,
		    b.len - padded }, old, i, p);
	return PCAPFILE_PACKET;
}

/* Has no time of its own: that of the packet before is the best guess. */
static enum pcapfile_status
simple_packet(struct pcapfile *f, struct body b, struct pcapfile_packet *p)
{
	if (b.len < 4)
		return pcapfile_bad(f, "damaged: a short packet block");
	const struct pcapng_interface *i = find_interface(f, 0);
	if (i == NULL)
		return PCAPFILE_BAD;
	uint32_t length = pcapfile_get32(f, b.at), captured = length;
	if (i->snaplen != 0 && captured > i->snaplen)
		captured = i->snaplen;
	if (captured > b.len - 4 || captured > pcapfile_longest(i->linktype))
		return pcapfile_bad(f, "damaged: a packet that claims %u "
		    "captured bytes", captured);
	*p = (struct pcapfile_packet){ .ts = f->ts, .bytes = b.at + 4,
		.captured = captured, .length = length,
		.linktype = i->linktype, .interface = i->place };
	return PCAPFILE_PACKET;
}

/* A section says in which byte order it is; false when it cannot. */
static bool
section_order(struct pcapfile *f, const uint8_t *block)
{
	f->swapped = false;
	if (pcapfile_get32(f, block + 8) == SECTION_ORDER)
		return true;
	f->swapped = true;
	return pcapfile_get32(f, block + 8) == SECTION_ORDER;
}

/* The block at hand; PACKET for any that is well, *got when it was one. */
static enum pcapfile_status
take_block(struct pcapfile *f, uint32_t type, struct body b,
    struct pcapfile_packet *p, bool *got)
{
	*got = type == BLOCK_PACKET || type == BLOCK_OLD_PACKET ||
	    type == BLOCK_SIMPLE_PACKET;
	switch (type) {
	case BLOCK_SECTION:
		return section(f, b);
	case BLOCK_INTERFACE:
		return interface(f, b);
	case BLOCK_STATISTICS:
		statistics(f, b);
		return PCAPFILE_PACKET;
	case BLOCK_SIMPLE_PACKET:
		return simple_packet(f, b, p);
	case BLOCK_PACKET:
	case BLOCK_OLD_PACKET:
		return packet(f, b, type == BLOCK_OLD_PACKET, p);
	default:
		return PCAPFILE_PACKET;
	}
}

enum pcapfile_status
pcapng_next(struct pcapfile *f, struct pcapfile_packet *p)
{
	for (;;) {
		size_t left = f->have - f->at;
		if (left < 12)
			return pcapfile_more(f, 12);
		const uint8_t *block = f->data + f->at;
		uint32_t type = pcapfile_get32(f, block);
		if (type == BLOCK_SECTION && !section_order(f, block))
			return pcapfile_bad(f, "damaged: a pcapng section "
			    "without its byte order mark");
		uint32_t len = pcapfile_get32(f, block + 4);
		if (len < 12 || len % 4 != 0 || len > LONGEST_BLOCK)
			return pcapfile_bad(f, "damaged: a block that claims "
			    "%u bytes", len);
		if (left < len)
			return pcapfile_more(f, len);
		if (pcapfile_get32(f, block + len - 4) != len)
			return pcapfile_bad(f, "damaged: a block whose two "
			    "lengths differ");
		bool got;
		enum pcapfile_status status = take_block(f, type,
		    (struct body){ block + 8, len - 12 }, p, &got);
		if (status == PCAPFILE_BAD)
			return status;
		f->at += len;
		if (got)
			return PCAPFILE_PACKET;
	}
}
