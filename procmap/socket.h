/* SPDX-License-Identifier: MIT
 *
 * What every source of knowledge speaks: a socket's addresses, a process,
 * and the sighting "this socket was seen to belong to that process".
 */
#ifndef PROCMAP_SOCKET_H
#define PROCMAP_SOCKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/addr.h"

/* A time that never comes, and one before all: microseconds. */
#define TIME_NEVER INT64_MAX
#define TIME_ALWAYS INT64_MIN

/* Addresses are 16 bytes, IPv4 as ::ffff:a.b.c.d.  An unconnected socket has
 * a remote of zeros and port 0; one bound to no address has local zeros (::)
 * or ::ffff:0.0.0.0.  Ping sockets have their echo identifier in lport. */
struct sock_key {
	uint8_t local[16];
	uint8_t remote[16];
	uint16_t lport, rport;
	uint32_t netns;		/* inode of the network namespace; 0: ours */
	uint8_t proto;
};

enum sock_via { VIA_NONE, VIA_BPF, VIA_ITER, VIA_DIAG, VIA_LSOF, VIA_FILE,
	VIA_NETNS, VIA_NAT, VIA_LISTENER, VIA_KERNEL, VIA_UID, VIA_CGROUP };

enum sock_flags {
	SOCK_LISTENS = 1,
	SOCK_CLIENT = 2,	/* it is the side that connected */
	SOCK_V6ONLY = 4,
	SOCK_SHARED = 8,	/* more than one process holds it */
	SOCK_RAWICMP = 16,	/* takes every ICMP packet */
	SOCK_ANYPROTO = 32,	/* the source did not say TCP or UDP */
	SOCK_RECORDED = 64,	/* times 0 to 3: how sure a recording was, */
	SOCK_RECORDED_MASK = 192,	/* as enum match_kind */
};

enum { PROC_NAME = 64, PROC_USER = 64, PROC_EXE = 512, PROC_UNIT = 128 };

/* A process as a source saw it; texts are clean (text_clean()). */
struct proc_info {
	uint32_t pid;		/* 0: the kernel, or nobody */
	uint64_t start;		/* clock ticks since boot; 0: not known */
	uint32_t within;	/* ns within that tick, where they are told:
				 * PIDs may be used again sooner */
	int64_t uid;		/* -1: not known */
	char name[PROC_NAME];
	char user[PROC_USER];	/* of a recording; else uid tells */
	char exe[PROC_EXE];	/* "": not known, */
	bool exe_untold;	/* or it has one that has no room there */
	char unit[PROC_UNIT];
	char container[PROC_UNIT];
};

/* Pure helpers on keys. */
void key_local(struct sock_key *, const struct addr *, uint16_t port);
void key_remote(struct sock_key *, const struct addr *, uint16_t port);
void key_swap(struct sock_key *);
void addr_to_mapped(const struct addr *, uint8_t bytes[16]);
bool mapped_is_v4(const uint8_t bytes[16]);

/* "bpf", "iter", ... as they stand in the stream; "" for VIA_NONE. */
const char *via_name(enum sock_via);

#endif
