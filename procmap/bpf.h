/* SPDX-License-Identifier: MIT
 *
 * Sockets' owners told by the kernel as it happens, and a look at all
 * sockets of all network namespaces at once.  Opening needs CAP_BPF and
 * CAP_PERFMON (or root); using it afterwards needs nothing.
 */
#ifndef PROCMAP_BPF_H
#define PROCMAP_BPF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "procmap/batch.h"

struct bpf;

/* Load and attach.  Null with the reason, and what would mend it. */
struct bpf *bpf_open(char *problem, size_t size);

/* Detach and free; no look may be under way. */
void bpf_close(struct bpf *);

/* Take over what has happened since the last call, for so many microseconds
 * of work at most.  TIME_NEVER when that was all; else a time from which on
 * not all is known: the rest comes with the next call. */
int64_t bpf_drain(struct bpf *, struct owners *, struct processes *,
    int64_t budget);

/* Were there many events, in one of the last drains? */
bool bpf_busy(const struct bpf *);

/* One look at everything, for poller_start(). */
bool bpf_take(void *, struct batch *);

/* Did an event name a network namespace not met before?  Its addresses are
 * known after the next look at everything. */
bool bpf_new_netns(struct bpf *);

/* Events that did not fit into the ring, in all. */
uint64_t bpf_lost(const struct bpf *);

/* Sends are counted too: above BPF_SENDS per second the send hook is taken
 * off for half a minute, because each run costs some 0.2 us.  Then whose a UDP
 * port is only looks at everything show, for the time between two that show
 * the same.  To be called behind bpf_drain(), with the time after it.  Returns a
 * text the first time, null else: it is a choice, nothing is broken. */
enum { BPF_SENDS = 100000 };
const char *bpf_limit(struct bpf *, struct owners *, int64_t now);

#endif
