/* SPDX-License-Identifier: MIT
 *
 * The description of a record stream's source, to and from JSON.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/json_read.h"
#include "lib/json_write.h"
#include "lib/record.h"
#include "lib/xalloc.h"

enum { NS = 1000000000 };

void
record_source_init(struct record_source *s)
{
	*s = (struct record_source){ .filter = xstrdup("") };
}

void
record_source_done(struct record_source *s)
{
	free(s->filter);
	free(s->interfaces);
	*s = (struct record_source){ 0 };
}

static void
format_interface(struct buf *b, const struct record_interface *i)
{
	json_open(b, '{');
	json_member_text(b, "name", i->name);
	json_member_text(b, "linktype", i->linktype);
	json_member_text(b, "mac", i->mac);
	json_member(b, "addresses");
	buf_add_char(b, '[');
	for (uint16_t a = 0; a < i->address_count; a++) {
		char text[PREFIX_TEXT];
		prefix_format(&i->addresses[a], text);
		json_element(b);
		json_text(b, text, strlen(text));
	}
	json_close(b, ']');
	json_close(b, '}');
}

void
record_source_format(const struct record_source *s, struct buf *b)
{
	buf_add_char(b, '{');
	json_member_text(b, "type", "source");
	json_member_unsigned(b, "version", RECORD_VERSION);
	json_member_text(b, "kind", s->live ? "live" : "file");
	json_member_text(b, "host", s->host);
	json_member_text(b, "session", s->session);
	json_member_unsigned(b, "start_sec", s->start / NS);
	json_member_unsigned(b, "start_nsec", s->start % NS);
	json_member_unsigned(b, "snaplen", s->snaplen);
	json_member_text(b, "filter", s->filter);
	json_member_text(b, "count", s->count_network ? "network" : "frame");
	json_member(b, "interfaces");
	buf_add_char(b, '[');
	for (uint16_t i = 0; i < s->interface_count; i++)
		format_interface(b, &s->interfaces[i]);
	json_close(b, ']');
	json_close(b, '}');
}

static void
parse_interface(const struct json *j, uint32_t node,
    struct record_interface *i)
{
	json_read_text(j, json_get(j, node, "name"), i->name,
	    sizeof(i->name));
	json_read_text(j, json_get(j, node, "linktype"), i->linktype,
	    sizeof(i->linktype));
	json_read_text(j, json_get(j, node, "mac"), i->mac, sizeof(i->mac));
	uint32_t list = json_get(j, node, "addresses");
	for (uint32_t a = json_first(j, list);
	    a != JSON_NONE && i->address_count < SOURCE_ADDRESSES;
	    a = json_next(j, list, a)) {
		char text[PREFIX_TEXT];
		if (json_read_text(j, a, text, sizeof(text)) &&
		    prefix_parse(text, &i->addresses[i->address_count]))
			i->address_count++;
	}
}

static void
parse_interfaces(const struct json *j, struct record_source *s)
{
	uint32_t list = json_get(j, 0, "interfaces");
	s->interfaces = xcalloc(SOURCE_INTERFACES, sizeof(*s->interfaces));
	for (uint32_t i = json_first(j, list);
	    i != JSON_NONE && s->interface_count < SOURCE_INTERFACES;
	    i = json_next(j, list, i))
		parse_interface(j, i, &s->interfaces[s->interface_count++]);
}

bool
record_source_parse(struct record_source *s, const char *text, size_t len)
{
	struct json j = { 0 };
	uint64_t version = 0, number;
	bool good = json_parse(&j, text, len) &&
	    json_is(&j, json_get(&j, 0, "type"), "source") &&
	    json_read_unsigned(&j, json_get(&j, 0, "version"), &version) &&
	    version == RECORD_VERSION;
	if (good) {
		record_source_done(s);
		s->live = json_is(&j, json_get(&j, 0, "kind"), "live");
		s->count_network = json_is(&j, json_get(&j, 0, "count"),
		    "network");
		json_read_text(&j, json_get(&j, 0, "host"), s->host,
		    sizeof(s->host));
		json_read_text(&j, json_get(&j, 0, "session"), s->session,
		    sizeof(s->session));
		if (json_read_unsigned(&j, json_get(&j, 0, "start_sec"),
		    &number) && number < UINT64_MAX / NS)
			s->start = number * NS;
		if (json_read_unsigned(&j, json_get(&j, 0, "start_nsec"),
		    &number) && number < NS)
			s->start += number;
		if (json_read_unsigned(&j, json_get(&j, 0, "snaplen"),
		    &number) && number <= UINT32_MAX)
			s->snaplen = (uint32_t)number;
		uint32_t filter = json_get(&j, 0, "filter");
		size_t size = filter != JSON_NONE ?
		    j.nodes[filter].len + 1u : 1;
		s->filter = xcalloc(size, 1);
		json_read_text(&j, filter, s->filter, size);
		parse_interfaces(&j, s);
	}
	json_done(&j);
	return good;
}
