/* SPDX-License-Identifier: MIT
 *
 * Takes flows out of a snapshot without losing a byte of what it counts:
 * their figures go to "other", where flows that are not shown belong.
 */
#ifndef NAMEMAP_FOLD_H
#define NAMEMAP_FOLD_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/buf.h"
#include "lib/snapshot.h"

/* Append the line without the flows that `take` says yes to: "flows_shown"
 * falls, "other" counts them and gets every total, delta and rate that it
 * has for flows.  Returns how many were taken; 0 (and nothing appended)
 * also when the snapshot has no "other" that could take them. */
size_t fold_flows(const struct snapshot *, bool (*take)(void *arg,
    const struct snapshot_flow *), void *arg, struct buf *out);

#endif
