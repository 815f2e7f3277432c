/* SPDX-License-Identifier: MIT
 *
 * Port and protocol to service name: the system's table, services(5), and
 * for what it lacks a table of our own.
 */
#ifndef NAMEMAP_SERVICES_H
#define NAMEMAP_SERVICES_H

#include <stddef.h>
#include <stdint.h>

/* Read the table at `path` once; a file that is not there or lines that are
 * not understood leave the names built in. */
struct services *services_new(const char *path);
void services_free(struct services *);

/* The name of a port ("" when it has none) for an IP protocol number.  TCP
 * and UDP ports from 32768 on have none: clients take theirs from there. */
const char *services_find(const struct services *, uint8_t protocol,
    uint16_t port);

/* Built in: one row a port; protocols is a string of "tuds" (TCP, UDP, DCCP,
 * SCTP).  A null name ends it. */
struct service {
	uint16_t port;
	const char *protocols;
	const char *name;
};
extern const struct service services_known[];

#endif
