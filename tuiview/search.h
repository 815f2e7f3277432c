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

#endif
