/* SPDX-License-Identifier: MIT
 *
 * Copying a snapshot with three of its members changed.
 */
#include "namemap/fold.h"

#include <stdint.h>
#include <string.h>

#include "lib/json_read.h"
#include "lib/json_write.h"

struct fold {
	const struct snapshot *s;
	struct buf nodes;	/* uint32_t each: the flows to take, in order */
	size_t count;
	struct buf *out;
	size_t at;		/* copied up to here */
};

static void
copy_to(struct fold *f, size_t end)
{
	buf_add(f->out, f->s->line + f->at, end - f->at);
	f->at = end;
}

static size_t
end_of(const struct fold *f, uint32_t node)
{
	const struct json_node *n = &f->s->json.nodes[node];
	return n->at + n->len;
}

static uint32_t
taken(const struct fold *f, size_t i)
{
	uint32_t node;
	memcpy(&node, f->nodes.data + i * sizeof(node), sizeof(node));
	return node;
}

static void
replace(struct fold *f, uint32_t node, uint64_t value)
{
	copy_to(f, f->s->json.nodes[node].at);
	buf_printf(f->out, "%llu", (unsigned long long)value);
	f->at = end_of(f, node);
}

/* Figures that add up; a peak or a time does not. */
static bool
adds_up(const char *name)
{
	static const char *const kinds[] = { "total_", "delta_", "sent_",
		"recv_", "packets_" };
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strncmp(name, kinds[i], strlen(kinds[i])) == 0)
			return true;
	return false;
}

static void
add_to_other(struct fold *f, uint32_t other)
{
	const struct json *j = &f->s->json;
	for (uint32_t key = json_first(j, other); key != JSON_NONE;
	    key = json_next_member(j, other, key)) {
		char name[32];
		uint64_t sum, value;
		if (!json_read_text(j, key, name, sizeof(name)) ||
		    !json_read_unsigned(j, key + 1, &sum))
			continue;
		if (strcmp(name, "flows") == 0) {
			replace(f, key + 1, sum + f->count);
			continue;
		}
		for (size_t i = 0; adds_up(name) && i < f->count; i++)
			if (json_read_unsigned(j, json_get(j, taken(f, i),
			    name), &value))
				sum += value;
		if (adds_up(name))
			replace(f, key + 1, sum);
	}
}

static void
drop_flows(struct fold *f, uint32_t list)
{
	const struct json *j = &f->s->json;
	size_t next = 0;
	bool kept = false;
	copy_to(f, j->nodes[list].at + 1);
	for (uint32_t node = json_first(j, list); node != JSON_NONE;
	    node = json_next(j, list, node)) {
		if (next < f->count && node == taken(f, next)) {
			next++;
			f->at = end_of(f, node);
			continue;
		}
		if (!kept)	/* past the comma behind a dropped one */
			f->at = j->nodes[node].at;
		copy_to(f, end_of(f, node));
		kept = true;
	}
}

static void
copy(struct fold *f, uint32_t other)
{
	const struct json *j = &f->s->json;
	uint32_t list = json_get(j, 0, "flows");
	uint32_t shown = json_get(j, 0, "flows_shown");
	for (uint32_t key = json_first(j, 0); key != JSON_NONE;
	    key = json_next_member(j, 0, key)) {
		uint32_t value = key + 1;
		uint64_t n;
		if (value == other)
			add_to_other(f, other);
		else if (value == list)
			drop_flows(f, list);
		else if (value == shown && json_read_unsigned(j, shown, &n))
			replace(f, shown, n > f->count ? n - f->count : 0);
	}
	copy_to(f, f->s->len);
}

size_t
fold_flows(const struct snapshot *s, bool (*take)(void *arg,
    const struct snapshot_flow *), void *arg, struct buf *out)
{
	struct fold f = { .s = s, .out = out };
	for (size_t i = 0; i < s->flow_count; i++)
		if (take(arg, &s->flows[i])) {
			buf_add(&f.nodes, &s->flows[i].node,
			    sizeof(s->flows[i].node));
			f.count++;
		}
	uint32_t other = json_get(&s->json, 0, "other");
	if (other == JSON_NONE || s->json.nodes[other].kind != JSON_OBJECT)
		f.count = 0;
	if (f.count > 0)
		copy(&f, other);
	buf_done(&f.nodes);
	return f.count;
}
