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
		if (p->at == p->end)
			return refuse(p, "the text ends early");
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

bool
json_parse(struct json *j, const char *text, size_t len)
{
	struct parser p;
	p.json = j;
	p.at = text;
	p.end = text + len;
	p.level = p.levels;
	p.levels[0] = (struct level){ 0 };
	j->text = text;
	j->count = 0;
	j->error = NULL;
	if (len > INT32_MAX)
		return refuse(&p, "longer than 2 GiB");
	if (!values(&p))
		return false;
	skip_space(&p);
	return p.at == p.end || refuse(&p, "more text behind the value");
}

void
json_done(struct json *j)
{
	free(j->nodes);
	*j = (struct json){ 0 };
}
