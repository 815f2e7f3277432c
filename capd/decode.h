/* SPDX-License-Identifier: MIT
 *
 * From the bytes of a frame to a packet record.  Knows no libpcap, no
 * files and no clock: bytes in, struct out.
 */
#ifndef CAPD_DECODE_H
#define CAPD_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/record.h"

/* What a frame turned out to be; each is counted. */
enum frame_class {
	FRAME_FLOW,		/* the record is filled in */
	FRAME_NON_IP,		/* understood, but neither IPv4 nor IPv6 */
	FRAME_MALFORMED,	/* link header cut, or IP not readable */
	FRAME_UNSUPPORTED,	/* of a link type that is not decoded */
};

struct decoder;			/* link type and the fragment table */

/* Are frames of this libpcap link type (DLT_ value) decoded?  `wifi`: with
 * 802.11 too. */
bool decode_knows(int linktype, bool wifi);

/* The version of IP that the four bytes before a packet of a BSD loopback
 * capture announce, in whatever byte order and by whatever system's number;
 * 0: neither 4 nor 6. */
unsigned decode_loopback(const uint8_t *header);

/* A decoder for any mix of link types.  The fragment table is bounded; at
 * the bound the oldest entry goes.  `wifi`: decode 802.11 as well.  Asks the
 * system for a random seed, so make it before entering a sandbox. */
struct decoder *decoder_new(bool wifi);
void decoder_free(struct decoder *);

/* The hardware address that is ours in the frames that follow, to tell in
 * from out on Ethernet; six bytes, copied.  Null: not known. */
void decoder_set_mac(struct decoder *, const uint8_t *mac);

/* Walk the layers of every frame, for tests to compare with. */
void decoder_walk(struct decoder *);

/* Decode one frame: `captured` bytes are there, the wire had `length`.  The
 * caller sets ts and interface of *p before, which tell fragments apart.
 * On FRAME_FLOW every member of it is set; on the others only these two,
 * frame_length and network_length are sure. */
enum frame_class decode(struct decoder *, int linktype, const uint8_t *frame,
    uint32_t captured, uint32_t length, struct record_packet *p);

/* Count a frame by its class, if it has no record. */
void decode_count(struct record_counters *, enum frame_class, uint64_t bytes);

#endif
