/* SPDX-License-Identifier: MIT
 *
 * The matching rules.  A wrong owner is worse than none: where two answers
 * are possible there is no answer.
 */
#include "procmap/match.h"

#include <string.h>

#include "lib/protocol.h"
#include "procmap/match_icmp.h"
#include "procmap/match_side.h"

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

/* Of two UDP ends the one that began to send when the flow began.  A service
 * may give its first answers then, and to others before: it is known by its
 * port, or by that of the other end, if that was given by the kernel. */
static bool
second_sent_first(const struct side ends[2])
{
	enum { SERVICES = 1024,		/* IANA's system ports end here */
		EPHEMERAL = 32768 };	/* Linux's begin here */
	uint16_t ports[2] = { ends[0].key.lport, ends[1].key.lport };
	bool both = ends[0].began != TIME_NEVER && ends[1].began != TIME_NEVER;
	if ((ports[0] < SERVICES) != (ports[1] < SERVICES))
		return ports[0] < SERVICES;
	if (both && (ports[0] < EPHEMERAL) != (ports[1] < EPHEMERAL))
		return ports[0] < EPHEMERAL;
	if (ends[0].began != ends[1].began)
		return ends[1].began < ends[0].began;
	return ends[0].kind == MATCH_LOCAL && ends[1].kind == MATCH_EXACT;
}

/* Which of two known ends opened the flow? */
static bool
second_is_client(struct search *s, struct side ends[2])
{
	if (ends[0].key.proto == PROTOCOL_UDP)
		return second_sent_first(ends);
	if ((ends[0].flags & SOCK_CLIENT) != 0)
		return false;
	if ((ends[1].flags & SOCK_CLIENT) != 0)
		return true;
	if (ends[0].kind == MATCH_LISTENER || ends[1].kind == MATCH_LISTENER)
		return ends[0].kind == MATCH_LISTENER;
	for (int i = 1; i >= 0; i--) {
		struct side probe = ends[i];
		if (probe.key.proto == PROTOCOL_TCP && side_find_unconnected(s,
		    &probe, probe.ours ? SCOPE_NETNS : SCOPE_OTHERS, true) !=
		    NULL)
			return i == 0;
	}
	return false;
}

/* In our namespace or in another one? */
static bool
is_here(const struct search *s, const struct side *e)
{
	return e->ours ||
	    addresses_elsewhere(s->env->addresses, e->key.local);
}

static enum match_why
reason(const struct search *s, const struct side ends[2])
{
	for (int i = 0; i < 2; i++)
		if (ends[i].why != WHY_NONE && ends[i].why != WHY_UNSEEN)
			return ends[i].why;
	for (int i = 0; i < 2; i++)
		if (is_here(s, &ends[i]))
			return WHY_UNSEEN;
	for (int i = 0; i < 2; i++)
		if (address_is_multicast(ends[i].key.local) ||
		    addresses_has(s->env->addresses, ADDRESSES_BROADCAST,
		    ends[i].key.local))
			return WHY_MULTICAST;
	return WHY_FORWARDED;
}

/* Of a peer nobody is told how sure it is.  An address of another namespace
 * may be that of another host, too, where that namespace cannot be reached:
 * whoever is there has to have answered.  And who asks itself by an echo is
 * answered by the kernel. */
static bool
is_sure_peer(const struct side *e, const struct side *peer)
{
	if (match_is_icmp(e->key.proto) && e->process == peer->process)
		return false;
	if (peer->kind == MATCH_INFERRED &&
	    ((peer->flags & SOCK_SHARED) != 0 || peer->contested))
		return false;
	return !e->ours || peer->ours || peer->kind == MATCH_EXACT ||
	    peer->via == VIA_NAT ||
	    (peer->kind == MATCH_LOCAL && peer->sends);
}

/* Who is at our end, or the other one of two elsewhere, is the question.  Is
 * that not known, though there is one? */
static bool
is_unknown(const struct search *s, const struct side ends[2], int end)
{
	const struct side *e = &ends[end], *known = &ends[!end];
	if (e->process != 0)
		return false;
	/* An echo is answered by the kernel. */
	if (match_is_icmp(e->key.proto) && e->why != WHY_AMBIGUOUS &&
	    e->why != WHY_PENDING && is_sure_peer(e, known))
		return false;
	if (e->ours || e->why == WHY_AMBIGUOUS || e->why == WHY_PENDING)
		return true;
	return is_here(s, e) && (end == 0 || known->kind == MATCH_LISTENER) &&
	    (known->flags & SOCK_CLIENT) == 0;
}

static void
conclude(struct search *s, struct side ends[2], struct match *m)
{
	int main = ends[0].process != 0 ? 0 : 1;
	if (ends[0].process != 0 && ends[1].process != 0) {
		main = second_is_client(s, ends) ? 1 : 0;
		if (is_sure_peer(&ends[main], &ends[!main]))
			m->peer = ends[!main].process;
	}
	const struct side *e = &ends[main];
	if (!e->ours && is_unknown(s, ends, !main)) {
		m->peer = is_sure_peer(&ends[!main], e) ? e->process : 0;
		m->why = reason(s, ends);
		return;
	}
	m->process = e->process;
	m->kind = e->kind;
	m->via = e->via;
}

static void
init_side(struct side *e, const struct match_env *env,
    const struct match_flow *f, bool second)
{
	*e = (struct side){ .why = WHY_NONE, .began = TIME_NEVER };
	memcpy(e->key.local, second ? f->dst : f->src, 16);
	memcpy(e->key.remote, second ? f->src : f->dst, 16);
	e->key.lport = second ? f->dst_port : f->src_port;
	e->key.rport = second ? f->src_port : f->dst_port;
	if (match_is_icmp(f->proto)) {
		e->key.lport = f->icmp_id;
		e->key.rport = 0;
	}
	e->key.proto = f->proto;
	e->key.netns = env->netns;
	e->ours = addresses_has(env->addresses, env->netns, e->key.local) ||
	    (env->src_is_local && !second);
}

/* To the kernel's answers no socket belongs. */
static bool
only_answers(const struct match_flow *f, int end)
{
	return f->echo && f->answers == (end == 0 ? ANSWERS_SRC : ANSWERS_DST);
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
	    !(match_is_icmp(f->proto) && f->echo)) {
		m->why = WHY_PROTOCOL;
		return;
	}
	for (int i = 0; i < 2; i++) {
		init_side(&ends[i], env, f, i == 1);
		if (!only_answers(f, i))
			side_look(&s, &ends[i]);
		else if (ends[i].ours)
			ends[i].why = WHY_PROTOCOL;
	}
	for (int i = 0; i < 2; i++)
		if (ends[i].process == 0 && !only_answers(f, i))
			side_look_behind_nat(&s, &ends[i]);
	for (int i = 0; i < 2; i++) {
		if (ends[i].why == WHY_PENDING)
			continue;
		side_ask(&s, &ends[i]);
		side_choose_socket(&s, &ends[i]);
		side_look_for_listener(&s, &ends[i]);
	}
	if (ends[0].process != 0 || ends[1].process != 0)
		conclude(&s, ends, m);
	else
		m->why = reason(&s, ends);
}
