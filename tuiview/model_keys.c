/* SPDX-License-Identifier: MIT
 *
 * What makes flows one row: hashes of what they have in common.
 */
#include "tuiview/model_keys.h"

#include <string.h>

uint64_t
keys_mix(uint64_t hash, uint64_t number)
{
	hash = (hash ^ number) * 0x9e3779b97f4a7c15u;
	return hash ^ hash >> 32;
}

static uint64_t
mix_text(uint64_t hash, const char *text)
{
	size_t len = strlen(text);
	uint64_t bytes = 0;
	hash = keys_mix(hash, len);
	for (; len > sizeof(bytes); len -= sizeof(bytes)) {
		memcpy(&bytes, text, sizeof(bytes));
		hash = keys_mix(hash, bytes);
		text += sizeof(bytes);
	}
	bytes = 0;
	memcpy(&bytes, text, len);
	return keys_mix(hash, bytes);
}

/* A host: by its address, if that is what the text is. */
static uint64_t
mix_host(uint64_t hash, const char *text, const struct addr *addr)
{
	uint64_t half[2];
	if (addr->family == ADDR_NONE)
		return mix_text(hash, text);
	memcpy(half, addr->bytes, sizeof(half));
	return keys_mix(keys_mix(hash + addr->family, half[0]), half[1]);
}

bool
keys_keep_flows(const struct rows_how *how)
{
	return how->aggregate == AGGREGATE_NONE && how->src_ports &&
	    how->dst_ports;
}

static bool
tells_src(const struct rows_how *how)
{
	return (how->aggregate & AGGREGATE_SOURCE) == 0;
}

static bool
tells_dst(const struct rows_how *how)
{
	return (how->aggregate & AGGREGATE_DESTINATION) == 0;
}

bool
keys_tell_protocols(const struct rows_how *how)
{
	return (tells_src(how) && how->src_ports) ||
	    (tells_dst(how) && how->dst_ports);
}

static uint64_t
flow_key(uint64_t hash, const struct flow *f, const struct rows_how *how)
{
	bool src = tells_src(how), dst = tells_dst(how);
	if (src)
		hash = mix_host(hash, f->src, &f->src_addr);
	if (dst)
		hash = mix_host(hash, f->dst, &f->dst_addr);
	if (src && how->src_ports)
		hash = keys_mix(hash, f->src_port);
	if (dst && how->dst_ports)
		hash = keys_mix(hash, f->dst_port);
	if (keys_tell_protocols(how))
		hash = keys_mix(hash, f->proto);
	return hash;
}

uint64_t
rows_key(const struct flow *f, const struct rows_how *how)
{
	uint64_t hash = 0xcbf29ce484222325u + (unsigned)how->view;
	const char *name;
	switch (how->view) {
	case VIEW_FLOWS:
		if (keys_keep_flows(how) && f->id != 0)
			return f->id;
		hash = flow_key(hash, f, how);
		break;
	case VIEW_PROCESSES:
		hash = keys_mix(mix_text(hash, f->process), f->pid);
		break;
	case VIEW_HOSTS:
		hash = mix_host(hash, f->dst, &f->dst_addr);
		break;
	case VIEW_SERVICES:
		hash = keys_mix(hash, rows_service(f, &name));
		hash = keys_mix(hash, f->proto);
		break;
	case VIEW_PUBLISHERS:
		hash = mix_text(hash, f->package);
		break;
	}
	return hash != 0 ? hash : 1;
}

/* Is that no port of a service, but the other end's is?  So it is of a flow
 * that was there before the capture, and whose server spoke first. */
static bool
is_client(uint16_t port, const char *name, uint16_t other,
    const char *other_name)
{
	enum { EPHEMERAL = 32768, WELL_KNOWN = 512 };
	return port >= EPHEMERAL && name[0] == '\0' && other < EPHEMERAL &&
	    (other_name[0] != '\0' || (other != 0 && other < WELL_KNOWN));
}

uint16_t
rows_service(const struct flow *f, const char **name)
{
	bool ours = strcmp(f->direction, "in") == 0;
	if (strcmp(f->direction, "out") != 0 && !ours) {
		if (f->dst_service[0] == '\0')
			ours = f->src_service[0] != '\0' ||
			    f->src_port < f->dst_port;
	}
	if (ours ? is_client(f->src_port, f->src_service, f->dst_port,
	    f->dst_service) : is_client(f->dst_port, f->dst_service,
	    f->src_port, f->src_service))
		ours = !ours;
	*name = ours ? f->src_service : f->dst_service;
	return ours ? f->src_port : f->dst_port;
}
