/* SPDX-License-Identifier: MIT
 *
 * A strict one-pass JSON reader.  No recursion: a small stack of open
 * brackets.
 */
#include "lib/json_read.h"

#include <stdlib.h>
#include <string.h>

#include "lib/json_alike.h"
#include "lib/json_scan.h"
#include "lib/utf8.h"
#include "lib/xalloc.h"

/* An open bracket.  Objects in an array mostly have the same names in the
 * same order, so each has the object before it as a model: a name that is
 * the model's next one is known to be good, and where it ends. */
struct level {
	uint32_t node;
	char end;		/* the bracket that closes it */
	uint32_t model;		/* the key that may come now; JSON_NONE: no
				 * model, or it differed */
	uint32_t model_end;	/* the node behind the model */
	uint32_t before;	/* in an array: the last object; 0: none yet */
};

struct parser {
	struct json *json;
	const char *at, *end;
	struct level *level;	/* the innermost open bracket */
	struct level levels[JSON_DEPTH + 1];	/* the first: none open */
};

static bool
refuse(struct parser *p, const char *why)
{
	p->json->error = why;
	p->json->error_at = (size_t)(p->at - p->json->text);
	return false;
}

/* Room for so many nodes. */
static void
grow(struct json *j, uint32_t more)
{
	while (j->size - j->count < more)
		j->size = j->size != 0 ? j->size * 2 : 256;
	j->nodes = xreallocarray(j->nodes, j->size, sizeof(*j->nodes));
}

static inline struct json_node *
add_node(struct parser *p, enum json_kind kind)
{
	struct json *j = p->json;
	if (j->count == j->size)
		grow(j, 1);
	struct json_node *n = &j->nodes[j->count++];
	*n = (struct json_node){ .at = (uint32_t)(p->at - j->text),
		.after = j->count, .kind = (uint8_t)kind };
	return n;
}

static void
end_node(struct parser *p, struct json_node *n)
{
	n->len = (uint32_t)(p->at - p->json->text) - n->at;
}

static void __attribute__((noinline))
skip_blanks(struct parser *p)
{
	const char *at = p->at;
	while (at < p->end && (*at == ' ' || *at == '\t' || *at == '\n' ||
	    *at == '\r'))
		at++;
	p->at = at;
}

/* Mostly there is none. */
static inline void
skip_space(struct parser *p)
{
	if (p->at < p->end && (unsigned char)*p->at <= ' ')
		skip_blanks(p);
}

static bool
is_hex(const char *at)
{
	for (int i = 0; i < 4; i++)
		if (strchr("0123456789abcdefABCDEF", at[i]) == NULL ||
		    at[i] == '\0')
			return false;
	return true;
}

/* Behind a backslash. */
static bool
escape(struct parser *p)
{
	if (p->at == p->end)
		return refuse(p, "a string without end");
	if (*p->at == 'u') {
		if (p->end - p->at < 5 || !is_hex(p->at + 1))
			return refuse(p, "\\u without four hexadecimal digits");
		p->at += 5;
		return true;
	}
	if (*p->at == '\0' || strchr("\"\\/bfnrt", *p->at) == NULL)
		return refuse(p, "an unknown escape in a string");
	p->at++;
	return true;
}

static bool
string(struct parser *p)
{
	/* What may stand in a string just so. */
	static const bool plain[256] = {
		[0x20] = true, true, [0x23 ... 0x5b] = true,
		[0x5d ... 0x7f] = true,
	};
	struct json_node *n = add_node(p, JSON_STRING);
	const char *at = p->at + 1;
	for (;;) {
		unsigned n_plain = 8;
		while (n_plain == 8 && p->end - at >= 8)
			at += n_plain = scan_plain(at);
		while (at < p->end && plain[(unsigned char)*at])
			at++;
		p->at = at;
		if (at == p->end)
			return refuse(p, "a string without end");
		if (*at == '"')
			break;
		if (*at == '\\') {
			n->escaped = true;
			p->at++;
			if (!escape(p))
				return false;
			at = p->at;
			continue;
		}
		size_t len = (unsigned char)*at >= 0x80 ?
		    utf8_length(at, (size_t)(p->end - at)) : 0;
		if (len == 0)
			return refuse(p, (unsigned char)*at < 0x20 ?
			    "a control character in a string" :
			    "bytes that are not UTF-8");
		at += len;
	}
	p->at++;
	end_node(p, n);
	return true;
}

static inline bool
digits(struct parser *p)
{
	const char *from = p->at;
	p->at = scan_digits(from, p->end);
	return p->at > from;
}

static bool
number(struct parser *p)
{
	struct json_node *n = add_node(p, JSON_NUMBER);
	if (*p->at == '-')
		p->at++;
	bool zero = p->at < p->end && *p->at == '0';
	const char *from = p->at;
	if (!digits(p) || (zero && p->at - from > 1))
		return refuse(p, "a bad number");
	if (p->at < p->end && *p->at == '.') {
		p->at++;
		if (!digits(p))
			return refuse(p, "a bad number");
	}
	if (p->at < p->end && (*p->at == 'e' || *p->at == 'E')) {
		p->at++;
		if (p->at < p->end && (*p->at == '+' || *p->at == '-'))
			p->at++;
		if (!digits(p))
			return refuse(p, "a bad number");
	}
	end_node(p, n);
	return true;
}

static bool
word(struct parser *p, const char *text, enum json_kind kind)
{
	size_t len = strlen(text);
	if ((size_t)(p->end - p->at) < len || memcmp(p->at, text, len) != 0)
		return refuse(p, "an unknown word");
	struct json_node *n = add_node(p, kind);
	p->at += len;
	end_node(p, n);
	return true;
}

/* A value that is not a bracket. */
static bool
scalar(struct parser *p)
{
	switch (*p->at) {
	case '"':
		return string(p);
	case 't':
		return word(p, "true", JSON_TRUE);
	case 'f':
		return word(p, "false", JSON_FALSE);
	case 'n':
		return word(p, "null", JSON_NULL);
	case '-':
	case '0': case '1': case '2': case '3': case '4':
	case '5': case '6': case '7': case '8': case '9':
		return number(p);
	default:
		return refuse(p, "a value was expected");
	}
}

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
