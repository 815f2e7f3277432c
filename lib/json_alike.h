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

/* The longest name and the longest text that are read here. */
enum { ALIKE_NAME = 64, ALIKE_TEXT = 256 };
/* Nothing is looked at that is closer to the end of the text. */
enum { ALIKE_MARGIN = ALIKE_NAME + ALIKE_TEXT + 16 };

/* Behind the text that begins at this quote, or null. */
static inline const char *
alike_text(const char *at)
{
	const char *end = at + ALIKE_TEXT;
	unsigned n;
	for (at++; at < end; at += 8)
		if ((n = scan_plain(at)) < 8)
			return at[n] == '"' ? at + n + 1 : NULL;
	return NULL;
}

/* Behind the digits that stand there, sixteen at most. */
static inline const char *
alike_digits(const char *at)
{
	unsigned n = scan_count_digits(at);
	return n < 8 ? at + n : at + 8 + scan_count_digits(at + 8);
}

/* Behind a plain value, or null. */
static inline const char *
alike_value(const char *at, uint8_t *kind)
{
	unsigned c = (unsigned char)*at;
	*kind = JSON_NUMBER;
	if (c - '1' <= 8)
		return alike_digits(at + 1);
	if (c == '0')
		return at + 1;
	*kind = JSON_STRING;
	if (c == '"')
		return alike_text(at);
	*kind = JSON_FALSE;
	if (memcmp(at, "false", 5) == 0)
		return at + 5;
	*kind = JSON_TRUE;
	if (memcmp(at, "true", 4) == 0)
		return at + 4;
	*kind = JSON_NUMBER;
	if (c == '-' && at[1] >= '1' && at[1] <= '9')
		return alike_digits(at + 2);
	return NULL;
}

/* Read members from `at` on that are as the model's, whose next key is node
 * *model; there is room for all of its nodes.  Returns the comma or the
 * bracket behind the last one; null: there is none. */
static inline const char *
alike_members(struct json *j, const char *at, const char *end,
    uint32_t *model, uint32_t model_end)
{
	struct json_node *nodes = j->nodes;
	const char *text = j->text, *last = NULL;
	uint32_t next = *model, count = j->count;
	if (end - at < ALIKE_MARGIN)
		return NULL;
	for (end -= ALIKE_MARGIN; next < model_end && at <= end;) {
		const struct json_node *m = &nodes[next];
		struct json_node *to = &nodes[count];
		size_t len = m->len;
		const char *value = at + len + 1;
		if (len > ALIKE_NAME || value[-1] != ':' ||
		    !scan_same(at, text + m->at, len))
			break;
		uint8_t kind;
		const char *behind = alike_value(value, &kind);
		if (behind == NULL || (*behind != ',' && *behind != '}'))
			break;
		to[0] = *m;
		to[0].at = (uint32_t)(at - text);
		to[0].after = count + 1;
		to[1] = (struct json_node){ .at = (uint32_t)(value - text),
			.len = (uint32_t)(behind - value),
			.after = count + 2, .kind = kind };
		count += 2;
		next = m[1].after;
		last = behind;
		if (*behind == '}')
			break;
		at = behind + 1;
	}
	*model = next;
	j->count = count;
	return last;
}

#endif
