/* SPDX-License-Identifier: MIT
 *
 * Reading capture files, pcap and pcapng, from any descriptor.  A reader of
 * our own: twice as fast as libpcap's, which also refuses pcapng files that
 * mix link types and does not say from which interface a packet is.
 *
 *	while ((status = pcapfile_next(f, &p)) != PCAPFILE_END)
 *		if (status == PCAPFILE_MORE)
 *			pcapfile_fill(f);	(wait here for input)
 */
#ifndef CAPD_PCAPFILE_H
#define CAPD_PCAPFILE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/record.h"

struct pcapfile_packet {
	uint64_t ts;		/* ns since 1970 */
	const uint8_t *bytes;	/* until the next pcapfile_fill() */
	uint32_t captured;
	uint32_t length;	/* on the wire */
	int linktype;		/* libpcap's DLT_ value */
	uint16_t interface;	/* its place in the list of interfaces */
	uint8_t direction;	/* enum record_direction, as a pcapng says */
};

struct pcapfile_interface {
	char name[SOURCE_NAME];
	int linktype;
	uint32_t snaplen;
};

enum pcapfile_status {
	PCAPFILE_PACKET,	/* *packet is filled in */
	PCAPFILE_MORE,		/* pcapfile_fill() first */
	PCAPFILE_END,
	PCAPFILE_BAD,		/* pcapfile_error() says why; again for ever */
};

struct pcapfile;		/* opaque */

/* Read from `fd`, which stays the caller's. */
struct pcapfile *pcapfile_new(int fd);
void pcapfile_free(struct pcapfile *);

enum pcapfile_status pcapfile_next(struct pcapfile *,
    struct pcapfile_packet *packet);

/* One read(2).  False when there is nothing now (EAGAIN, EINTR). */
bool pcapfile_fill(struct pcapfile *);

/* What is wrong and where, without the file's name. */
const char *pcapfile_error(const struct pcapfile *);

/* Was the start of the file that of a capture? */
bool pcapfile_is_capture(const struct pcapfile *);

/* May packets of other link types follow, as in pcapng? */
bool pcapfile_may_mix(const struct pcapfile *);

/* Interfaces met so far; their number grows in the course of a pcapng file,
 * to SOURCE_INTERFACES at most: the last stands for all the others, then. */
uint16_t pcapfile_interfaces(const struct pcapfile *,
    const struct pcapfile_interface **list);

/* Drops that a pcapng file tells of, in all: by the kernel and by the
 * interfaces. */
void pcapfile_drops(const struct pcapfile *, uint64_t *kernel,
    uint64_t *interface);

#endif
