/* SPDX-License-Identifier: MIT
 *
 * Pins against flows.  Ports are compared first: they differ soonest, and
 * every flow of a snapshot is asked about every pin.
 */
#include "tuiview/model_pins.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tuiview/model_keys.h"

/* However an address is written, it is that address. */
static struct pin_end
make_end(const char *host, size_t len, unsigned port)
{
	struct pin_end end = { .host = host, .len = len, .port = port };
	char text[ADDR_TEXT];
	if (len < sizeof(text)) {
		memcpy(text, host, len);
		text[len] = '\0';
		addr_parse(text, &end.addr);
	}
	return end;
}

/* ADDRESS, ADDRESS:PORT or [ADDRESS]:PORT */
static struct pin_end
end_of(const char *text, size_t len)
{
	const char *end;
	unsigned port = 0;
	if (text[0] == '[' && (end = memchr(text, ']', len)) != NULL) {
		if (end[1] == ':')
			port = (unsigned)strtoul(end + 2, NULL, 10);
		return make_end(text + 1, (size_t)(end - text - 1), port);
	}
	end = memchr(text, ':', len);
	if (end == NULL || memchr(end + 1, ':', len -
	    (size_t)(end + 1 - text)) != NULL)
		return make_end(text, len, 0);
	port = (unsigned)strtoul(end + 1, NULL, 10);
	return make_end(text, (size_t)(end - text), port);
}

/* Behind the destination: nothing, PROTOCOL, or of ICMP PROTOCOL ID, whose
 * ID is a "-" where it is not of echo. */
static void
take_apart(struct pin *pin, const struct pref_pin *from)
{
	size_t len = strcspn(from->dst, " ");
	const char *rest = from->dst + len;
	rest += strspn(rest, " ");
	*pin = (struct pin){ .whole_src = from->src,
		.whole_dst = from->dst, .protocol = rest };
	pin->src = end_of(from->src, strlen(from->src));
	pin->dst = end_of(from->dst, len);
	pin->protocol_len = strcspn(rest, " ");
	rest += pin->protocol_len;
	rest += strspn(rest, " ");
	if (*rest >= '0' && *rest <= '9')
		pin->icmp_id = strtol(rest, NULL, 10);
	else
		pin->icmp_id = *rest == '-' ? PIN_NO_ID : PIN_ANY_ID;
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
		take_apart(&p->list[p->count++], &from[i]);
	}
}

/* An end of a row: ports that it does not tell apart do not matter. */
struct side {
	const char *host;
	const struct addr *addr;	/* null: merged */
	unsigned port;
	bool has_port;
};

static bool
is_end(const struct pin_end *e, const struct side *s)
{
	if (e->port != 0 && s->has_port && e->port != s->port)
		return false;
	if (s->addr != NULL && e->addr.family != ADDR_NONE)
		return addr_equal(&e->addr, s->addr);
	return strncmp(e->host, s->host, e->len) == 0 &&
	    s->host[e->len] == '\0';
}

static bool
is_protocol(const struct pin *p, const struct rows_how *how,
    const struct flow *f)
{
	long id = f->has_icmp_id ? f->icmp_id : PIN_NO_ID;
	if (p->protocol_len == 0 || !keys_tell_protocols(how))
		return true;
	return strncasecmp(p->protocol, f->protocol, p->protocol_len) == 0 &&
	    f->protocol[p->protocol_len] == '\0' && (p->icmp_id == id ||
	    p->icmp_id == PIN_ANY_ID || !keys_keep_flows(how));
}

/* Hosts that are told apart may stand either way round. */
static const struct pin *
find_ends(const struct pins *p, const struct rows_how *how,
    const struct flow *f)
{
	bool no_src = (how->aggregate & AGGREGATE_SOURCE) != 0;
	bool no_dst = (how->aggregate & AGGREGATE_DESTINATION) != 0;
	struct side src = { no_src ? "*" : rows_source(f),
		no_src ? NULL : &f->src_addr, f->src_port,
		how->src_ports && !no_src };
	struct side dst = { no_dst ? "*" : f->dst,
		no_dst ? NULL : &f->dst_addr, f->dst_port,
		how->dst_ports && !no_dst };
	for (size_t i = 0; i < p->count; i++) {
		const struct pin *pin = &p->list[i];
		bool held = (is_end(&pin->src, &src) &&
		    is_end(&pin->dst, &dst)) || (!no_src && !no_dst &&
		    is_end(&pin->src, &dst) && is_end(&pin->dst, &src));
		if (held && is_protocol(pin, how, f))
			return pin;
	}
	return NULL;
}

static const struct pin *
find_pin(const struct pins *p, const struct rows_how *how,
    const struct flow *f)
{
	char src[ROWS_PIN], dst[ROWS_PIN];
	struct row row = { .flow = f };
	if (p->count == 0)
		return NULL;
	if (how->view == VIEW_FLOWS)
		return find_ends(p, how, f);
	rows_pin(&row, how, src, dst);
	for (size_t i = 0; i < p->count; i++)
		if (strcmp(dst, p->list[i].whole_dst) == 0)
			return &p->list[i];
	return NULL;
}

bool
pins_hold(const struct pins *p, const struct rows_how *how,
    const struct flow *f)
{
	return find_pin(p, how, f) != NULL;
}

bool
pins_toggle(struct prefs *prefs, const struct rows_how *how,
    const struct row *row)
{
	char src[ROWS_PIN], dst[ROWS_PIN];
	struct pins pins;
	const struct pin *pin;
	bool held = false;
	for (;;) {
		pins_read(&pins, how);
		pin = find_pin(&pins, how, row->flow);
		if (pin == NULL)
			break;
		held = true;
		prefs_pin_toggle(prefs, pin->whole_src, pin->whole_dst);
	}
	if (held)
		return false;
	rows_pin(row, how, src, dst);
	return prefs_pin_toggle(prefs, src, dst);
}
