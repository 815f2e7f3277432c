/* SPDX-License-Identifier: MIT
 *
 * The members that procmap adds.
 */
#include "procmap/annotate.h"

#include <string.h>

#include "lib/json_write.h"
#include "lib/xalloc.h"

static const char *const members[] = { "pid", "process_name", "exe", "uid",
	"user", "unit", "container", "command_line", "package", "publisher",
	"sha256", "verified", "match", "via", "why", "peer_pid",
	"peer_process_name", NULL };

enum { NAT_BUDGET = 3000 };	/* us for what is behind translations */

struct counts {
	uint64_t flows[MATCH_KINDS], bytes[MATCH_KINDS];
	uint64_t why[WHY_COUNT];
};

void
annotate_init(struct annotate *a)
{
	a->notes = (struct snapshot_notes){ .name = "attribution",
		.members = members };
}

static int64_t
table_time(const struct annotate *a, uint64_t ms, int64_t otherwise)
{
	if (ms == 0 || ms > (uint64_t)INT64_MAX / 2000)
		return otherwise;
	return (int64_t)ms * 1000 + a->offset;
}

/* Who is asked by an echo has no part in the answer. */
static void
set_echo(const struct snapshot *s, const struct snapshot_flow *f,
    struct match_flow *q)
{
	uint32_t direction = json_get(&s->json, f->node, "direction");
	q->echo = true;
	q->icmp_id = f->icmp_id;
	if (json_is(&s->json, direction, "in"))
		q->answers = ANSWERS_SRC;
	else if (json_is(&s->json, direction, "out"))
		q->answers = ANSWERS_DST;
}

static void
find_owner(const struct annotate *a, const struct snapshot *s,
    const struct snapshot_flow *f, struct match *m)
{
	struct match_flow q = { .src_port = f->src_port,
		.dst_port = f->dst_port, .proto = f->proto };
	int64_t now = table_time(a, s->ts, TIME_NEVER - 1);
	*m = (struct match){ .kind = MATCH_NONE, .why = a->refuse };
	if (a->refuse != WHY_NONE)
		return;
	if (f->src.family == ADDR_NONE || f->dst.family == ADDR_NONE) {
		m->why = WHY_AMBIGUOUS;		/* a row of several flows */
		return;
	}
	if (f->has_icmp_id)
		set_echo(s, f, &q);
	addr_to_mapped(&f->src, q.src);
	addr_to_mapped(&f->dst, q.dst);
	q.last = table_time(a, f->last_seen, now);
	q.first = table_time(a, f->first_seen, q.last);
	if (q.first > q.last)
		q.first = q.last;
	match_flow(&a->env, &q, m);
}

static void
add_publisher(struct annotate *a, const struct process *p)
{
	struct buf *b = &a->notes.flows;
	struct publisher_answer answer = { 0 };
	if (a->publisher == NULL)
		return;
	/* Any process may call itself that; the kernel has no executable. */
	if (p != NULL && p->exe[0] != '\0')
		publisher_ask(a->publisher, p, &answer);
	else if (p != NULL && strcmp(p->name, "[kernel]") == 0)
		answer.publisher = "[kernel]";
	json_member_text(b, "package",
	    answer.package != NULL ? answer.package : "");
	json_member_text(b, "publisher",
	    answer.publisher != NULL ? answer.publisher : "");
	json_member_text(b, "sha256",
	    answer.sha256 != NULL ? answer.sha256 : "");
	if (answer.checked)
		json_member_bool(b, "verified", answer.verified);
}

static const char *
user_of(struct annotate *a, const struct process *p)
{
	if (p == NULL)
		return "";
	if (p->user[0] != '\0' || p->uid < 0)
		return p->user;
	return users_name(a->users, (uint32_t)p->uid);
}

static void
add_members(struct annotate *a, const struct match *m)
{
	struct buf *b = &a->notes.flows;
	const struct process *p = processes_get(a->processes, m->process);
	json_member_unsigned(b, "pid", p != NULL ? p->pid : 0);
	json_member_text(b, "process_name", p != NULL ? p->name : "");
	json_member_text(b, "exe", p != NULL ? p->exe : "");
	json_member(b, "uid");
	json_signed(b, p != NULL ? p->uid : -1);
	json_member_text(b, "user", user_of(a, p));
	json_member_text(b, "unit", p != NULL ? p->unit : "");
	json_member_text(b, "container", p != NULL ? p->container : "");
	if (a->command_lines != NULL)
		json_member_text(b, "command_line", p == NULL ? "" :
		    cmdlines_get(a->command_lines, p->pid, p->start));
	add_publisher(a, p);
	json_member_text(b, "match", match_kind_name(m->kind));
	json_member_text(b, "via", via_name(m->via));
	if (m->kind == MATCH_NONE)
		json_member_text(b, "why", match_why_name(m->why));
	const struct process *peer = processes_get(a->processes, m->peer);
	if (peer != NULL) {
		json_member_unsigned(b, "peer_pid", peer->pid);
		json_member_text(b, "peer_process_name", peer->name);
	}
}

/* What was written for a flow of this snapshot: many have the same owner. */
struct written {
	struct match match;
	size_t at, len;		/* in notes.flows; 0: nothing here */
};

enum { WRITTEN = 64 };

static bool
is_same(const struct match *a, const struct match *b)
{
	return a->process == b->process && a->peer == b->peer &&
	    a->kind == b->kind && a->via == b->via && a->why == b->why;
}

static void
add_members_once(struct annotate *a, const struct match *m,
    struct written list[WRITTEN])
{
	struct buf *b = &a->notes.flows;
	struct written *w = &list[(m->process * 31 + m->peer * 7 +
	    (unsigned)m->kind * 5 + (unsigned)m->why) % WRITTEN];
	size_t at = b->len;
	if (w->len > 0 && is_same(&w->match, m)) {
		char *to = buf_reserve(b, w->len);
		memcpy(to, b->data + w->at, w->len);
		b->len += w->len;
		return;
	}
	add_members(a, m);
	*w = (struct written){ .match = *m, .at = at, .len = b->len - at };
}

static void
add_kinds(struct buf *b, const char *name, const uint64_t values[MATCH_KINDS])
{
	json_member(b, name);
	json_open(b, '{');
	for (int k = 0; k < MATCH_KINDS; k++)
		json_member_unsigned(b, match_kind_name((enum match_kind)k),
		    values[k]);
	json_close(b, '}');
}

/* How much of a whole, in thousandths; of nothing: all. */
static uint64_t
share(uint64_t part, uint64_t whole)
{
	return whole == 0 ? 1000 : part * 1000 / whole;
}

static void
add_object(struct annotate *a, const struct counts *c)
{
	struct buf *b = &a->notes.object;
	uint64_t all = 0;
	for (int k = 0; k < MATCH_KINDS; k++)
		all += c->flows[k];
	json_open(b, '{');
	json_member_text(b, "source", a->source);
	json_member(b, "exact");
	json_milli(b, share(c->flows[MATCH_EXACT], all));
	json_member(b, "attributed");
	json_milli(b, share(all - c->flows[MATCH_NONE], all));
	add_kinds(b, "flows", c->flows);
	add_kinds(b, "bytes", c->bytes);
	json_member(b, "why");
	json_open(b, '{');
	for (int w = 0; w < WHY_COUNT; w++)
		json_member_unsigned(b, match_why_name((enum match_why)w),
		    c->why[w]);
	json_close(b, '}');
	json_member_unsigned(b, "sockets", owners_count(a->env.owners));
	json_member_unsigned(b, "refused", owners_refused(a->env.owners));
	json_member_unsigned(b, "events_lost", a->events_lost);
	json_member_unsigned(b, "bad_lines", a->bad_lines);
	json_member_text(b, "degraded", a->degraded);
	json_close(b, '}');
}

/* All flows once; and once more those behind an address translation, whose
 * questions are put together. */
static void
find_owners(struct annotate *a, const struct snapshot *s)
{
	struct nat *nat = a->env.nat_state;
	if (a->size < s->flow_count) {
		a->size = s->flow_count;
		a->found = xreallocarray(a->found, a->size,
		    sizeof(*a->found));
	}
	for (size_t i = 0; i < s->flow_count; i++) {
		size_t before = nat != NULL ? nat_waiting(nat) : 0;
		find_owner(a, s, &s->flows[i], &a->found[i].match);
		a->found[i].again = nat != NULL && nat_waiting(nat) > before;
	}
	if (nat == NULL || nat_waiting(nat) == 0 || !nat_finish(nat, NAT_BUDGET))
		return;
	for (size_t i = 0; i < s->flow_count; i++)
		if (a->found[i].again)
			find_owner(a, s, &s->flows[i], &a->found[i].match);
}

/* Is it worth looking for this one's socket sooner than is due?  Where none
 * was found for a while, such as behind a port that nobody listens on, there
 * is none. */
static bool
is_young(const struct snapshot *s, const struct snapshot_flow *f)
{
	uint64_t while_ms = 3000 + (uint64_t)(2000 * s->interval);
	return f->first_seen + while_ms >= s->ts;
}

void
annotate_snapshot(struct annotate *a, const struct snapshot *s)
{
	struct counts c = { 0 };
	struct written written[WRITTEN] = { 0 };
	a->unseen = 0;
	snapshot_notes_begin(&a->notes);
	processes_age(a->processes);
	find_owners(a, s);
	for (size_t i = 0; i < s->flow_count; i++) {
		const struct match *m = &a->found[i].match;
		if (m->kind == MATCH_NONE)
			c.why[m->why < WHY_COUNT ? m->why : WHY_UNSEEN]++;
		if (m->kind == MATCH_NONE && m->why == WHY_UNSEEN &&
		    is_young(s, &s->flows[i]))
			a->unseen++;
		c.flows[m->kind]++;
		c.bytes[m->kind] += s->flows[i].delta;
		add_members_once(a, m, written);
		snapshot_notes_next(&a->notes);
	}
	add_object(a, &c);
}
