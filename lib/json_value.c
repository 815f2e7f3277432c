/* SPDX-License-Identifier: MIT
 *
 * What the nodes of a JSON text say: members, elements, conversions.
 */
#include "lib/json_read.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/json_scan.h"
#include "lib/utf8.h"
#include "lib/xalloc.h"

static bool
is_kind(const struct json *j, uint32_t node, enum json_kind kind)
{
	return node < j->count && j->nodes[node].kind == kind;
}

uint32_t
json_first(const struct json *j, uint32_t parent)
{
	if (!is_kind(j, parent, JSON_OBJECT) &&
	    !is_kind(j, parent, JSON_ARRAY))
		return JSON_NONE;
	return parent + 1 < j->nodes[parent].after ? parent + 1 : JSON_NONE;
}

uint32_t
json_next(const struct json *j, uint32_t parent, uint32_t node)
{
	if (node >= j->count)
		return JSON_NONE;
	uint32_t next = j->nodes[node].after;
	return next < j->nodes[parent].after ? next : JSON_NONE;
}

uint32_t
json_next_member(const struct json *j, uint32_t object, uint32_t key)
{
	return json_next(j, object, json_next(j, object, key));
}

uint32_t
json_get(const struct json *j, uint32_t object, const char *name)
{
	if (!is_kind(j, object, JSON_OBJECT))
		return JSON_NONE;
	for (uint32_t key = json_first(j, object); key != JSON_NONE;
	    key = json_next_member(j, object, key))
		if (json_is(j, key, name))
			return key + 1;
	return JSON_NONE;
}

bool
json_is(const struct json *j, uint32_t node, const char *text)
{
	if (!is_kind(j, node, JSON_STRING))
		return false;
	const struct json_node *n = &j->nodes[node];
	size_t len = strlen(text);
	if (!n->escaped)
		return n->len == len + 2 &&
		    memcmp(j->text + n->at + 1, text, len) == 0;
	/* Undoing escapes never lengthens a text. */
	char *plain = xmalloc(n->len);
	json_read_text(j, node, plain, n->len);
	bool same = strcmp(plain, text) == 0;
	free(plain);
	return same;
}

bool
json_read_number(const struct json *j, uint32_t node, double *value)
{
	if (!is_kind(j, node, JSON_NUMBER))
		return false;
	const struct json_node *n = &j->nodes[node];
	char text[64];
	if (n->len >= sizeof(text))
		return false;
	memcpy(text, j->text + n->at, n->len);
	text[n->len] = '\0';
	double v = strtod(text, NULL);	/* the C locale is never left */
	if (!isfinite(v))
		return false;
	*value = v;
	return true;
}

/* Whatever is a whole number, but takes longer. */
static bool
read_other_unsigned(const struct json *j, uint32_t node, uint64_t *value)
{
	const struct json_node *n = &j->nodes[node];
	const char *at = j->text + n->at;
	uint64_t sum = 0;
	uint32_t i = 0, safe = n->len < 19 ? n->len : 19;
	for (unsigned digit; i < safe &&
	    (digit = (unsigned char)at[i] - (unsigned)'0') <= 9; i++)
		sum = sum * 10 + digit;
	/* More than 19 digits need not fit. */
	for (; i >= 19 && i < n->len && at[i] >= '0' && at[i] <= '9'; i++) {
		unsigned digit = (unsigned)(at[i] - '0');
		if (sum > (UINT64_MAX - digit) / 10)
			return false;
		sum = sum * 10 + digit;
	}
	if (i == n->len) {
		*value = sum;
		return true;
	}
	double v;
	if (!json_read_number(j, node, &v) || v < 0 ||
	    v > 9007199254740992.0 || v != floor(v))
		return false;
	*value = (uint64_t)v;
	return true;
}

bool
json_read_unsigned(const struct json *j, uint32_t node, uint64_t *value)
{
	if (!is_kind(j, node, JSON_NUMBER))
		return false;
	const struct json_node *n = &j->nodes[node];
	const char *at = j->text + n->at;
	uint64_t high = 0, low;
	/* Before it there are a name and a colon, or brackets: nearly always
	 * as many bytes as are looked at. */
	if (n->at < 8 || n->len > 16)
		return read_other_unsigned(j, node, value);
	if ((n->len > 8 && !scan_eight(at + n->len - 16, n->len - 8, &high)) ||
	    !scan_eight(at + n->len - 8, n->len < 8 ? n->len : 8, &low))
		return read_other_unsigned(j, node, value);
	*value = high * 100000000 + low;
	return true;
}

bool
json_read_bool(const struct json *j, uint32_t node, bool *value)
{
	if (!is_kind(j, node, JSON_TRUE) && !is_kind(j, node, JSON_FALSE))
		return false;
	*value = j->nodes[node].kind == JSON_TRUE;
	return true;
}

size_t
json_read_skipped(const struct json *j, uint32_t array, uint64_t *values,
    size_t size)
{
	if (!is_kind(j, array, JSON_ARRAY) ||
	    j->nodes[array].after != array + 1)
		return 0;
	const char *at = j->text + j->nodes[array].at + 1;
	const char *end = at + j->nodes[array].len - 2;
	size_t count = 0;
	/* Nothing but digits and commas, or, where it is empty, blanks. */
	for (; count < size && at < end && *at >= '0'; at++) {
		uint64_t value = 0;
		for (; at < end && *at != ','; at++)
			if (value < UINT64_C(1) << 60)
				value = value * 10 + (uint64_t)(*at - '0');
		values[count++] = value;
	}
	return count;
}

static uint32_t
hex4(const char *at)
{
	uint32_t sum = 0;
	for (int i = 0; i < 4; i++) {
		unsigned char c = (unsigned char)at[i];
		sum = sum << 4 | (c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
	}
	return sum;
}

/* The character at *at, which is behind a backslash and moves on. */
static uint32_t
unescape(const char **at, const char *end)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	char c = *(*at)++;
	if (c != 'u') {
		const char *found = strchr(from, c);
		return (unsigned char)(found != NULL ? to[found - from] : c);
	}
	uint32_t high = hex4(*at);
	*at += 4;
	if (high >= 0xd800 && high <= 0xdbff && end - *at >= 6 &&
	    (*at)[0] == '\\' && (*at)[1] == 'u') {
		uint32_t low = hex4(*at + 2);
		if (low >= 0xdc00 && low <= 0xdfff) {
			*at += 6;
			return 0x10000 + ((high - 0xd800) << 10) +
			    (low - 0xdc00);
		}
	}
	return high == 0 || (high >= 0xd800 && high <= 0xdfff) ? 0xfffd :
	    high;
}

bool
json_read_text(const struct json *j, uint32_t node, char *text, size_t size)
{
	if (!is_kind(j, node, JSON_STRING) || size == 0)
		return false;
	const struct json_node *n = &j->nodes[node];
	const char *at = j->text + n->at + 1, *end = at + n->len - 2;
	size_t len = 0;
	if (!n->escaped && (size_t)(end - at) < size) {
		memcpy(text, at, len = (size_t)(end - at));
		at = end;
	}
	while (at < end) {
		char bytes[4];
		size_t more;
		if (*at == '\\') {
			at++;
			more = utf8_encode(unescape(&at, end), bytes);
		} else {
			more = utf8_length(at, (size_t)(end - at));
			memcpy(bytes, at, more);
			at += more;
		}
		if (len + more >= size)
			break;
		memcpy(text + len, bytes, more);
		len += more;
	}
	text[len] = '\0';
	return true;
}
