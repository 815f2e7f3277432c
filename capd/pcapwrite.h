/* SPDX-License-Identifier: MIT
 *
 * A classic pcap file with nanoseconds, written to a descriptor that is
 * open already: a sandboxed process can open none.
 */
#ifndef CAPD_PCAPWRITE_H
#define CAPD_PCAPWRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/buf.h"

struct pcapwrite {
	int fd;			/* -1: no file */
	struct buf buf;
	uint64_t bytes;		/* in the file, whole packets */
};

/* Write to `fd`, which already holds so many bytes; a file that is empty
 * gets its header.  `linktype` is a DLT_ value. */
void pcapwrite_init(struct pcapwrite *, int fd, uint64_t bytes,
    int linktype);
void pcapwrite_done(struct pcapwrite *);	/* leaves fd open */

/* Add a packet to the buffer; false with errno when that had to go out and
 * could not. */
bool pcapwrite_packet(struct pcapwrite *, uint64_t ts, const uint8_t *bytes,
    uint32_t captured, uint32_t length);

/* Write out what is buffered; false with errno. */
bool pcapwrite_flush(struct pcapwrite *);

#endif
