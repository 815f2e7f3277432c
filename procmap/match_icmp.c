/* SPDX-License-Identifier: MIT
 *
 * Whose an ICMP echo is.  A ping socket has the echo's identifier for a port
 * (Linux, net/ipv4/ping.c).  A raw socket has none, and every answer comes to
 * all of them; but who opens one for a ping takes its own PID for identifier
 * (iputils, BusyBox, fping, mtr), or begins with the flow's first packet.
 * That it is the only one proves nothing: daemons have one and never ask, and
 * echoes are sent by other means, too, and by hosts behind our address.
 */
#include "procmap/match_icmp.h"

#include <string.h>

#include "lib/protocol.h"

enum raw_rule { BY_IDENTIFIER, BY_BEGINNING, RAW_RULES };

struct raw_search {
	struct search *search;
	const struct side *side;
	enum owners_scope scope;
	const struct owner *found[RAW_RULES];
	bool several[RAW_RULES];
	bool any;
};

bool
match_is_icmp(uint8_t proto)
{
	return proto == PROTOCOL_ICMP || proto == PROTOCOL_ICMPV6;
}

/* Some programs write it in the order of their machine's bytes. */
static bool
has_identifier(const struct search *s, const struct owner *o, uint16_t id)
{
	const struct process *p = s->env->processes == NULL ? NULL :
	    processes_get(s->env->processes, o->process);
	if (p == NULL || p->pid == 0)
		return false;
	return (uint16_t)p->pid == id ||
	    (uint16_t)p->pid == (uint16_t)(id << 8 | id >> 8);
}

static void
note(struct raw_search *r, enum raw_rule rule, const struct owner *o)
{
	if (r->found[rule] == NULL)
		r->found[rule] = o;
	else if (r->found[rule]->process != o->process)
		r->several[rule] = true;
}

static void
take_raw(void *state, const struct owner *o)
{
	struct raw_search *r = state;
	const struct side *e = r->side;
	if (r->scope == SCOPE_OTHERS && !addresses_has(
	    r->search->env->addresses, o->netns, e->key.local))
		return;
	if (has_identifier(r->search, o, e->key.lport))
		note(r, BY_IDENTIFIER, o);
	if (owners_began(o, r->search->first))
		note(r, BY_BEGINNING, o);
	r->any = true;
}

/* Bound to the address or to none, connected or not. */
static void
look_at_raw(struct raw_search *r)
{
	const struct search *s = r->search;
	struct sock_key key = r->side->key;
	bool v4 = mapped_is_v4(key.local);
	key.lport = key.rport = 0;
	for (int form = 0; form < 4; form++) {
		if (form == 2) {
			memset(key.local, 0, 16);
			if (v4)
				key.local[10] = key.local[11] = 0xff;
		}
		if (form % 2 == 1)
			memset(key.remote, 0, 16);
		else
			memcpy(key.remote, r->side->key.remote, 16);
		owners_each_raw(s->env->owners, &key, s->first, s->last,
		    r->scope, take_raw, r);
	}
}

const struct owner *
icmp_find(struct search *s, struct side *e, enum owners_scope scope)
{
	const struct owner *o = side_find_unconnected(s, e, scope, false);
	struct raw_search r = { .search = s, .side = e, .scope = scope };
	if (o != NULL)
		return o;
	look_at_raw(&r);
	for (int rule = 0; rule < RAW_RULES; rule++)
		if (r.found[rule] != NULL && !r.several[rule])
			return r.found[rule];
	if (r.any)
		e->why = WHY_AMBIGUOUS;
	return NULL;
}
