/* SPDX-License-Identifier: MIT
 *
 * An interface's own counters, asked of the kernel by a descriptor that is
 * opened before the sandbox is entered.
 */
#ifndef CAPD_WIRE_H
#define CAPD_WIRE_H

#include <stdbool.h>
#include <stdint.h>

enum { WIRE_RECEIVED = 1, WIRE_SENT = 2 };

struct wire {
	int index;		/* of the interface; 0: nothing read yet */
	uint64_t packets, bytes;	/* received and sent */
	uint64_t dropped;	/* before any capture could see them */
	uint8_t headless;	/* WIRE_RECEIVED, WIRE_SENT: such frames the
				 * kernel counts without Ethernet header */
	uint64_t since, at;	/* ts: when it was first read, 0 once no older
				 * packets come, and last; for the reader */
};

/* A descriptor for wire_read(), or -1: this system does not tell. */
int wire_open(void);

/* Which frames of this interface does the kernel count without their Ethernet
 * header?  So it does where an interface is made of others. */
uint8_t wire_headless(int fd, int index);

/* Read an interface's counters; ->headless says how, and stays, as ->since
 * and ->at do.  All are such that they compare with the lengths of frames as libpcap
 * shows them: on a loopback interface each packet is counted once and with the
 * 14 bytes of an Ethernet header, which the kernel does not count. */
bool wire_read(int fd, int index, bool loopback, struct wire *);

#endif
