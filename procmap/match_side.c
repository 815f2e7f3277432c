/* SPDX-License-Identifier: MIT
 *
 * Who is at one end of a flow.
 */
#include "procmap/match_side.h"

#include <string.h>

#include "lib/protocol.h"
#include "procmap/match_icmp.h"

static bool
has_address(void *state, uint32_t netns)
{
	const struct search *s = state;
	return addresses_has(s->env->addresses, netns, s->address);
}

static void
set(struct side *e, const struct owner *o, enum match_kind kind,
    enum sock_via via, int64_t first)
{
	if ((o->flags & SOCK_SHARED) != 0 &&
	    (o->flags & SOCK_ANYPROTO) != 0) {
		e->why = WHY_AMBIGUOUS;
		return;
	}
	e->process = o->process;
	e->flags = o->flags;
	e->kind = kind;
	e->sends = o->via == VIA_BPF;
	e->began = owners_began(o, first) ? o->from : TIME_NEVER;
	if (o->via == VIA_FILE && kind == MATCH_EXACT)
		e->kind = (enum match_kind)((o->flags & SOCK_RECORDED_MASK) /
		    SOCK_RECORDED);
	e->via = via;
	/* One of several at a port, of which nobody told who used it. */
	bool one_of_several = (o->flags & SOCK_SHARED) != 0 && (o->reuse ||
	    (kind == MATCH_LOCAL &&
	    o->via >= VIA_ITER && o->via <= VIA_LSOF));
	if ((kind == MATCH_LOCAL || kind == MATCH_LISTENER) &&
	    (one_of_several || e->contested))
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

enum { FORMS = 3 };

/* What has no remote at one of the addresses, if that is what is wanted. */
static const struct owner *
find_form(struct search *s, struct side *e, struct sock_key *key, int form,
    enum owners_scope scope, bool listener)
{
	static const uint8_t any4[16] = { [10] = 0xff, [11] = 0xff };
	bool v4 = mapped_is_v4(e->key.local);
	if (form == 1 && !v4)
		return NULL;
	if (form == 1)
		memcpy(key->local, any4, 16);
	else if (form == 2)
		memset(key->local, 0, 16);
	const struct owner *o = find(s, key, scope, scope == SCOPE_OTHERS, e);
	if (o == NULL || ((o->flags & SOCK_LISTENS) != 0) != listener)
		return NULL;
	return form == 2 && v4 && (o->flags & SOCK_V6ONLY) != 0 ? NULL : o;
}

const struct owner *
side_find_unconnected(struct search *s, struct side *e,
    enum owners_scope scope, bool listener)
{
	const struct owner *found = NULL;
	struct sock_key key = e->key;
	memset(key.remote, 0, 16);
	key.rport = 0;
	for (int form = 0; form < FORMS; form++) {
		const struct owner *o = find_form(s, e, &key, form, scope,
		    listener);
		if (o == NULL)
			continue;
		if (found == NULL)
			found = o;
		else if (o->process == found->process)
			continue;
		else if (owners_began(o, s->first) &&
		    !owners_began(found, s->first))
			return o;
		else
			e->contested = true;
		if (listener)
			break;
	}
	return found;
}

static bool
local_elsewhere_makes_sense(const struct side *e)
{
	return !address_is_loopback(e->key.local) &&
	    !address_is_link_local(e->key.local) &&
	    !address_is_multicast(e->key.local);
}

static bool
can_be_translated(const struct search *s, const struct side *e)
{
	return s->env->nat != NULL && !address_is_multicast(e->key.remote) &&
	    !address_is_loopback(e->key.local);
}

/* A socket of ours may have the very port that packets show for another's. */
static bool
is_anothers(struct search *s, struct side *e)
{
	struct sock_key key = e->key;
	if (e->behind || s->env->nat_check == NULL ||
	    match_is_icmp(e->key.proto) || !can_be_translated(s, e))
		return false;
	enum nat_answer answer = s->env->nat_check(s->env->nat_state, &key,
	    s->first);
	if (answer == NAT_ASKED)
		e->why = WHY_PENDING;
	return answer != NAT_NONE;
}

/* Where only polls tell, a port may have another user since the last one: the
 * kernel can be asked. */
static bool
may_have_changed(const struct search *s, const struct owner *o)
{
	return o->via == VIA_DIAG && s->env->ask != NULL &&
	    o->proto == PROTOCOL_UDP && (o->flags & SOCK_SHARED) == 0 &&
	    owners_known(s->env->owners, o) < s->first;
}

/* Each of several sockets at a port is told of when it sends first, and who
 * sent after that, nobody knows: better than the newest is who began then. */
static void
set_unconnected(struct search *s, struct side *e, const struct owner *o,
    enum sock_via via)
{
	set(e, o, MATCH_LOCAL, via, s->first);
	if (e->kind != MATCH_INFERRED || !o->reuse ||
	    e->key.proto != PROTOCOL_UDP)
		return;
	o = owners_beginner(s->env->owners, o, s->first);
	if (o == NULL)
		return;
	e->beginner = o->process;
	e->beginner_began = o->from;
}

void
side_look(struct search *s, struct side *e)
{
	const struct owner *o = find(s, &e->key, SCOPE_NETNS, false, e);
	if (o != NULL) {
		set(e, o, MATCH_EXACT, o->via, s->first);
		return;
	}
	bool udp = e->key.proto == PROTOCOL_UDP;
	bool icmp = match_is_icmp(e->key.proto);
	if (e->ours && (udp || icmp)) {
		o = udp ? side_find_unconnected(s, e, SCOPE_NETNS, false) :
		    icmp_find(s, e, SCOPE_NETNS);
		if (o != NULL && !may_have_changed(s, o) &&
		    !is_anothers(s, e))
			set_unconnected(s, e, o, o->via);
	}
	if (e->process != 0 || e->ours || !local_elsewhere_makes_sense(e))
		return;
	o = find(s, &e->key, SCOPE_OTHERS, false, e);
	if (o != NULL) {
		set(e, o, MATCH_EXACT, VIA_NETNS, s->first);
		return;
	}
	if (udp || icmp) {
		o = udp ? side_find_unconnected(s, e, SCOPE_OTHERS, false) :
		    icmp_find(s, e, SCOPE_OTHERS);
		if (o != NULL)
			set_unconnected(s, e, o, VIA_NETNS);
	}
}

void
side_look_for_listener(struct search *s, struct side *e)
{
	if (e->process != 0 || e->key.proto != PROTOCOL_TCP || e->translated)
		return;
	if (!e->ours && !local_elsewhere_makes_sense(e))
		return;
	const struct owner *o = side_find_unconnected(s, e,
	    e->ours ? SCOPE_NETNS : SCOPE_OTHERS, true);
	/* One known from polls alone may be gone; with eBPF we are told. */
	if (o != NULL && (!e->other_listens || o->via == VIA_BPF ||
	    o->via == VIA_ITER))
		set(e, o, MATCH_LISTENER, VIA_LISTENER, s->first);
}

void
side_ask(struct search *s, struct side *e)
{
	struct sighting answer = { 0 };
	enum match_why why = WHY_UNSEEN;
	if (e->process != 0 || !e->ours || s->env->ask == NULL ||
	    match_is_icmp(e->key.proto) || e->why == WHY_AMBIGUOUS ||
	    e->translated)
		return;
	if (!s->env->ask(s->env->state, &e->key, s->first, s->last, &answer,
	    &why)) {
		if (why != WHY_UNSEEN)
			e->why = why;
		return;
	}
	e->why = why;
	e->other_listens = answer.process == 0 &&
	    (answer.flags & SOCK_LISTENS) != 0;
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
	if (e->kind == MATCH_LOCAL && e->contested)
		e->kind = MATCH_INFERRED;
	if (e->kind != MATCH_EXACT && answer.reuse) {
		e->kind = MATCH_INFERRED;
		e->flags |= SOCK_SHARED;
	}
}

/* Does the kernel tell which one it is? */
static bool
ask_which(struct search *s, const struct side *e, struct sighting *answer,
    enum match_why *why)
{
	return e->ours && s->env->ask != NULL && e->via < VIA_NETNS &&
	    !address_is_multicast(e->key.remote) &&
	    s->env->ask(s->env->state, &e->key, s->first, s->last, answer,
	    why) && answer->via < VIA_KERNEL;
}

void
side_choose_socket(struct search *s, struct side *e)
{
	struct sighting answer = { .process = e->process };
	enum match_why why = WHY_UNSEEN;
	if (e->kind != MATCH_INFERRED || (e->flags & SOCK_SHARED) == 0 ||
	    e->key.proto != PROTOCOL_UDP)
		return;
	bool told = ask_which(s, e, &answer, &why);
	bool one_socket = told && (answer.flags & SOCK_SHARED) != 0;
	if (e->beginner != 0 && !one_socket) {
		e->process = e->beginner;
		e->began = e->beginner_began;
		return;
	}
	if (!told)
		return;
	if (answer.process == 0)
		e->why = why;
	if (e->via == VIA_BPF && answer.process == e->process && one_socket &&
	    !e->contested)
		e->kind = MATCH_LOCAL;
	if (answer.process != e->process)
		e->via = answer.via;
	e->process = answer.process;
	e->flags &= (uint8_t)~SOCK_SHARED;
}

void
side_look_behind_nat(struct search *s, struct side *e)
{
	struct side inner = { .key = e->key, .why = WHY_NONE, .behind = true,
		.began = TIME_NEVER };
	if (e->why == WHY_PENDING || !can_be_translated(s, e))
		return;
	if (!e->ours && !addresses_elsewhere(s->env->addresses, e->key.local))
		return;
	enum nat_answer answer = s->env->nat(s->env->nat_state, &inner.key);
	if (answer == NAT_ASKED)
		e->why = WHY_PENDING;	/* it will be matched once more */
	if (answer != NAT_FOUND)
		return;
	e->translated = true;
	inner.ours = addresses_has(s->env->addresses, s->env->netns,
	    inner.key.local);
	side_look(s, &inner);
	if (inner.process == 0)
		side_look_for_listener(s, &inner);
	if (inner.process == 0 && inner.why != WHY_NONE)
		e->why = inner.why;
	if (inner.process == 0)
		return;
	e->process = inner.process;
	e->flags = inner.flags;
	e->kind = inner.kind;
	e->contested = inner.contested;
	e->beginner = inner.beginner;
	e->beginner_began = inner.beginner_began;
	e->began = inner.began;
	e->via = VIA_NAT;
}
