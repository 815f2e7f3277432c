/* SPDX-License-Identifier: MIT
 *
 * What rows are compared by, gathered in one small item each, since a look
 * at the flow itself costs two cache misses.
 */
#include "tuiview/model_order.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/xalloc.h"
#include "tuiview/model_keys.h"
#include "tuiview/model_sort.h"
#include "tuiview/text.h"

enum { GLANCE = 14, ORDER_FROZEN = 65536 };

/* A service as it is shown; where that is a port alone, by its number. */
static const char *
service_of(const struct rows *r, const struct flow *f, char text[ROWS_NAME])
{
	struct row row = { .flow = f };
	const char *name;
	unsigned port = rows_service(f, &name);
	if (port != 0 && (name[0] == '\0' || !r->how.services))
		snprintf(text, ROWS_NAME, "%05u/%.*s", port,
		    text_bytes(f->protocol, ROWS_NAME / 2), f->protocol);
	else
		rows_name(&row, VIEW_SERVICES, false, true, text);
	return text;
}

/* Where there is no one name, last, by how much there is to show. */
static const char *
process_of(const struct rows *r, uint32_t number)
{
	const struct flow *f = rows_flow(r, number);
	if (!r->lazy && r->how.view == VIEW_FLOWS &&
	    r->groups[number].mixed_process)
		return "\375";
	return f->process[0] != '\0' ? f->process : f->pid != 0 ? "\376" :
	    "\377";
}

/* Do all rows have a "*" for that end? */
static bool
is_merged(const struct rows_how *by, bool source)
{
	return by->view == VIEW_FLOWS && (by->aggregate & (source ?
	    AGGREGATE_SOURCE : AGGREGATE_DESTINATION)) != 0;
}

/* A host's name, or what rows without hosts have there; "": its address. */
static const char *
host_of(const struct rows *r, const struct flow *f, bool source,
    char text[ROWS_NAME])
{
	const char *name = source ? f->src_name : f->dst_name;
	const char *host = source ? rows_source(f) : f->dst;
	if (is_merged(&r->how, source))
		return "*";
	if (r->how.names && name[0] != '\0')
		return name;
	if ((source ? &f->src_addr : &f->dst_addr)->family != ADDR_NONE)
		return "";
	if (host[0] != '\0')
		return host;
	snprintf(text, ROWS_NAME, "* %.*s", source || f->dst_port != 0 ? 0 :
	    text_bytes(f->protocol, ROWS_NAME / 2), f->protocol);
	return text;
}

/* What a row is called when the order goes by name; with an empty name, the
 * address that it goes by.  All as it is shown. */
static const char *
name_of(const struct rows *r, uint32_t number, char text[ROWS_NAME],
    const struct addr **addr)
{
	const struct rows_how *by = &r->how;
	const struct flow *f = rows_flow(r, number);
	*addr = NULL;
	if (by->view == VIEW_PROCESSES ||
	    (by->view == VIEW_FLOWS && by->sort == SORT_PROCESS))
		return process_of(r, number);
	if (by->view == VIEW_SERVICES)
		return service_of(r, f, text);
	if (by->view == VIEW_PUBLISHERS) {
		struct row row = { .flow = f };
		rows_name(&row, by->view, by->names, true, text);
		return text;
	}
	bool source = by->view == VIEW_FLOWS && by->sort == SORT_SOURCE;
	const char *name = host_of(r, f, source, text);
	if (name[0] == '\0')
		*addr = source ? &f->src_addr : &f->dst_addr;
	return name;
}

/* The number behind the name: a port, if rows show it, or a pid. */
static uint32_t
number_of(const struct rows *r, uint32_t number)
{
	const struct rows_how *by = &r->how;
	const struct flow *f = rows_flow(r, number);
	if (by->view == VIEW_PROCESSES)
		return f->pid;
	if (by->view != VIEW_FLOWS)
		return 0;
	switch (by->sort) {
	case SORT_SOURCE:
		return by->src_ports && !is_merged(by, true) ? f->src_port : 0;
	case SORT_DESTINATION:
		return by->dst_ports && !is_merged(by, false) ?
		    f->dst_port : 0;
	default:
		return r->lazy || !r->groups[number].mixed_process ?
		    f->pid : 0;
	}
}

/* The start of a name or address as two numbers, addresses before names; the
 * last byte is 1 when there is more to it. */
static void
glance(const char *name, const struct addr *addr, uint64_t value[2])
{
	bool named = addr == NULL;
	value[0] = named ? 3 : addr->family == ADDR_IPV6 ? 2 : 1;
	value[1] = 0;
	for (int i = 0; i < GLANCE; i++) {
		unsigned c = named ? (unsigned char)*name : addr->bytes[i];
		if (named && c != 0)
			name++;
		if (named && c >= 'A' && c <= 'Z')
			c += 'a' - 'A';
		value[i >= 7] = value[i >= 7] << 8 | c;
	}
	value[1] = value[1] << 8 | (named ? *name != '\0' :
	    addr->family == ADDR_IPV6);
}

/* In 32 bits, in the same order, exact up to 128 million. */
static uint32_t
brief(uint64_t value)
{
	if (value < (uint64_t)1 << 27)
		return (uint32_t)value;
	int shift = 64 - __builtin_clzll(value) - 27;
	return ((uint32_t)shift << 26) + (uint32_t)(value >> shift);
}

static uint64_t
rate_of(const struct figures *n, enum pref_line line, int window)
{
	return (line != LINE_RECEIVED ? n->sent[window] : 0) +
	    (line != LINE_SENT ? n->recv[window] : 0);
}

static uint64_t
total_of(const struct figures *n, enum pref_line line)
{
	return (line != LINE_RECEIVED ? n->total_sent : 0) +
	    (line != LINE_SENT ? n->total_recv : 0);
}

static void
fill_name(const struct rows *r, struct item *item, uint32_t number)
{
	char text[ROWS_NAME];
	const struct addr *addr;
	uint64_t value[2], flip = r->how.reverse ? 0 : UINT64_MAX;
	const char *name = name_of(r, number, text, &addr);
	glance(name, addr, value);
	item->first = value[0] ^ flip;
	item->rest = value[1] ^ flip;
	item->port = number_of(r, number) ^ (uint32_t)flip;
}

/* Equal: the longer the window, the steadier the order. */
static void
fill(const struct rows *r, struct item *item, uint32_t number)
{
	const struct rows_how *by = &r->how;
	const struct figures *n = rows_figures(r, number);
	uint64_t rate = rate_of(n, by->line, 1);
	item->row = number;
	if (r->order->by_name) {
		fill_name(r, item, number);
		item->rate = brief(rate);
		return;
	}
	item->first = by->sort < SORT_TOTAL ?
	    rate_of(n, by->line, (int)by->sort) : total_of(n, by->line);
	if (by->reverse)
		item->first = ~item->first;
	item->rest = (uint64_t)brief(rate) << 32 |
	    brief(rate_of(n, by->line, 2));
	item->port = brief(total_of(n, by->line));
	item->rate = 0;
}

int
order_compare_names(const struct rows *r, const struct item *a,
    const struct item *b)
{
	char x[ROWS_NAME], y[ROWS_NAME];
	const struct addr *m, *n;
	const char *s = name_of(r, a->row, x, &m);
	const char *t = name_of(r, b->row, y, &n);
	int order = s == t ? 0 : strcasecmp(s, t);
	if (order == 0 && m != NULL && n != NULL)
		order = addr_compare(m, n);
	return r->how.reverse ? -order : order;
}

/* Ids are of other flows in another session. */
static uint64_t
salt_of(const struct rows *r)
{
	uint64_t salt = 0;
	const char *at = r->flows->session;
	if (r->how.view == VIEW_FLOWS)
		while (*at != '\0')
			salt = keys_mix(salt, (unsigned char)*at++);
	return salt;
}

/* Forget rows that are not there, once they are too many. */
static void
trim(struct rows *r)
{
	struct order *o = r->order;
	struct frozen kept = { .count = 0 };
	if (o->frozen.count <= ORDER_FROZEN ||
	    o->frozen.count / 4 <= r->numbers)
		return;
	for (size_t i = 0; i < r->numbers; i++) {
		uint64_t key = r->keys[i] ^ o->salt;
		uint64_t place = frozen_find(&o->frozen, key);
		if (place != 0)
			frozen_put(&kept, key, place);
	}
	frozen_done(&o->frozen);
	o->frozen = kept;
}

/* Those that have their place already come first. */
void
order_keep(struct rows *r)
{
	struct order *o = r->order;
	for (size_t i = o->known; i < r->count; i++) {
		uint64_t key = r->keys[order_at(r, i)] ^ o->salt;
		if (frozen_find(&o->frozen, key) == 0)
			frozen_put(&o->frozen, key, ++o->last);
	}
	trim(r);
}

void
order_begin(struct rows *r, bool frozen)
{
	if (r->order == NULL)
		r->order = xcalloc(1, sizeof(*r->order));
	struct order *o = r->order;
	if (!frozen)
		frozen_done(&o->frozen);
	if (o->size < r->size) {
		o->size = r->size;
		o->items = xreallocarray(o->items, o->size,
		    sizeof(*o->items));
		o->settled = xreallocarray(o->settled, o->size,
		    sizeof(*o->settled));
	}
	o->salt = salt_of(r);
	o->known = 0;
	o->by_name = r->how.sort >= SORT_SOURCE;
	o->asked = ROWS_NONE;
	pins_read(&o->pins, &r->how);
	r->count = r->pinned = 0;
}

void
order_add(struct rows *r, uint32_t number)
{
	struct order *o = r->order;
	struct item *item = &o->items[r->count++];
	bool pinned = pins_hold(&o->pins, &r->how, rows_flow(r, number));
	uint64_t place = frozen_find(&o->frozen, r->keys[number] ^ o->salt);
	if (pinned) {
		r->pinned++;
		r->state[number] |= ROW_PINNED;
	}
	if (place != 0) {
		/* A last byte that has no look at names. */
		*item = (struct item){ .first = UINT64_MAX - place,
			.rest = r->how.reverse ? 0 : UINT64_MAX,
			.row = number };
		o->known++;
		return;
	}
	fill(r, item, number);
	item->lead = 1 + !pinned;
}

void
order_end(struct rows *r)
{
	if (r->count > 0)
		memset(r->order->settled, 0, r->count);
}

void
order_done(struct rows *r)
{
	if (r->order == NULL)
		return;
	free(r->order->items);
	free(r->order->settled);
	frozen_done(&r->order->frozen);
	free(r->order);
}
