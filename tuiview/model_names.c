/* SPDX-License-Identifier: MIT
 *
 * What rows are called: the names of groups, and what a pin is stored as.
 */
#include <stdio.h>
#include <string.h>

#include "lib/protocol.h"
#include "tuiview/model_keys.h"
#include "tuiview/model_rows.h"
#include "tuiview/text.h"

/* snprintf(3) takes ten times as long, and 100,000 rows want names when the
 * order or the filter goes by them. */
static void
copy(char *text, size_t size, const char *from)
{
	size_t len = (size_t)text_bytes(from, (int)size - 1);
	memcpy(text, from, len);
	text[len] = '\0';
}

static void
service_name(const struct flow *f, bool services, char text[ROWS_NAME])
{
	const char *name;
	unsigned port = rows_service(f, &name);
	if (port == 0)
		copy(text, ROWS_NAME, f->protocol[0] != '\0' ? f->protocol :
		    "*");
	else if (name[0] != '\0' && services)
		snprintf(text, ROWS_NAME, "%.*s (%u/%s)",
		    text_bytes(name, ROWS_NAME / 2), name, port, f->protocol);
	else
		snprintf(text, ROWS_NAME, "%u/%s", port, f->protocol);
}

void
rows_name(const struct row *row, enum pref_view view, bool names,
    bool services, char text[ROWS_NAME])
{
	const struct flow *f = row->flow;
	switch (view) {
	case VIEW_PROCESSES:
		if (f->process[0] == '\0' && f->pid == 0)
			copy(text, ROWS_NAME, "(no process known)");
		else if (f->pid == 0)
			copy(text, ROWS_NAME, f->process);
		else
			snprintf(text, ROWS_NAME, "[%u] %.*s", f->pid,
			    text_bytes(f->process, ROWS_NAME - 14),
			    f->process);
		break;
	case VIEW_HOSTS:
		copy(text, ROWS_NAME, names && f->dst_name[0] != '\0' ?
		    f->dst_name : f->dst[0] != '\0' ? f->dst : "*");
		break;
	case VIEW_SERVICES:
		service_name(f, services, text);
		break;
	case VIEW_PUBLISHERS:
		copy(text, ROWS_NAME, f->package[0] != '\0' ? f->package :
		    "(no package known)");
		break;
	case VIEW_FLOWS:
		snprintf(text, ROWS_NAME, "%s > %s", f->src, f->dst);
		break;
	}
}

const char *
rows_source(const struct flow *f)
{
	return f->src[0] == '\0' && f->dst[0] == '\0' &&
	    f->protocol[0] == '\0' ? f->interface : f->src;
}

static void
endpoint(const char *addr, unsigned port, bool merged, char text[ROWS_PIN])
{
	int bytes = text_bytes(addr, ROWS_PIN / 2);
	if (merged)
		snprintf(text, ROWS_PIN, "*");
	else if (port == 0)
		snprintf(text, ROWS_PIN, "%.*s", bytes, addr);
	else if (strchr(addr, ':') != NULL)
		snprintf(text, ROWS_PIN, "[%.*s]:%u", bytes, addr, port);
	else
		snprintf(text, ROWS_PIN, "%.*s:%u", bytes, addr, port);
}

/* What ports do not tell: of which protocol; of ICMP, of which ping. */
static void
add_protocol(const struct flow *f, const struct rows_how *how,
    char text[ROWS_PIN])
{
	size_t len = strlen(text), room = ROWS_PIN - len;
	if (f->protocol[0] == '\0' || !keys_tell_protocols(how))
		return;
	int bytes = text_bytes(f->protocol, 40);
	char id[12] = "";
	if (keys_keep_flows(how) && f->has_icmp_id)
		snprintf(id, sizeof(id), " %u", f->icmp_id);
	else if (keys_keep_flows(how) && (f->proto == PROTOCOL_ICMP ||
	    f->proto == PROTOCOL_ICMPV6))
		snprintf(id, sizeof(id), " -");
	snprintf(text + len, room, " %.*s%s", bytes, f->protocol, id);
}

void
rows_pin(const struct row *row, const struct rows_how *how,
    char src[ROWS_PIN], char dst[ROWS_PIN])
{
	static const char *const views[] = { "flows", "process", "host",
		"service", "publisher" };
	const struct flow *f = row->flow;
	if (how->view != VIEW_FLOWS) {
		char name[ROWS_NAME];
		/* A process is pinned by name: its pid will not come back. */
		if (how->view == VIEW_PROCESSES && f->process[0] != '\0')
			copy(name, sizeof(name), f->process);
		else
			rows_name(row, how->view, false, false, name);
		copy(src, ROWS_PIN, views[how->view]);
		copy(dst, ROWS_PIN, name);
		return;
	}
	endpoint(rows_source(f), how->src_ports ? f->src_port : 0,
	    (how->aggregate & AGGREGATE_SOURCE) != 0, src);
	endpoint(f->dst, how->dst_ports ? f->dst_port : 0,
	    (how->aggregate & AGGREGATE_DESTINATION) != 0, dst);
	add_protocol(f, how, dst);
}
