/* SPDX-License-Identifier: MIT
 *
 * The buffer that capture files go through, and the classic pcap format
 * (draft-ietf-opsawg-pcap).
 */
#include "capd/pcapfile.h"

#include <errno.h>
#include <pcap/dlt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "capd/pcapfile_own.h"
#include "lib/magic.h"
#include "lib/xalloc.h"

enum { BLOCK = 256 * 1024, HEADER = 24 };

enum {
	MAGIC_MICRO = 0xa1b2c3d4,
	MAGIC_NANO = 0xa1b23c4d,
	MAGIC_PATCHED = 0xa1b2cd34,	/* longer packet headers */
	MAGIC_PCAPNG = 0x0a0d0d0a,	/* the same in both byte orders */
};

enum pcapfile_status
pcapfile_bad(struct pcapfile *f, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	int len = vsnprintf(f->error, sizeof(f->error), format, arguments);
	va_end(arguments);
	if (f->is_capture && len >= 0 && (size_t)len < sizeof(f->error))
		snprintf(f->error + len, sizeof(f->error) - (size_t)len,
		    " at byte %llu",
		    (unsigned long long)(f->offset + f->at));
	return PCAPFILE_BAD;
}

enum pcapfile_status
pcapfile_more(struct pcapfile *f, size_t need)
{
	f->need = need;
	if (!f->ended)
		return PCAPFILE_MORE;
	if (f->at == f->have)
		return PCAPFILE_END;
	return pcapfile_bad(f, "the file is cut short in the packet or block");
}

bool
pcapfile_fill(struct pcapfile *f)
{
	if (f->error[0] != '\0')
		return true;
	if (f->at > 0) {
		memmove(f->data, f->data + f->at, f->have - f->at);
		f->offset += f->at;
		f->have -= f->at;
		f->at = 0;
	}
	size_t size = f->need > BLOCK ? f->need + BLOCK : 2 * BLOCK;
	if (size > f->size) {
		f->data = xreallocarray(f->data, size, 1);
		f->size = size;
	}
	size_t room = f->size - f->have;
	ssize_t n = read(f->fd, f->data + f->have,
	    room < BLOCK ? room : BLOCK);
	if (n == -1 && (errno == EAGAIN || errno == EINTR))
		return false;
	if (n == -1) {
		snprintf(f->error, sizeof(f->error), "cannot read: %s",
		    strerror(errno));
		return true;
	}
	f->ended = n == 0;
	f->have += (size_t)n;
	return true;
}

int
pcapfile_linktype(uint32_t linktype)
{
	switch (linktype) {
	case 100:
		return DLT_ATM_RFC1483;
	case 14:	/* DLT_RAW on OpenBSD */
	case 101:
		return DLT_RAW;
	case 102:
		return DLT_SLIP_BSDOS;
	case 103:
		return DLT_PPP_BSDOS;
	case 106:
		return DLT_ATM_CLIP;
	default:
		return (int)linktype;
	}
}

uint32_t
pcapfile_longest(int linktype)
{
	switch (linktype) {
	case DLT_DBUS:
	case DLT_EBHSCR:
	case DLT_USBPCAP:
		return 128 << 20;
	default:
		return 256 << 10;
	}
}

uint16_t
pcapfile_place(struct pcapfile *f, const char *name, int linktype,
    uint32_t snaplen)
{
	for (uint16_t i = 0; i < f->interface_count; i++)
		if (f->interfaces[i].linktype == linktype &&
		    strcmp(f->interfaces[i].name, name) == 0)
			return i;
	if (f->interface_count == SOURCE_INTERFACES)
		return SOURCE_INTERFACES - 1;
	if (f->interface_count == SOURCE_INTERFACES - 1)
		name = "others";
	struct pcapfile_interface *i = &f->interfaces[f->interface_count];
	snprintf(i->name, sizeof(i->name), "%s", name);
	i->linktype = linktype;
	i->snaplen = snaplen;
	return f->interface_count++;
}

static enum pcapfile_status
classic_next(struct pcapfile *f, struct pcapfile_packet *p)
{
	size_t left = f->have - f->at;
	if (left < f->header_size)
		return pcapfile_more(f, f->header_size);
	const uint8_t *h = f->data + f->at;
	uint32_t captured = pcapfile_get32(f, h + 8);
	uint32_t length = pcapfile_get32(f, h + 12);
	if (f->version_minor <= 3 &&
	    (f->version_minor < 3 || captured > length)) {
		uint32_t swap = captured;	/* their order was changed */
		captured = length;
		length = swap;
	}
	if (captured > f->longest)
		return pcapfile_bad(f, "damaged: a packet that claims %u "
		    "captured bytes", captured);
	if (left - f->header_size < captured)
		return pcapfile_more(f, f->header_size + captured);
	f->at += f->header_size + captured;
	*p = (struct pcapfile_packet){
		.ts = pcapfile_get32(f, h) * (uint64_t)1000000000 +
		    pcapfile_get32(f, h + 4) * (uint64_t)f->fraction,
		.bytes = h + f->header_size,
		.captured = captured,
		.length = length,
		.linktype = f->interfaces[0].linktype,
	};
	return PCAPFILE_PACKET;
}

static enum pcapfile_status
classic_start(struct pcapfile *f, struct pcapfile_packet *p, uint32_t magic)
{
	if (f->have - f->at < HEADER)
		return pcapfile_more(f, HEADER);
	const uint8_t *h = f->data + f->at;
	unsigned major = pcapfile_get16(f, h + 4);
	unsigned minor = pcapfile_get16(f, h + 6);
	if (major != 2 && !(major == 543 && minor == 0))
		return pcapfile_bad(f, "a pcap file of version %u.%u, which "
		    "is not known", major, minor);
	f->is_capture = true;
	f->version_minor = (uint16_t)minor;
	f->fraction = magic == MAGIC_NANO ? 1 : 1000;
	f->header_size = magic == MAGIC_PATCHED ? 24 : 16;
	/* The upper half holds the length of a checksum, and flags. */
	int linktype = pcapfile_linktype(pcapfile_get32(f, h + 20) & 0xffff);
	f->longest = pcapfile_longest(linktype);
	pcapfile_place(f, "file", linktype, pcapfile_get32(f, h + 16));
	f->at += HEADER;
	f->next = classic_next;
	return classic_next(f, p);
}

static enum pcapfile_status
no_capture(struct pcapfile *f)
{
	size_t left = f->have - f->at;
	const uint8_t *h = f->data + f->at;
	const char *packer = magic_packer(h, left);
	if (left == 0)
		return pcapfile_bad(f, "the file is empty: expected a pcap "
		    "or pcapng capture");
	if (packer != NULL)
		return pcapfile_bad(f, "compressed with %s: decompress it "
		    "first, as in %s -dc FILE | capd -r -", packer, packer);
	if (magic_of(h, left) == MAGIC_RECORDS)
		return pcapfile_bad(f, "a record stream, which flowagg reads "
		    "as it is");
	if (magic_of(h, left) == MAGIC_SNAPSHOTS)
		return pcapfile_bad(f, "snapshots of flowagg, which tuiview "
		    "reads as they are");
	if (left < 4)
		return pcapfile_bad(f, "too short to be a capture file");
	return pcapfile_bad(f, "no capture file: expected pcap or pcapng, "
	    "found it to start with %02x %02x %02x %02x", h[0], h[1], h[2],
	    h[3]);
}

/* Which format is it? */
static enum pcapfile_status
start(struct pcapfile *f, struct pcapfile_packet *p)
{
	uint32_t magic = 0;
	if (f->have - f->at < MAGIC_LEN && !f->ended)
		return pcapfile_more(f, MAGIC_LEN);
	if (f->have - f->at >= 4)
		memcpy(&magic, f->data + f->at, sizeof(magic));
	for (int i = 0; i < 2; i++, magic = __builtin_bswap32(magic)) {
		f->swapped = i == 1;
		switch (magic) {
		case MAGIC_MICRO:
		case MAGIC_NANO:
		case MAGIC_PATCHED:
			if (f->ended && f->have - f->at < HEADER)
				return pcapfile_bad(f, "a pcap file that is "
				    "cut short in its header");
			return classic_start(f, p, magic);
		case MAGIC_PCAPNG:
			f->next = pcapng_next;
			return pcapng_next(f, p);
		default:
			break;
		}
	}
	return no_capture(f);
}

struct pcapfile *
pcapfile_new(int fd)
{
	struct pcapfile *f = xcalloc(1, sizeof(*f));
	f->fd = fd;
	f->next = start;
	f->size = 2 * BLOCK;
	f->data = xmalloc(f->size);
	return f;
}

void
pcapfile_free(struct pcapfile *f)
{
	if (f == NULL)
		return;
	free(f->data);
	free(f->section);
	free(f);
}

enum pcapfile_status
pcapfile_next(struct pcapfile *f, struct pcapfile_packet *packet)
{
	if (f->error[0] != '\0')
		return PCAPFILE_BAD;
	return f->next(f, packet);
}

const char *
pcapfile_error(const struct pcapfile *f)
{
	return f->error;
}

bool
pcapfile_is_capture(const struct pcapfile *f)
{
	return f->is_capture;
}

bool
pcapfile_may_mix(const struct pcapfile *f)
{
	return f->next == pcapng_next;
}

uint16_t
pcapfile_interfaces(const struct pcapfile *f,
    const struct pcapfile_interface **list)
{
	*list = f->interfaces;
	return f->interface_count;
}

void
pcapfile_drops(const struct pcapfile *f, uint64_t *kernel,
    uint64_t *interface)
{
	*kernel = f->kernel_dropped;
	*interface = f->interface_dropped;
	for (size_t i = 0; i < f->section_count; i++) {
		*kernel += f->section[i].kernel_dropped;
		*interface += f->section[i].interface_dropped;
	}
}
