/* SPDX-License-Identifier: MIT
 *
 * An interface's own counters, asked of the kernel by a descriptor that is
 * opened before the sandbox is entered.
 */
#ifndef CAPD_WIRE_H
#define CAPD_WIRE_H

#include <stdbool.h>
#include <stdint.h>

struct wire {
	int index;		/* of the interface; 0: nothing read yet */
	uint64_t packets, bytes;	/* received and sent */
	uint64_t dropped;	/* before any capture could see them */
};

/* A descriptor for wire_read(), or -1: this system does not tell. */
int wire_open(void);

/* Read an interface's counters.  On a loopback interface each packet is
 * counted once and with the 14 bytes of the Ethernet header that libpcap
 * shows there and the kernel does not count, so that all figures compare
 * with frame lengths. */
bool wire_read(int fd, int index, bool loopback, struct wire *);

#endif
