/* SPDX-License-Identifier: MIT
 *
 * Packets that the kernel dropped because capd was too slow.
 */
#ifndef CAPD_DROPS_H
#define CAPD_DROPS_H

#include <pcap/pcap.h>
#include <stdint.h>

/* Since the last call for this handle. */
uint64_t drops_read(pcap_t *);

#endif
