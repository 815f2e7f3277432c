/* SPDX-License-Identifier: MIT
 *
 * Which members of a flow's key a row keeps.
 */
#include "flowagg/group.h"

#include <string.h>

static const char *const names[] = {
	[GROUP_FLOW] = "flow", [GROUP_HOSTS] = "hosts",
	[GROUP_SRC_PORT] = "src-port", [GROUP_DST_PORT] = "dst-port",
	[GROUP_LOCAL] = "local", [GROUP_REMOTE] = "remote",
	[GROUP_SERVICE] = "service", [GROUP_PROTOCOL] = "protocol",
	[GROUP_INTERFACE] = "interface",
};

bool
group_parse(const char *name, enum group *g)
{
	for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(names[i], name) == 0) {
			*g = (enum group)i;
			return true;
		}
	return false;
}

const char *
group_name(enum group g)
{
	return names[g];
}

/* The conversation's key with our end first. */
static struct flow_key
local_first(const struct flow *f)
{
	struct flow_key k = f->key;
	if ((f->flags & FLOW_B_IS_OURS) != 0) {
		memcpy(k.a, f->key.b, sizeof(k.a));
		memcpy(k.b, f->key.a, sizeof(k.b));
		k.port_a = f->key.port_b;
		k.port_b = f->key.port_a;
	}
	return k;
}

/* The port of the end that was called: a service, as far as it shows. */
static uint16_t
service_port(const struct flow *f)
{
	return f->b_opened ? f->key.port_a : f->key.port_b;
}

struct flow_key
group_key(enum group g, const struct flow *f, uint16_t interface)
{
	const struct flow_key k = local_first(f);
	struct flow_key row = { .family = k.family };
	bool src = g == GROUP_HOSTS || g == GROUP_SRC_PORT ||
	    g == GROUP_DST_PORT || g == GROUP_LOCAL;
	bool dst = src ? g != GROUP_LOCAL : g == GROUP_REMOTE;
	if (src)
		memcpy(row.a, k.a, sizeof(row.a));
	else
		row.kind |= KIND_NO_SRC;
	if (dst)
		memcpy(row.b, k.b, sizeof(row.b));
	else
		row.kind |= KIND_NO_DST;
	if (!src && !dst)
		row.family = 0;
	if (g == GROUP_HOSTS || g == GROUP_LOCAL || g == GROUP_REMOTE ||
	    g == GROUP_INTERFACE)
		row.kind |= KIND_NO_PROTOCOL;
	switch (g) {
	case GROUP_FLOW:
		return k;
	case GROUP_SRC_PORT:
	case GROUP_DST_PORT:
		row.protocol = k.protocol;
		row.port_a = g == GROUP_SRC_PORT &&
		    (k.kind & KIND_ECHO) == 0 ? k.port_a : 0;
		row.port_b = g == GROUP_DST_PORT &&
		    (k.kind & KIND_ECHO) == 0 ? k.port_b : 0;
		break;
	case GROUP_SERVICE:
		row.protocol = k.protocol;
		row.port_b = (k.kind & KIND_ECHO) == 0 ?
		    service_port(f) : 0;
		break;
	case GROUP_PROTOCOL:
		row.protocol = k.protocol;
		break;
	case GROUP_INTERFACE:
		row.port_a = interface;
		row.kind |= KIND_INTERFACE;
		break;
	case GROUP_HOSTS:
	case GROUP_LOCAL:
	case GROUP_REMOTE:
		break;
	}
	return row;
}
