/* SPDX-License-Identifier: MIT
 *
 * The capture child's side of the record stream.
 *
 * A child may be killed at any instruction, yet the stream stays whole, since
 * the keeper goes on writing where the child left off:
 *
 *  - packet records are one slot each and go out in writes of whole slots.
 *    A pipe takes bytes in pages, a multiple of the slot, and every byte in
 *    it came in whole slots, so even a write cut short by a kill ends
 *    between two records;
 *  - a tick has a tail, so it is written by itself: 192 bytes, which a pipe
 *    takes whole or not at all (PIPE_BUF);
 *  - text goes out in pieces of whole lines of at most PIPE_BUF bytes;
 *  - all else, such as events, only the keeper writes.
 */
#ifndef CAPD_OUTPUT_H
#define CAPD_OUTPUT_H

#include <stdbool.h>

#include "lib/record.h"

struct output {
	int fd;
	int keeper;		/* whose end ends a wait for the reader */
	bool waits;		/* a write(2) may block */
	struct record_writer text;	/* lines being made, text forms only */
};

/* On standard output, which better does not block: see io_unshare_pipe(). */
void output_init(struct output *, int keeper, enum record_form);

/* The interfaces' names, for the text forms. */
void output_names(struct output *, const struct record_source *);

/* False with errno: EPIPE, the reader left; ECANCELED, the keeper did. */
bool output_packets(struct output *, const struct record_packet *,
    unsigned count);
bool output_tick(struct output *, const struct record_tick *);

#endif
