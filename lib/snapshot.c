/* SPDX-License-Identifier: MIT
 *
 * Annotating snapshot lines.
 */
#include "lib/snapshot.h"

#include <string.h>

#include "lib/json_write.h"

void
snapshot_notes_begin(struct snapshot_notes *n)
{
	buf_reset(&n->object);
	buf_reset(&n->flows);
}

void
snapshot_notes_next(struct snapshot_notes *n)
{
	buf_add_char(&n->flows, '\n');
}

void
snapshot_notes_done(struct snapshot_notes *n)
{
	buf_done(&n->object);
	buf_done(&n->flows);
	buf_done(&n->events);
}

void
snapshot_event(struct buf *events, const char *level, const char *from,
    const char *text)
{
	json_open(events, '{');
	json_member_text(events, "level", level);
	json_member_text(events, "from", from);
	json_member_text(events, "text", text);
	json_close(events, '}');
}

void
snapshot_notes_event(struct snapshot_notes *n, const char *level,
    const char *from, const char *text)
{
	if (n->events.len >= SNAPSHOT_EVENTS)
		return;
	snapshot_event(&n->events, level, from, text);
	if (n->events.len >= SNAPSHOT_EVENTS)
		snapshot_event(&n->events, "warn", from,
		    "more has happened than fits here");
}

struct copy {
	const struct snapshot *s;
	struct buf *out;
	size_t at;		/* copied up to here */
	const char *const *ours;	/* members of a flow to leave out */
	uint64_t marks[4];	/* bits: the marks of all of them */
	bool had_ours;		/* the flow before */
};

static void
copy_to(struct copy *c, size_t end)
{
	buf_add(c->out, c->s->line + c->at, end - c->at);
	c->at = end;
}

/* A comma where one is due behind text that was copied, blanks and all. */
static void
separate(struct buf *out)
{
	size_t at = out->len;
	while (at > 0 && (out->data[at - 1] == ' ' ||
	    out->data[at - 1] == '\t' || out->data[at - 1] == '\r' ||
	    out->data[at - 1] == '\n'))
		at--;
	if (at > 0 && out->data[at - 1] != '{' && out->data[at - 1] != '[' &&
	    out->data[at - 1] != ',')
		buf_add_char(out, ',');
}

static bool
is_ours(const struct json *j, uint32_t key, const char *const *names)
{
	for (; names != NULL && *names != NULL; names++)
		if (json_is(j, key, *names))
			return true;
	return false;
}

/* A number from 0 to 255, of most names another one. */
static unsigned
mark(const char *name, size_t len)
{
	const unsigned char *c = (const unsigned char *)name;
	if (len == 0)
		return 0;
	return (unsigned)(len * 37 + c[0] * 11U + c[len / 2] * 59U +
	    c[len - 1] * 101U) & 255;
}

static void
mark_ours(struct copy *c)
{
	for (const char *const *name = c->ours; *name != NULL; name++) {
		unsigned m = mark(*name, strlen(*name));
		c->marks[m / 64] |= UINT64_C(1) << m % 64;
	}
}

/* The same for a flow's member.  There are many, and nearly all have a mark
 * that none of ours has. */
static inline bool
is_our_member(const struct copy *c, uint32_t key)
{
	const struct json *j = &c->s->json;
	const struct json_node *n = &j->nodes[key];
	unsigned m = mark(j->text + n->at + 1, n->len - 2);
	if (!n->escaped && (c->marks[m / 64] >> m % 64 & 1) == 0)
		return false;
	return is_ours(j, key, c->ours);
}

/* Leave out members of the object whose names are ours.  The comma in front
 * goes with them; before the first member it is the one behind. */
static void
drop_members(struct copy *c, uint32_t object)
{
	const struct json *j = &c->s->json;
	bool kept = false;
	copy_to(c, j->nodes[object].at + 1);
	for (uint32_t key = json_first(j, object); key != JSON_NONE;
	    key = json_next_member(j, object, key)) {
		size_t end = j->nodes[key + 1].at + j->nodes[key + 1].len;
		if (is_our_member(c, key)) {
			c->at = end;
			continue;
		}
		/* Past the comma behind dropped ones. */
		if (!kept && c->at > j->nodes[object].at + 1)
			c->at = j->nodes[key].at;
		copy_to(c, end);
		kept = true;
	}
}

/* Has it such members?  All objects are asked for, one after the other. */
static bool
has_ours(struct copy *c, uint32_t object)
{
	const struct json *j = &c->s->json;
	uint32_t end = j->nodes[object].after;
	if (j->nodes[object].alike)
		return c->had_ours;
	c->had_ours = false;
	for (uint32_t key = object + 1; c->ours != NULL && key < end &&
	    !c->had_ours; key = j->nodes[key + 1].after)
		c->had_ours = is_our_member(c, key);
	return c->had_ours;
}

static void
copy_flow(struct copy *c, uint32_t node, const char *text, size_t len)
{
	const struct json *j = &c->s->json;
	copy_to(c, j->nodes[node].at);
	if (has_ours(c, node))
		drop_members(c, node);
	copy_to(c, j->nodes[node].at + j->nodes[node].len - 1);
	if (len > 0) {
		separate(c->out);
		buf_add(c->out, text, len);
	}
}

static void
copy_flows(struct copy *c, const struct snapshot_notes *n)
{
	const char *at = n->flows.data;
	if (n->flows.len == 0)
		return;
	const char *end = at + n->flows.len;
	for (size_t i = 0; i < c->s->flow_count && at < end; i++) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		if (newline == NULL)
			break;
		copy_flow(c, c->s->flows[i].node, at, (size_t)(newline - at));
		at = newline + 1;
	}
}

/* What has no place in the line yet stands right before "flows". */
static void
add_missing(struct copy *c, const struct snapshot_notes *n, bool object,
    bool events)
{
	if (object) {
		buf_printf(c->out, "\"%s\":", n->name);
		buf_add(c->out, n->object.data, n->object.len);
		buf_add_char(c->out, ',');
	}
	if (events && n->events.len > 0) {
		buf_add_text(c->out, "\"events\":[");
		buf_add(c->out, n->events.data, n->events.len);
		buf_add_text(c->out, "],");
	}
}

/* Our object takes the place of an earlier one of its name. */
static void
copy_top(struct copy *c, const struct snapshot_notes *n)
{
	const struct json *j = &c->s->json;
	const char *const ours[] = { n->name, NULL };
	uint32_t events = json_get(j, 0, "events");
	uint32_t list = json_get(j, 0, "flows");
	uint32_t old = n->name != NULL ? json_get(j, 0, n->name) : JSON_NONE;
	bool written = n->object.len == 0;
	for (uint32_t key = json_first(j, 0); key != JSON_NONE;
	    key = json_next_member(j, 0, key)) {
		uint32_t value = key + 1;
		if (!written && value == old && is_ours(j, key, ours)) {
			copy_to(c, j->nodes[value].at);
			buf_add(c->out, n->object.data, n->object.len);
			c->at += j->nodes[value].len;
			written = true;
		} else if (value == events && n->events.len > 0 &&
		    j->nodes[value].kind == JSON_ARRAY) {
			copy_to(c, j->nodes[value].at +
			    j->nodes[value].len - 1);
			separate(c->out);
			buf_add(c->out, n->events.data, n->events.len);
		} else if (value == list) {
			copy_to(c, j->nodes[key].at);
			add_missing(c, n, !written && old == JSON_NONE,
			    events == JSON_NONE);
			copy_flows(c, n);
		}
	}
}

void
snapshot_annotate(const struct snapshot *s, struct snapshot_notes *n,
    struct buf *out)
{
	struct copy c = { .s = s, .out = out, .ours = n->members };
	if (c.ours != NULL)
		mark_ours(&c);
	buf_reserve(out, s->len + n->flows.len + n->object.len +
	    n->events.len + 32);
	copy_top(&c, n);
	copy_to(&c, s->len);
	buf_add_char(out, '\n');
	buf_reset(&n->events);
}
