/* SPDX-License-Identifier: MIT
 *
 * The files of -w and their names: FILE, FILE1, FILE2, ... without a bound;
 * with one of N files FILE0 to FILE(N-1), numbers of one width, over and
 * over; as tcpdump -C and -W do.  The keeper opens them, the child writes.
 */
#ifndef CAPD_RING_H
#define CAPD_RING_H

#include <stdbool.h>

struct ring {
	const char *path;	/* null: no -w */
	unsigned files;		/* 0: no bound */
	bool rotates;
	bool keeps;		/* what a file held before */
	unsigned number;	/* of the file that is open */
	int fd;			/* -1: none */
};

/* Open the first file, which will belong to the user behind sudo when it
 * is new.  False with errno and the name in *name, which the caller owns. */
bool ring_open(struct ring *, char **name);

/* Open the next one, and forget the one before.  As above. */
bool ring_next(struct ring *, char **name);

/* Cut off a packet that a killed child wrote in part; false when the file
 * has nothing in it yet. */
bool ring_mend(const struct ring *, unsigned long long bytes);

#endif
