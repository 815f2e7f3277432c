/* SPDX-License-Identifier: MIT
 *
 * The matching rules.  A wrong owner is worse than none: where two answers
 * are possible there is no answer.
 */
#include "procmap/match.h"

#include <string.h>

#include "lib/protocol.h"

const char *
match_kind_name(enum match_kind kind)
{
	static const char *const names[] = { "exact", "local", "listener",
		"inferred", "none" };
	return names[kind];
}

const char *
match_why_name(enum match_why why)
{
	static const char *const names[] = { "replay", "remote", "off",
		"protocol", "forwarded", "multicast", "unseen", "unreadable",
		"ambiguous", "pending" };
	return why < WHY_COUNT ? names[why] : "";
}

/* What is known of one end of the flow. */
struct side {
	struct sock_key key;	/* this end is local */
	bool ours;		/* the address belongs to our namespace */
	const struct owner *owner;
	uint32_t process;
	uint8_t flags;
	enum match_kind kind;
	enum sock_via via;
	enum match_why why;
};

struct search {
	const struct match_env *env;
	int64_t first, last;
	const uint8_t *address;	/* for has_address() */
};

static bool
has_address(void *state, uint32_t netns)
{
	const struct search *s = state;
	return addresses_has(s->env->addresses, netns, s->address);
}

static void
set(struct side *e, const struct owner *o, enum match_kind kind,
    enum sock_via via)
{
	if ((o->flags & SOCK_SHARED) != 0 &&
	    (o->flags & (SOCK_ANYPROTO | SOCK_RAWICMP)) != 0) {
		e->why = WHY_AMBIGUOUS;
		return;
	}
	e->owner = o;
	e->process = o->process;
	e->flags = o->flags;
	e->kind = kind;
	if (o->via == VIA_FILE && kind == MATCH_EXACT)
		e->kind = (enum match_kind)((o->flags & SOCK_RECORDED_MASK) /
		    SOCK_RECORDED);
	e->via = via;
	/* One of several at a port, of which nobody told who used it. */
	if (kind == MATCH_LOCAL && (o->flags & SOCK_SHARED) != 0 &&
	    (o->via == VIA_ITER || o->via == VIA_DIAG || o->reuse))
		e->kind = MATCH_INFERRED;
	if (o->via >= VIA_KERNEL) {	/* however sure the socket is */
		e->kind = MATCH_INFERRED;
		e->via = o->via;
	}
}

static const struct owner *
find(struct search *s, const struct sock_key *key, enum owners_scope scope,
    bool need_address, struct side *e)
{
	bool ambiguous = false;
	s->address = e->key.local;
	const struct owner *o = owners_find(s->env->owners, key, s->first,
	    s->last, scope, need_address ? has_address : NULL, s, &ambiguous);
	if (ambiguous)
		e->why = WHY_AMBIGUOUS;
	return o;
}

/* A socket without a remote: at the address, at 0.0.0.0, at [::] unless that
 * one takes no IPv4. */
static const struct owner *
find_unconnected(struct search *s, struct side *e, enum owners_scope scope,
    bool listener)
{
	static const uint8_t any4[16] = { [10] = 0xff, [11] = 0xff };
	bool v4 = mapped_is_v4(e->key.local);
	struct sock_key key = e->key;
	memset(key.remote, 0, 16);
	key.rport = 0;
	for (int form = 0; form < 3; form++) {
		if (form == 1 && !v4)
			continue;
		if (form == 1)
			memcpy(key.local, any4, 16);
		else if (form == 2)
			memset(key.local, 0, 16);
		const struct owner *o = find(s, &key, scope,
		    scope == SCOPE_OTHERS, e);
		if (o == NULL || ((o->flags & SOCK_LISTENS) != 0) != listener)
			continue;
		if (form == 2 && v4 && (o->flags & SOCK_V6ONLY) != 0)
			continue;
		return o;
	}
	return NULL;
}

static bool
is_icmp(uint8_t proto)
{
	return proto == PROTOCOL_ICMP || proto == PROTOCOL_ICMPV6;
}

/* An ICMP socket in one scope: a ping socket by its identifier, else the
 * only raw one. */
static const struct owner *
find_icmp(struct search *s, struct side *e, enum owners_scope scope)
{
	const struct owner *o = find_unconnected(s, e, scope, false);
	if (o != NULL)
		return o;
	uint16_t id = e->key.lport;
	e->key.lport = 0;
	o = find_unconnected(s, e, scope, false);
	e->key.lport = id;
	return o != NULL && (o->flags & SOCK_RAWICMP) != 0 ? o : NULL;
}

static bool
local_elsewhere_makes_sense(const struct side *e)
{
	return !address_is_loopback(e->key.local) &&
	    !address_is_link_local(e->key.local) &&
	    !address_is_multicast(e->key.local);
}

/* M1, M3, M4, M8 for one end. */
static void
look(struct search *s, struct side *e)
{
	const struct owner *o = find(s, &e->key, SCOPE_NETNS, false, e);
	if (o != NULL) {
		set(e, o, MATCH_EXACT, o->via);
		return;
	}
	bool udp = e->key.proto == PROTOCOL_UDP;
	bool icmp = is_icmp(e->key.proto);
	if (e->ours && (udp || icmp)) {
		o = udp ? find_unconnected(s, e, SCOPE_NETNS, false) :
		    find_icmp(s, e, SCOPE_NETNS);
		if (o != NULL)
			set(e, o, MATCH_LOCAL, o->via);
	}
	if (e->process != 0 || e->ours || !local_elsewhere_makes_sense(e))
		return;
	o = find(s, &e->key, SCOPE_OTHERS, false, e);
	if (o != NULL) {
		set(e, o, MATCH_EXACT, VIA_NETNS);
		return;
	}
	if (udp || icmp) {
		o = udp ? find_unconnected(s, e, SCOPE_OTHERS, false) :
		    find_icmp(s, e, SCOPE_OTHERS);
		if (o != NULL)
			set(e, o, MATCH_LOCAL, VIA_NETNS);
	}
}

/* M6: no child of the listener was seen. */
static void
look_for_listener(struct search *s, struct side *e)
{
	if (e->process != 0 || e->key.proto != PROTOCOL_TCP)
		return;
	if (!e->ours && !local_elsewhere_makes_sense(e))
		return;
	const struct owner *o = find_unconnected(s, e,
	    e->ours ? SCOPE_NETNS : SCOPE_OTHERS, true);
	if (o != NULL)
		set(e, o, MATCH_LISTENER, VIA_LISTENER);
}

static void
ask(struct search *s, struct side *e)
{
	struct sighting answer = { 0 };
	enum match_why why = WHY_UNSEEN;
	if (e->process != 0 || !e->ours || s->env->ask == NULL ||
	    is_icmp(e->key.proto) || e->why == WHY_AMBIGUOUS)
		return;
	if (!s->env->ask(s->env->state, &e->key, s->first, &answer, &why)) {
		if (why != WHY_UNSEEN)
			e->why = why;
		return;
	}
	e->why = why;
	if (answer.process == 0)
		return;
	e->process = answer.process;
	e->flags = answer.flags;
	e->via = answer.via;
	if (answer.via >= VIA_KERNEL)
		e->kind = MATCH_INFERRED;
	else if ((answer.flags & SOCK_LISTENS) != 0) {
		e->kind = MATCH_LISTENER;
		e->via = VIA_LISTENER;
	} else
		e->kind = answer.key.rport != 0 ? MATCH_EXACT : MATCH_LOCAL;
}

/* Of several sockets at a port the kernel tells which one gets packets from
 * that remote; of one that several hold, events told who used it last. */
static void
choose_socket(struct search *s, struct side *e)
{
	struct sighting answer = { .process = e->process };
	enum match_why why = WHY_UNSEEN;
	if (e->kind != MATCH_INFERRED || (e->flags & SOCK_SHARED) == 0 ||
	    e->key.proto != PROTOCOL_UDP || !e->ours || s->env->ask == NULL ||
	    e->via >= VIA_NETNS || address_is_multicast(e->key.remote) ||
	    !s->env->ask(s->env->state, &e->key, s->first, &answer, &why) ||
	    answer.via >= VIA_KERNEL)
		return;
	if (answer.process == 0)
		e->why = why;
	if (e->via == VIA_BPF && answer.process == e->process &&
	    (answer.flags & SOCK_SHARED) != 0)
		e->kind = MATCH_LOCAL;
	if (answer.process != e->process)
		e->via = answer.via;
	e->process = answer.process;
	e->flags &= (uint8_t)~SOCK_SHARED;
}

/* M5: what our uplink shows under our address may be a container's; and who
 * opened a connection may have meant another address than packets show. */
static void
look_behind_nat(struct search *s, struct side *e)
{
	struct side inner = { .key = e->key, .why = WHY_NONE };
	if (s->env->nat == NULL || is_icmp(e->key.proto) ||
	    address_is_multicast(e->key.remote) ||
	    address_is_loopback(e->key.local))
		return;
	if (!e->ours && !addresses_elsewhere(s->env->addresses, e->key.local))
		return;
	enum nat_answer answer = s->env->nat(s->env->nat_state, &inner.key);
	if (answer == NAT_ASKED)
		e->why = WHY_PENDING;	/* it will be matched once more */
	if (answer != NAT_FOUND)
		return;
	inner.ours = addresses_has(s->env->addresses, s->env->netns,
	    inner.key.local);
	look(s, &inner);
	if (inner.process == 0)
		look_for_listener(s, &inner);
	if (inner.process == 0 && inner.why != WHY_NONE)
		e->why = inner.why;
	if (inner.process == 0)
		return;
	e->process = inner.process;
	e->flags = inner.flags;
	e->kind = inner.kind;
	e->via = VIA_NAT;
}

/* Which of two known ends opened the flow? */
static bool
second_is_client(struct search *s, struct side ends[2])
{
	if ((ends[0].flags & SOCK_CLIENT) != 0)
		return false;
	if ((ends[1].flags & SOCK_CLIENT) != 0)
		return true;
	if (ends[0].kind == MATCH_LISTENER || ends[1].kind == MATCH_LISTENER)
		return ends[0].kind == MATCH_LISTENER;
	for (int i = 1; i >= 0; i--) {
		struct side probe = ends[i];
		if (probe.key.proto == PROTOCOL_TCP && find_unconnected(s,
		    &probe, probe.ours ? SCOPE_NETNS : SCOPE_OTHERS, true) !=
		    NULL)
			return i == 0;
	}
	return false;
}

static enum match_why
reason(const struct side ends[2])
{
	for (int i = 0; i < 2; i++)
		if (ends[i].why != WHY_NONE && ends[i].why != WHY_UNSEEN)
			return ends[i].why;
	for (int i = 0; i < 2; i++)
		if (ends[i].ours)
			return WHY_UNSEEN;
	for (int i = 0; i < 2; i++)
		if (address_is_multicast(ends[i].key.local))
			return WHY_MULTICAST;
	return WHY_FORWARDED;
}

static void
conclude(struct search *s, struct side ends[2], struct match *m)
{
	int main = ends[0].process != 0 ? 0 : 1;
	if (ends[0].process != 0 && ends[1].process != 0) {
		main = second_is_client(s, ends) ? 1 : 0;
		/* Of a peer nobody is told how sure it is. */
		if (ends[!main].kind != MATCH_INFERRED ||
		    (ends[!main].flags & SOCK_SHARED) == 0)
			m->peer = ends[!main].process;
	}
	const struct side *e = &ends[main];
	if (!e->ours && ends[!main].process == 0 && (ends[!main].ours ||
	    ends[!main].why == WHY_AMBIGUOUS ||
	    ends[!main].why == WHY_PENDING)) {
		/* Who is at our end, or the other one of two elsewhere, is
		 * the question; that is not known. */
		m->peer = e->process;
		m->why = reason(ends);
		return;
	}
	m->process = e->process;
	m->kind = e->kind;
	m->via = e->via;
	m->shared = (e->flags & SOCK_SHARED) != 0;
}

static void
init_side(struct side *e, const struct match_env *env,
    const struct match_flow *f, bool second)
{
	*e = (struct side){ .why = WHY_NONE };
	memcpy(e->key.local, second ? f->dst : f->src, 16);
	memcpy(e->key.remote, second ? f->src : f->dst, 16);
	e->key.lport = second ? f->dst_port : f->src_port;
	e->key.rport = second ? f->src_port : f->dst_port;
	if (is_icmp(f->proto)) {
		e->key.lport = f->icmp_id;
		e->key.rport = 0;
	}
	e->key.proto = f->proto;
	e->key.netns = env->netns;
	e->ours = addresses_has(env->addresses, env->netns, e->key.local) ||
	    (env->src_is_local && !second);
}

void
match_flow(const struct match_env *env, const struct match_flow *f,
    struct match *m)
{
	struct search s = { .env = env, .first = f->first, .last = f->last };
	struct side ends[2];
	*m = (struct match){ .kind = MATCH_NONE, .why = WHY_NONE };
	if (env->unsure_from != 0 && f->first > env->unsure_from) {
		m->why = WHY_PENDING;
		return;
	}
	if (env->unsure_from != 0 && f->last > env->unsure_from)
		s.last = env->unsure_from;
	/* ICMP other than echo is the kernel's own (neighbours, groups,
	 * errors), whoever else has a raw socket open. */
	if (f->proto != PROTOCOL_TCP && f->proto != PROTOCOL_UDP &&
	    !(is_icmp(f->proto) && f->echo)) {
		m->why = WHY_PROTOCOL;
		return;
	}
	for (int i = 0; i < 2; i++) {
		init_side(&ends[i], env, f, i == 1);
		look(&s, &ends[i]);
	}
	for (int i = 0; i < 2; i++)
		if (ends[i].process == 0)
			look_behind_nat(&s, &ends[i]);
	for (int i = 0; i < 2; i++) {
		if (ends[i].why == WHY_PENDING)
			continue;
		ask(&s, &ends[i]);
		choose_socket(&s, &ends[i]);
		look_for_listener(&s, &ends[i]);
	}
	if (ends[0].process != 0 || ends[1].process != 0)
		conclude(&s, ends, m);
	else
		m->why = reason(ends);
}
