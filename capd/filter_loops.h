/* SPDX-License-Identifier: MIT
 *
 * Filter programs that end, whatever the packet: "protochain" compiles to a
 * loop over headers, which libpcap runs without a bound, and in which a
 * crafted authentication header leads back to where it was.
 */
#ifndef CAPD_FILTER_LOOPS_H
#define CAPD_FILTER_LOOPS_H

#include <pcap/pcap.h>

/* Replace a program that jumps back by copies of it, one behind the other,
 * in which each jump back leads to the next copy, and behind the last one to
 * "no match"; the kernel takes such a program, too. */
void filter_unroll(struct bpf_program *);

#endif
