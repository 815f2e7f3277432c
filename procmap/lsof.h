/* SPDX-License-Identifier: MIT
 *
 * lsof: the portable source.  The parser is pure and takes every byte for
 * hostile; the runner is for a thread, since lsof may take its time.
 */
#ifndef PROCMAP_LSOF_H
#define PROCMAP_LSOF_H

#include <stdbool.h>
#include <stddef.h>

#include "procmap/batch.h"

/* Lines of `lsof -F pcufPtdTn`, one after another; without f, which not every
 * lsof writes unasked, a file begins with its t or P. */
struct lsof_parser {
	struct batch *batch;
	struct proc_info process;
	uint32_t process_number;	/* in the batch, from 1; 0: not yet */
	char name[256];		/* of the file: its addresses */
	bool has_name, v6, listens;
	uint8_t proto;		/* 0: not said */
	uint32_t inode;		/* which socket it is; 0: not said */
};

void lsof_begin(struct lsof_parser *, struct batch *);
void lsof_line(struct lsof_parser *, char *line, size_t len);
void lsof_end(struct lsof_parser *);

/* "192.0.2.1:22->198.51.100.7:5000", "*:68", "[::1]:53"; false when it is
 * nothing that names a local port. */
bool lsof_addresses(const char *text, bool v6, struct sock_key *);

/* For poller_start(); the state is not used. */
bool lsof_take(void *, struct batch *);

/* End a child that runs; for the end of the program. */
void lsof_kill(void);

#endif
