/* SPDX-License-Identifier: MIT
 *
 * A packet filter, pcap-filter(7), for frames of any mix of link types:
 * compiled once for each of them.
 */
#ifndef CAPD_FILTER_H
#define CAPD_FILTER_H

#include <stdbool.h>
#include <stdint.h>

struct filter;			/* opaque */

/* The text must stay; null or empty matches everything. */
struct filter *filter_new(const char *text);
void filter_free(struct filter *);

/* Does it make sense for this link type (DLT_ value)?  Null, or why not, in
 * libpcap's words; they stay. */
const char *filter_refusal(struct filter *, int linktype);

/* Compile it for every link type that is decoded, before frames are looked
 * at: a compilation may look up names, which a sandbox forbids. */
void filter_compile_all(struct filter *, bool wifi);

/* Does the frame match?  Where the filter makes no sense, none does. */
bool filter_match(struct filter *, int linktype, const uint8_t *frame,
    uint32_t captured, uint32_t length);

/* That a frame of this link type cannot match, and why: once for each link
 * type, and once for all that it was not compiled for.  Null: no news. */
const char *filter_news(struct filter *, int linktype);

#endif
