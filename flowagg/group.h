/* SPDX-License-Identifier: MIT
 *
 * Merging conversations into rows: --by.
 */
#ifndef FLOWAGG_GROUP_H
#define FLOWAGG_GROUP_H

#include <stdbool.h>

#include "flowagg/flows.h"

enum group { GROUP_FLOW, GROUP_HOSTS, GROUP_SRC_PORT, GROUP_DST_PORT,
	GROUP_LOCAL, GROUP_REMOTE, GROUP_SERVICE, GROUP_PROTOCOL,
	GROUP_INTERFACE };

/* From and to the names that --by takes; false for an unknown one. */
bool group_parse(const char *name, enum group *);
const char *group_name(enum group);

/* The key of the row that packets of a conversation count in, when they come
 * by this interface.  In a row's key `a` is always the local end and
 * FLOW_B_IS_OURS is not used. */
struct flow_key group_key(enum group, const struct flow *conversation,
    uint16_t interface);

#endif
