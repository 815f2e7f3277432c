/* SPDX-License-Identifier: MIT
 *
 * Most of a snapshot is flows, and most flows have the names of the one
 * before, in its order, with plain texts and whole numbers: those are read
 * here, a member at a time without a call.  What is anything else is left to
 * json_read.c, which alone uses this.
 */
#ifndef LIB_JSON_ALIKE_H
#define LIB_JSON_ALIKE_H

#include "lib/json_read.h"
#include "lib/json_scan.h"

/* Nothing is looked at that is this close to the end of the text. */
enum { ALIKE_MARGIN = 64 };

/* Behind a plain value, or null; its first byte is no blank. */
static inline const char *
alike_value(const char *at, const char *end, enum json_kind *kind)
{
	unsigned n = 8;
	switch (*at) {
	case '1': case '2': case '3': case '4': case '5':
	case '6': case '7': case '8': case '9':
		*kind = JSON_NUMBER;
		return scan_digits(at + 1, end);
	case '0':
		*kind = JSON_NUMBER;
		return at + 1;
	case '-':
		*kind = JSON_NUMBER;
		return at[1] >= '1' && at[1] <= '9' ?
		    scan_digits(at + 2, end) : NULL;
	case '"':
		*kind = JSON_STRING;
		at++;
		while (n == 8 && end - at >= 8)
			at += n = scan_plain(at);
		return n < 8 && *at == '"' ? at + 1 : NULL;
	case 't':
		*kind = JSON_TRUE;
		return memcmp(at, "true", 4) == 0 ? at + 4 : NULL;
	case 'f':
		*kind = JSON_FALSE;
		return memcmp(at, "false", 5) == 0 ? at + 5 : NULL;
	default:
		return NULL;
	}
}

/* Read members from `at` on that are as the model's, whose next key is node
 * *model; there is room for all of its nodes.  Returns the comma or the
 * bracket behind the last one; null: there is none. */
static inline const char *
alike_members(struct json *j, const char *at, const char *end,
    uint32_t *model, uint32_t model_end)
{
	struct json_node *to = &j->nodes[j->count];
	const char *last = NULL;
	uint32_t next = *model;
	while (next < model_end) {
		const struct json_node *m = &j->nodes[next];
		enum json_kind kind;
		size_t len = m->len;
		if ((size_t)(end - at) < len + ALIKE_MARGIN ||
		    at[len] != ':' || !scan_same(at, j->text + m->at, len))
			break;
		const char *value = at + len + 1;
		const char *behind = alike_value(value, end, &kind);
		if (behind == NULL || behind == end ||
		    (*behind != ',' && *behind != '}'))
			break;
		uint32_t number = (uint32_t)(to - j->nodes);
		to[0] = *m;
		to[0].at = (uint32_t)(at - j->text);
		to[0].after = number + 1;
		to[1] = (struct json_node){
			.at = (uint32_t)(value - j->text),
			.len = (uint32_t)(behind - value),
			.after = number + 2, .kind = (uint8_t)kind };
		to += 2;
		next = m[1].after;
		last = behind;
		if (*behind == '}')
			break;
		at = behind + 1;
	}
	*model = next;
	j->count = (uint32_t)(to - j->nodes);
	return last;
}

#endif
