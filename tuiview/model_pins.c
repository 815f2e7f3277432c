/* SPDX-License-Identifier: MIT
 *
 * Pins against flows.  Ports are compared first: they differ soonest, and
 * every flow of a snapshot is asked about every pin.
 */
#include "tuiview/model_pins.h"

#include <stdlib.h>
#include <string.h>

static const char *
take_apart(const char *text, size_t *len, unsigned *port)
{
	const char *end;
	*port = 0;
	if (text[0] == '[' && (end = strchr(text, ']')) != NULL) {
		if (end[1] == ':')
			*port = (unsigned)strtoul(end + 2, NULL, 10);
		*len = (size_t)(end - text - 1);
		return text + 1;
	}
	end = strchr(text, ':');
	*len = strlen(text);
	if (end != NULL && strchr(end + 1, ':') == NULL) {
		*port = (unsigned)strtoul(end + 1, NULL, 10);
		*len = (size_t)(end - text);
	}
	return text;
}

/* Is this pin of a group, and of which view?  VIEW_FLOWS: of none. */
static enum pref_view
view_of(const struct pref_pin *pin)
{
	static const char *const views[] = { "flows", "process", "host",
		"service", "publisher" };
	for (int v = VIEW_PROCESSES; v <= VIEW_PUBLISHERS; v++)
		if (strcmp(pin->src, views[v]) == 0)
			return (enum pref_view)v;
	return VIEW_FLOWS;
}

void
pins_read(struct pins *p, const struct rows_how *how)
{
	size_t count;
	const struct pref_pin *from = prefs_pins(how->prefs, &count);
	p->count = 0;
	for (size_t i = 0; i < count && p->count < PINS; i++) {
		if (view_of(&from[i]) != how->view)
			continue;
		struct pin *pin = &p->list[p->count++];
		pin->src = take_apart(from[i].src, &pin->src_len,
		    &pin->src_port);
		pin->dst = take_apart(from[i].dst, &pin->dst_len,
		    &pin->dst_port);
		pin->whole_src = from[i].src;
		pin->whole_dst = from[i].dst;
	}
}

static bool
is_end(const char *host, size_t len, const char *addr)
{
	return strncmp(host, addr, len) == 0 && addr[len] == '\0';
}

/* Either way round. */
static bool
is_of_flow(const struct pin *p, const struct flow *f)
{
	if ((p->src_port == 0 || p->src_port == f->src_port) &&
	    (p->dst_port == 0 || p->dst_port == f->dst_port) &&
	    is_end(p->src, p->src_len, f->src) &&
	    is_end(p->dst, p->dst_len, f->dst))
		return true;
	return (p->src_port == 0 || p->src_port == f->dst_port) &&
	    (p->dst_port == 0 || p->dst_port == f->src_port) &&
	    is_end(p->src, p->src_len, f->dst) &&
	    is_end(p->dst, p->dst_len, f->src);
}

bool
pins_hold(const struct pins *p, const struct rows_how *how,
    const struct flow *f)
{
	char src[ROWS_PIN], dst[ROWS_PIN];
	if (p->count == 0)
		return false;
	bool one = how->view == VIEW_FLOWS &&
	    how->aggregate == AGGREGATE_NONE;
	if (!one) {
		struct row row = { .flow = f };
		rows_pin(&row, how, src, dst);
	}
	for (size_t i = 0; i < p->count; i++) {
		const struct pin *pin = &p->list[i];
		if (one ? is_of_flow(pin, f) :
		    strcmp(src, pin->whole_src) == 0 &&
		    strcmp(dst, pin->whole_dst) == 0)
			return true;
	}
	return false;
}
