/* SPDX-License-Identifier: MIT
 *
 * A recorded table of owners: JSON lines, each a flow object as it stands in
 * an annotated snapshot, or a whole annotated snapshot.  So the output of
 * procmap is a recording, and so is what jq makes of other tools' output.
 *
 * Members used: proto, src, src_port, dst, dst_port, icmp_id, pid,
 * process_name, exe, uid, user, unit, container, match, first_seen, last_seen
 * (ms since 1970; none: any time), peer_pid, peer_process_name.  Without dst
 * the line is a listener or an unconnected socket.
 */
#ifndef PROCMAP_RECORDING_H
#define PROCMAP_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "procmap/addresses.h"
#include "procmap/owners.h"
#include "procmap/processes.h"

struct recording {
	struct owners *owners;
	struct processes *processes;
	struct addresses *addresses;	/* local ends are added */
	uint64_t flows, bad_lines;
};

/* One line; false when it is neither. */
bool recording_line(struct recording *, const char *line, size_t len);

/* A whole file, from a descriptor, which stays the caller's.  False with
 * errno. */
bool recording_read(struct recording *, int fd);

#endif
