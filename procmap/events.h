/* SPDX-License-Identifier: MIT
 *
 * From the kernel programs' records to sightings and processes.  Pure.
 */
#ifndef PROCMAP_EVENTS_H
#define PROCMAP_EVENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "procmap/bpf/event.h"
#include "procmap/owners.h"
#include "procmap/socket.h"

/* The size of the record at `bytes`, by its kind; 0 when it is none or is
 * not whole. */
size_t events_size(const void *bytes, size_t len);

/* Nanoseconds since boot as the clock ticks of /proc, and what is left. */
uint64_t events_ticks(uint64_t ns);
uint32_t events_within(uint64_t ns);

/* `own_netns` becomes namespace 0.  The process is not filled in. */
void events_sighting(const struct event_owner *, uint32_t own_netns,
    struct sighting *);

void events_process(const struct event_process *, struct proc_info *);

#endif
