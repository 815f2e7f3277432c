/* SPDX-License-Identifier: MIT
 *
 * Where a reader of JSON is, and how it reads what is no bracket: strings,
 * numbers, true, false and null, each into a node.  json_read.c alone uses
 * this.
 */
#ifndef LIB_JSON_SCALAR_H
#define LIB_JSON_SCALAR_H

#include <string.h>

#include "lib/json_read.h"
#include "lib/json_scan.h"
#include "lib/rarely.h"
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
	bool behind;		/* a value ends where the text does */
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

static void RARELY
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

#endif
