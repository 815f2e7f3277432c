/* SPDX-License-Identifier: MIT
 *
 * The classic pcap format (draft-ietf-opsawg-pcap), nanosecond variant, in
 * this machine's byte order.
 */
#include "capd/pcapwrite.h"

#include <pcap/pcap.h>

#include "lib/io.h"

enum { BATCH = 64 * 1024, SNAPLEN = 262144, NS = 1000000000 };

struct header {
	uint32_t magic;
	uint16_t major, minor;
	uint32_t zone, sigfigs, snaplen, linktype;
};

struct packet {
	uint32_t sec, nsec, captured, length;
};

/* DLT_ values name link types; a few differ from the number that files
 * use (LINKTYPE_), which pcapfile_linktype() turns into them. */
static uint32_t
file_linktype(int dlt)
{
	switch (dlt) {
	case DLT_ATM_RFC1483:
		return 100;
	case DLT_RAW:
		return 101;
	case DLT_SLIP_BSDOS:
		return 102;
	case DLT_PPP_BSDOS:
		return 103;
	case DLT_ATM_CLIP:
		return 106;
	default:
		return (uint32_t)dlt;
	}
}

void
pcapwrite_init(struct pcapwrite *w, int fd, uint64_t bytes, int linktype)
{
	*w = (struct pcapwrite){ .fd = fd, .bytes = bytes };
	if (fd == -1 || bytes > 0)
		return;
	/* The largest snap length: it may change while we write. */
	struct header h = { .magic = 0xa1b23c4d, .major = 2, .minor = 4,
		.snaplen = SNAPLEN, .linktype = file_linktype(linktype) };
	buf_add(&w->buf, &h, sizeof(h));
}

void
pcapwrite_done(struct pcapwrite *w)
{
	buf_done(&w->buf);
	w->fd = -1;
}

bool
pcapwrite_packet(struct pcapwrite *w, uint64_t ts, const uint8_t *bytes,
    uint32_t captured, uint32_t length)
{
	struct packet p = { .sec = (uint32_t)(ts / NS),
		.nsec = (uint32_t)(ts % NS), .captured = captured,
		.length = length };
	buf_add(&w->buf, &p, sizeof(p));
	buf_add(&w->buf, bytes, captured);
	return w->buf.len < BATCH || pcapwrite_flush(w);
}

bool
pcapwrite_flush(struct pcapwrite *w)
{
	if (w->fd == -1 || w->buf.len == 0)
		return true;
	bool good = io_write_all(w->fd, w->buf.data, w->buf.len);
	if (good)
		w->bytes += w->buf.len;
	buf_reset(&w->buf);
	return good;
}
