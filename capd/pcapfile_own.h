/* SPDX-License-Identifier: MIT
 *
 * What pcapfile.c and pcapng.c share.
 */
#ifndef CAPD_PCAPFILE_OWN_H
#define CAPD_PCAPFILE_OWN_H

#include <stddef.h>
#include <string.h>

#include "capd/pcapfile.h"

/* How a pcapng interface gives the time. */
struct pcapng_interface {
	int linktype;
	uint32_t snaplen;	/* 0: no limit */
	uint16_t place;		/* in the list that callers see */
	bool binary;		/* time in units of 2^-exponent ... */
	uint8_t exponent;
	uint64_t second;	/* ... else so many units a second; 0: none */
	int64_t offset;		/* seconds */
	uint64_t kernel_dropped, interface_dropped;
	bool has_statistics;	/* these are from there, not from packets */
};

struct pcapfile {
	int fd;
	enum pcapfile_status (*next)(struct pcapfile *,
	    struct pcapfile_packet *);
	uint8_t *data;		/* [at, have) is to be looked at */
	size_t size, at, have;
	size_t need;		/* bytes from `at` before next() can go on */
	uint64_t offset;	/* of data[0] in the file */
	bool ended;		/* nothing more comes */
	bool swapped;		/* the file has the other byte order */
	bool is_capture;
	char error[256];

	struct pcapfile_interface interfaces[SOURCE_INTERFACES];
	uint16_t interface_count;

	/* pcap */
	size_t header_size;	/* of a packet */
	uint32_t fraction;	/* ns in a unit of the time's fraction */
	uint32_t longest;	/* captured length that is believed */
	uint16_t version_minor;

	/* pcapng: the interfaces of this section */
	struct pcapng_interface *section;
	size_t section_count, section_size;
	uint64_t ts;		/* of the last packet that had one */
	uint64_t kernel_dropped, interface_dropped; /* earlier sections */
};

/* `need` bytes are wanted; MORE, END or BAD. */
enum pcapfile_status pcapfile_more(struct pcapfile *, size_t need);

/* Refuse to go on; the text gets the position in the file appended. */
enum pcapfile_status pcapfile_bad(struct pcapfile *, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The place of this interface in the list, added where it is new. */
uint16_t pcapfile_place(struct pcapfile *, const char *name, int linktype,
    uint32_t snaplen);

/* DLT_ value of the link type in a file. */
int pcapfile_linktype(uint32_t linktype);

/* The longest packet that is believed for a link type. */
uint32_t pcapfile_longest(int linktype);

/* The first block of a pcapng file is at hand; begin. */
enum pcapfile_status pcapng_next(struct pcapfile *, struct pcapfile_packet *);

static inline uint16_t
pcapfile_get16(const struct pcapfile *f, const uint8_t *at)
{
	uint16_t v;
	memcpy(&v, at, sizeof(v));
	return f->swapped ? __builtin_bswap16(v) : v;
}

static inline uint32_t
pcapfile_get32(const struct pcapfile *f, const uint8_t *at)
{
	uint32_t v;
	memcpy(&v, at, sizeof(v));
	return f->swapped ? __builtin_bswap32(v) : v;
}

#endif
