/* SPDX-License-Identifier: MIT
 *
 * Questions to the kernel about sockets of our network namespace: which one
 * takes the packets of this tuple, and which are there.  No privilege is
 * needed; the answer has the socket's inode, never its process.
 */
#ifndef PROCMAP_DIAG_H
#define PROCMAP_DIAG_H

#include <stdbool.h>
#include <stdint.h>

#include "procmap/socket.h"

struct diag_socket {
	struct sock_key key;	/* as the socket has it */
	uint32_t inode;		/* 0: not yet accepted, or time-wait */
	uint32_t uid;
	uint64_t cgroup;	/* id; 0: not known */
	bool listens, v6only;
};

/* A descriptor for the questions; -1 with errno (ENOTSUP: no such thing on
 * this system). */
int diag_open(void);

/* The socket that has key->local as its end of the flow (connected, bound
 * to any address, or the listener, as the kernel itself would find it). */
bool diag_ask(int fd, const struct sock_key *, struct diag_socket *);

/* Does the kernel tell of this protocol's sockets?  It may lack a module for
 * that.  False with errno. */
bool diag_tells(uint8_t proto);

/* All TCP and UDP sockets.  False with errno when the kernel would not; not
 * `whole` where it lacked something for the moment, so that some are missing. */
bool diag_dump(void (*found)(void *, const struct diag_socket *),
    void *state, bool *whole);

#endif
