/* SPDX-License-Identifier: MIT
 *
 * A strict one-pass JSON reader.  No recursion: a small stack of open
 * brackets.
 */
#include "lib/json_read.h"

#include <stdlib.h>
#include <string.h>

#include "lib/utf8.h"
#include "lib/xalloc.h"

struct parser {
	struct json *json;
	const char *at, *end;
	uint32_t stack[JSON_DEPTH];	/* nodes of the open brackets */
	unsigned depth;
};

static bool
refuse(struct parser *p, const char *why)
{
	p->json->error = why;
	p->json->error_at = (size_t)(p->at - p->json->text);
	return false;
}

static void
grow(struct json *j)
{
	j->size = j->size != 0 ? j->size * 2 : 256;
	j->nodes = xreallocarray(j->nodes, j->size, sizeof(*j->nodes));
}

static inline struct json_node *
add_node(struct parser *p, enum json_kind kind)
{
	struct json *j = p->json;
	if (j->count == j->size)
		grow(j);
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

static void
skip_space(struct parser *p)
{
	const char *at = p->at;
	while (at < p->end && (*at == ' ' || *at == '\t' || *at == '\n' ||
	    *at == '\r'))
		at++;
	p->at = at;
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

/* Eight bytes of text as a number, the first one lowest. */
static inline uint64_t
little_endian(uint64_t w)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	return __builtin_bswap64(w);
#else
	return w;
#endif
}

/* The first of eight bytes that is no ASCII, a quote, a backslash or a
 * control character; 8 when there is none.  Such a byte leaves its highest
 * bit set below, and only those behind it may be wrong about it. */
static inline unsigned
plain_bytes(const char *at)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t w;
	memcpy(&w, at, sizeof(w));
	w = little_endian(w);
	uint64_t quote = w ^ ones * '"', slash = w ^ ones * '\\';
	uint64_t found = ((quote - ones) | (slash - ones) |
	    (w - ones * 0x20) | w) & ones << 7;
	return found != 0 ? (unsigned)__builtin_ctzll(found) / 8 : 8;
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
			at += n_plain = plain_bytes(at);
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

static bool
digits(struct parser *p)
{
	const char *at = p->at, *from = at;
	while (at < p->end && *at >= '0' && *at <= '9')
		at++;
	p->at = at;
	return at > from;
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
	if (p->depth == JSON_DEPTH)
		return refuse(p, "nested too deeply");
	p->stack[p->depth++] = p->json->count;
	add_node(p, *p->at == '{' ? JSON_OBJECT : JSON_ARRAY);
	p->at++;
	return true;
}

static void
close_bracket(struct parser *p)
{
	struct json_node *n = &p->json->nodes[p->stack[--p->depth]];
	p->at++;
	n->after = p->json->count;
	end_node(p, n);
}

/* "key": up to where its value starts. */
static bool
member_key(struct parser *p)
{
	skip_space(p);
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
	while (p->depth > 0) {
		bool object = p->json->nodes[p->stack[p->depth - 1]].kind ==
		    JSON_OBJECT;
		skip_space(p);
		if (p->at == p->end)
			return refuse(p, "the text ends early");
		if (*p->at == (object ? '}' : ']')) {
			close_bracket(p);
			continue;
		}
		if (*p->at != ',')
			return refuse(p, "a comma was expected");
		p->at++;
		*more = true;
		return !object || member_key(p);
	}
	*more = false;
	return true;
}

/* A bracket has been opened: is it closed at once? */
static bool
is_empty(struct parser *p)
{
	bool object = p->at[-1] == '{';
	skip_space(p);
	return p->at < p->end && *p->at == (object ? '}' : ']');
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

/* The same without nodes: to the bracket behind, or, where there is anything
 * but plain whole numbers with commas between them, nowhere.  Eight bytes at
 * a time: a byte's highest bit tells what it is.  `begins`: a number begins
 * there; `noughts`: a digit there would be behind a leading zero. */
static bool
skip_plain_numbers(struct parser *p)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
	const char *at = p->at;
	uint64_t begin = 0x80, nought = 0;
	for (; p->end - at >= 8; at += 8) {
		uint64_t w;
		memcpy(&w, at, sizeof(w));
		w = little_endian(w);
		uint64_t x = w ^ ones * '0';
		uint64_t digit = ~(x + ones * 0x76) & high;
		uint64_t comma = ~((x ^ ones * ('0' ^ ',')) + ones * 0x7f) &
		    high;
		if (((digit | comma) & ~w) != high)
			break;
		uint64_t begins = comma << 8 | begin;
		uint64_t zero = ~(x + ones * 0x7f) & begins & high;
		uint64_t noughts = zero << 8 | nought;
		if ((comma & begins) != 0 || (digit & noughts) != 0)
			return false;
		begin = comma >> 56;
		nought = zero >> 56;
	}
	for (; at < p->end && *at != ']'; at++) {
		bool comma = *at == ',';
		if ((!comma && (*at < '0' || *at > '9')) ||
		    (comma && begin != 0) || (!comma && nought != 0))
			return false;
		nought = begin != 0 && *at == '0';
		begin = comma;
	}
	if (at == p->end || begin != 0)
		return false;
	p->at = at;
	return true;
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
				if (object && !member_key(p))
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
	struct parser p = { .json = j, .at = text, .end = text + len };
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
