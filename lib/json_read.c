/* SPDX-License-Identifier: MIT
 *
 * A strict one-pass JSON reader.  No recursion: a small stack of open
 * brackets.
 */
#include "lib/json_read.h"

#include <stdlib.h>
#include <string.h>

#include "lib/json_alike.h"
#include "lib/json_scalar.h"

static bool
open_bracket(struct parser *p)
{
	const struct json *j = p->json;
	struct level *outer = p->level;
	bool object = *p->at == '{';
	if (outer == &p->levels[JSON_DEPTH])
		return refuse(p, "nested too deeply");
	*++p->level = (struct level){ .node = j->count,
		.end = object ? '}' : ']', .model = JSON_NONE };
	if (object && outer->end == ']' && outer->before != 0) {
		p->level->model = outer->before + 1;
		p->level->model_end = j->nodes[outer->before].after;
	}
	if (object)
		outer->before = j->count;
	add_node(p, object ? JSON_OBJECT : JSON_ARRAY);
	p->at++;
	return true;
}

static void
close_bracket(struct parser *p)
{
	const struct level *l = p->level--;
	struct json_node *n = &p->json->nodes[l->node];
	p->at++;
	n->after = p->json->count;
	n->alike = l->model == l->model_end;
	end_node(p, n);
}

/* A name that is the model's next one, without a blank behind. */
static inline bool
model_key(struct parser *p)
{
	struct level *l = p->level;
	struct json *j = p->json;
	if (l->model >= l->model_end)
		return false;
	if (j->count == j->size)
		grow(j, 1);
	const struct json_node *model = &j->nodes[l->model];
	size_t len = model->len;
	if ((size_t)(p->end - p->at) <= len || p->at[len] != ':' ||
	    !scan_same(p->at, j->text + model->at, len))
		return false;
	struct json_node *n = &j->nodes[j->count++];
	*n = *model;
	n->at = (uint32_t)(p->at - j->text);
	n->after = j->count;
	p->at += len + 1;
	l->model = model[1].after;
	return true;
}

/* Members as the model's; false: the first one is not. */
static bool
alike(struct parser *p)
{
	struct level *l = p->level;
	struct json *j = p->json;
	if (l->model >= l->model_end)
		return false;
	if (j->size - j->count < l->model_end - l->model)
		grow(j, l->model_end - l->model);
	const char *behind = alike_members(j, p->at, p->end, &l->model,
	    l->model_end);
	if (behind != NULL)
		p->at = behind;
	return behind != NULL;
}

/* "key": up to where its value starts. */
static bool
member_key(struct parser *p)
{
	skip_space(p);
	if (model_key(p))
		return true;
	p->level->model = JSON_NONE;
	if (p->at == p->end || *p->at != '"')
		return refuse(p, "a member name was expected");
	if (!string(p))
		return false;
	skip_space(p);
	if (p->at == p->end || *p->at != ':')
		return refuse(p, "a colon was expected");
	p->at++;
	return true;
}

/* Behind a value: close what ends here; true in *more when another value
 * follows, its key already read. */
static bool
behind_value(struct parser *p, bool *more)
{
	while (p->level > p->levels) {
		skip_space(p);
		if (p->at == p->end) {
			p->behind = true;
			return refuse(p, "the text ends early");
		}
		if (*p->at == p->level->end) {
			close_bracket(p);
			continue;
		}
		if (*p->at != ',')
			return refuse(p, "a comma was expected");
		p->at++;
		*more = true;
		return p->level->end == ']' || member_key(p);
	}
	*more = false;
	return true;
}

/* A bracket has been opened: is it closed at once? */
static bool
is_empty(struct parser *p)
{
	skip_space(p);
	return p->at < p->end && *p->at == p->level->end;
}

/* Within an array, the short way past plain whole numbers that another one
 * follows: a flow's history is most of a snapshot. */
static void
plain_numbers(struct parser *p)
{
	for (;;) {
		const char *at = p->at;
		if (at < p->end && *at >= '1' && *at <= '9')
			while (at < p->end && *at >= '0' && *at <= '9')
				at++;
		else if (at < p->end && *at == '0')
			at++;
		if (at == p->at || p->end - at < 2 || *at != ',' ||
		    at[1] < '0' || at[1] > '9')
			return;
		struct json_node *n = add_node(p, JSON_NUMBER);
		n->len = (uint32_t)(at - p->at);
		p->at = at + 1;
	}
}

/* The same without nodes: to the bracket behind, or nowhere. */
static bool
skip_plain_numbers(struct parser *p)
{
	if (p->at - p->json->text < 2 || p->at[-1] != '[')
		return false;
	const char *end = scan_numbers(p->at, p->end);
	if (end == NULL)
		return false;
	p->at = end;
	return true;
}

/* In an object that was just opened: the first name, if any is left. */
static bool
members(struct parser *p, bool *more)
{
	if (alike(p))
		return behind_value(p, more);
	*more = true;
	return member_key(p);
}

/* A value, and all that follows it. */
static bool
values(struct parser *p)
{
	for (bool more = true; more;) {
		skip_space(p);
		if (p->at == p->end)
			return refuse(p, "the text ends early");
		if (*p->at == '{' || *p->at == '[') {
			bool object = *p->at == '{';
			if (!open_bracket(p))
				return false;
			if (!is_empty(p) && (object || !p->json->skips_numbers ||
			    !skip_plain_numbers(p))) {
				if (object && !members(p, &more))
					return false;
				if (!object)
					plain_numbers(p);
				continue;
			}
		} else if (!scalar(p)) {
			return false;
		}
		if (!behind_value(p, &more))
			return false;
	}
	return true;
}

static void
start(struct parser *p, struct json *j)
{
	p->json = j;
	p->level = p->levels;
	p->levels[0] = (struct level){ 0 };
	j->count = 0;
}

/* Where it has come to, of a text that may have moved, and up to where. */
static void
place(struct parser *p, const char *text, size_t from, size_t to)
{
	p->json->text = text;
	p->json->error = NULL;
	p->at = text + from;
	p->end = text + to;
	p->behind = false;
}

static bool
ends(struct parser *p)
{
	skip_space(p);
	return p->at == p->end || refuse(p, "more text behind the value");
}

bool
json_parse(struct json *j, const char *text, size_t len)
{
	struct parser p;
	start(&p, j);
	place(&p, text, 0, len);
	if (len > INT32_MAX)
		return refuse(&p, "longer than 2 GiB");
	return values(&p) && ends(&p);
}

/* A text that grows has been read up to a comma behind a closing brace: so
 * nothing that may go on stands there, but it may be within a string. */
struct json_growing {
	struct parser p;
	size_t done;
	bool failed;
};

void
json_begin(struct json *j)
{
	if (j->growing == NULL)
		j->growing = xmalloc(sizeof(*j->growing));
	start(&j->growing->p, j);
	j->growing->done = 0;
	j->growing->failed = false;
}

/* The last comma behind a brace, or 0. */
static size_t
last_comma(const char *text, size_t from, size_t to)
{
	while (to-- > from + 1)
		if (text[to] == ',' && text[to - 1] == '}')
			return to;
	return 0;
}

/* From there on, where a value ended if anything was read. */
static bool
go_on(struct json_growing *g, const char *text, size_t to)
{
	struct parser *p = &g->p;
	bool more = true;
	place(p, text, g->done, to);
	return (g->done == 0 || behind_value(p, &more)) &&
	    (!more || values(p));
}

/* What is open ends at the last node, until it is known where it does. */
static void
end_levels(struct parser *p)
{
	for (const struct level *l = p->level; l > p->levels; l--)
		p->json->nodes[l->node].after = p->json->count;
}

uint32_t
json_more(struct json *j, const char *text, size_t len)
{
	struct json_growing *g = j->growing;
	struct parser *p = &g->p;
	size_t to = last_comma(text, g->done, len);
	if (g->failed || to == 0 || len > INT32_MAX)
		return JSON_NONE;
	g->failed = go_on(g, text, to) || !p->behind;
	if (g->failed)
		return JSON_NONE;
	g->done = to;
	end_levels(p);
	return p->level == &p->levels[2] && p->level->end == ']' ?
	    p->level->node : JSON_NONE;
}

uint32_t
json_forget(struct json *j)
{
	struct parser *p = &j->growing->p;
	struct level *array = p->level;
	uint32_t first = array->node + 1, gone = array->before - first;
	j->count -= gone;
	memmove(&j->nodes[first], &j->nodes[array->before],
	    (j->count - first) * sizeof(*j->nodes));
	for (uint32_t i = first; i < j->count; i++)
		j->nodes[i].after -= gone;
	array->before = first;
	end_levels(p);
	return first;
}

bool
json_end(struct json *j, const char *text, size_t len)
{
	struct json_growing *g = j->growing;
	return g != NULL && g->done != 0 && !g->failed && len >= g->done &&
	    len <= INT32_MAX && go_on(g, text, len) && ends(&g->p);
}

void
json_done(struct json *j)
{
	free(j->nodes);
	free(j->growing);
	*j = (struct json){ 0 };
}
