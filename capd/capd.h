/* SPDX-License-Identifier: MIT
 *
 * What was asked for on capd's command line, and the ways to run.
 */
#ifndef CAPD_CAPD_H
#define CAPD_CAPD_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/record.h"

enum { CAPD_INTERFACES = SOURCE_INTERFACES };
enum { CAPD_SNAPLEN_MIN = 64, CAPD_SNAPLEN_MAX = 262144 };	/* bytes */

struct capd {
	const char *interfaces[CAPD_INTERFACES];	/* -i, in order */
	unsigned interface_count;	/* 0: the one with the default route */
	const char *file;		/* -r; "-" is standard input; null: live */
	const char *filter;		/* -f, or null */
	bool promiscuous;		/* -p */
	uint32_t snaplen;		/* -s, bytes */
	uint32_t buffer;		/* -B, bytes of kernel buffer */
	unsigned latency;		/* --latency, ms */
	bool count_network;		/* --count network */
	enum record_form form;		/* -o */
	double speed;			/* --speed; 0: as fast as possible */
	const char *control;		/* --control, or null */
	const char *write;		/* -w, or null */
	uint64_t rotate_bytes;		/* --rotate; 0: one file */
	unsigned rotate_files;		/* 0: as many as it takes */
	uint64_t packets;		/* -n; 0: no end */
	double duration;		/* --duration, seconds; 0: no end */
	bool wifi;			/* --wifi */
};

/* Read a capture file to standard output; returns the exit status. */
int capd_file(const struct capd *);

/* --check: could that file be read?  Says why not on standard error;
 * returns the exit status. */
int capd_check(const struct capd *);

/* Capture from interfaces to standard output; returns the exit status. */
int capd_live(const struct capd *);

/* -L: list interfaces on standard output, as text or JSON; returns the exit
 * status. */
int capd_list(bool json);

#endif
