/* SPDX-License-Identifier: MIT
 *
 * The text of a flow that the filter looks into.
 */
#ifndef TUIVIEW_SEARCH_H
#define TUIVIEW_SEARCH_H

#include "tuiview/model_flows.h"

/* Give the flow its ->search, in the snapshot's memory: addresses, names,
 * ports, services, process, process id and protocol, in lower case, each with
 * a newline behind it. */
void search_build(struct flows *, struct flow *);

/* Both ends and the process of such a flow as rows show them, by address and
 * by name, with the port and with the service, in lower case, a line each:
 * "192.0.2.1:443", "[2001:db8::1]:https", "example.net icmp", "[4821:ssh]".
 * Cut at `size` bytes, of which 4096 are enough for names of DNS. */
void search_shown(const struct flow *, char *text, size_t size);

#endif
